/** What a pass leaves behind: sums in `.grad`, and nothing else. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import type { Value } from '../../src/value.ts'

describe('accumulation', () => {
  it('backward twice is exactly double, on every Value', () => {
    const x = value(3)
    const y = x.square()
    const z = y.add(x).exp()
    z.backward()
    const once = [x, y, z].map((v) => v.grad.item())
    z.backward()
    expect([x, y, z].map((v) => v.grad.item())).toEqual(once.map((g) => 2 * g))
  })

  it('two losses over a shared part add up', () => {
    const x = value(2)
    const shared = x.square()
    const one = shared.mul(3)
    const two = shared.exp()
    one.backward()
    expect([x.grad.item(), shared.grad.item()]).toEqual([12, 3])
    two.backward()
    expect(shared.grad.item()).toBe(3 + Math.exp(4))
    expect(x.grad.item()).toBeCloseTo(12 + 4 * Math.exp(4), 10)
  })

  it('backward through a part of the graph leaves the rest alone', () => {
    const x = value(2)
    const inner = x.square()
    const outer = inner.mul(5)
    inner.backward()
    expect([outer.hasGrad, inner.grad.item(), x.grad.item()]).toEqual([false, 1, 4])
    outer.backward()
    expect([outer.grad.item(), inner.grad.item(), x.grad.item()]).toEqual([1, 6, 24])
  })

  it('a leaf on its own', () => {
    const x = value(2)
    x.backward()
    expect(x.grad.item()).toBe(1)
  })

  it('zeros until a pass arrives, in the shape and dtype; zeroGrad', () => {
    const x = value([1, 2], { dtype: 'float32' })
    expect([x.hasGrad, x.grad.toArray(), x.grad.dtype]).toEqual([false, [0, 0], 'float32'])
    x.sum().backward()
    expect([x.hasGrad, x.grad.toArray(), x.grad.dtype]).toEqual([true, [1, 1], 'float32'])
    x.zeroGrad()
    expect([x.hasGrad, x.grad.toArray()]).toEqual([false, [0, 0]])
  })

  it("keep: 'leaves' leaves no gradient inside", () => {
    const x = value(2)
    const y = x.square()
    const z = y.mul(3)
    z.backward({ keep: 'leaves' })
    expect([x.hasGrad, y.hasGrad, z.hasGrad]).toEqual([true, false, false])
    expect(x.grad.item()).toBe(12)
  })

  it('a constant gets no gradient', () => {
    const [x, c] = [value(2), constant(3)]
    x.mul(c).backward()
    expect([x.grad.item(), c.hasGrad, c.requiresGrad]).toEqual([3, false, false])
  })

  it('a seed of the shape of the Value', () => {
    const x = value([1, 2, 3])
    x.square().backward({ seed: [1, 0, -1] })
    expect(x.grad.toArray()).toEqual([2, 0, -6])
  })
})

describe('createGraph', () => {
  it('makes gradients that have gradients', () => {
    const x = value(3)
    x.pow(3).backward({ createGraph: true })
    const slope = x.grad
    expect(slope.item()).toBe(27)
    x.zeroGrad()
    slope.backward()
    expect(x.grad.item()).toBe(18)
  })

  it('adds to a plain gradient, and a plain one to it', () => {
    const x = value(3)
    const y: Value = x.square()
    y.backward()
    y.backward({ createGraph: true })
    expect([x.grad.item(), x.grad.requiresGrad]).toEqual([12, true])
    y.backward()
    expect([x.grad.item(), x.grad.requiresGrad]).toEqual([18, true])
  })
})

describe('a gradient that is set', () => {
  it('is what is read and added to, in the dtype of the Value', () => {
    const w = value([1, 2], { dtype: 'float32' })
    w.grad = constant([3, 4])
    expect([w.hasGrad, w.grad.dtype]).toEqual([true, 'float32'])
    w.sum().backward()
    expect(w.grad.toArray()).toEqual([4, 5])
  })

  it('fits', () => {
    const w = value([1, 2], { label: 'w' })
    const set = (g: unknown) => () => {
      w.grad = g as Value
    }
    expect(set(constant([1]))).toThrow("grad: got the shape [1] for the gradient of leaf 'w' of shape [2].")
    expect(set([1, 2])).toThrow("grad: got an array of 2 for the gradient of leaf 'w'. Give a Value.")
  })
})
