/** Passes that a checkpoint starts inside another pass: what the outer one holds is put aside, and only that. */
import { describe, expect, it } from 'vitest'
import { checkpoint, constant, customGradient, grad, jvp, type Value, value, vjp } from '../../src/index.ts'

type Step = (x: Value) => Value
const plain = (f: Step): Step => f
const stored = (f: Step): Step => checkpoint(f)

/** The gradients of leaves after `run`, with and without checkpoints. */
function gradients(run: (wrap: typeof plain, a: Value, x: Value) => Value): number[][] {
  return [plain, stored].map((wrap) => {
    const [a, x] = [value(0.5), value(2)]
    run(wrap, a, x).backward()
    return [a.grad.item(), x.grad.item()]
  })
}

describe('a transform inside a checkpoint, over what the outer pass has not finished', () => {
  const transforms: readonly [string, (s: Value) => Value][] = [
    ['grad', (s) => grad((v: Value) => v.square().mul(s))(constant(2))],
    ['the tangent of jvp', (s) => jvp((v: Value) => v.mul(s), [constant(2)], [constant(1)]).tangent],
    ['the value of jvp', (s) => jvp((v: Value) => v.mul(s), [constant(2)], [constant(1)]).value],
    ['the value of vjp', (s) => vjp((v: Value) => v.mul(s), constant(2)).value],
    ['a pullback', (s) => vjp((v: Value) => v.square().mul(s), constant(2)).pullback(1)],
    ['a checkpoint', (s) => checkpoint((v: Value) => v.mul(s).sin())(constant(2))],
  ]
  it.each(transforms)('%s', (_, f) => {
    const [wanted, got] = gradients((wrap, a, x) => {
      const s = a.exp()
      return wrap((t) => t.mul(f(s)).add(s.sin()))(x).add(s.square())
    })
    expect(got).toEqual(wanted)
  })

  it('grad, in a chain', () => {
    const [wanted, got] = gradients((wrap, a, x) => {
      const s = a.exp()
      const block = wrap((t) => grad((v: Value) => v.square().mul(s).sin())(t).mul(a))
      return block(block(block(x))).mul(s)
    })
    expect(got).toEqual(wanted)
  })
})

describe('a pass inside a pass inside a pass', () => {
  it('over nodes that the outermost has not finished, behind those that the second closes over', () => {
    const [wanted, got] = gradients((wrap, a, x) => {
      const base = a.exp()
      const s = base.sin()
      // Older than all passes, so its own pass may meet nodes of any of them.
      const { pullback } = vjp((v: Value) => v.square().mul(base).mul(v.add(base)), constant(2))
      const step = customGradient((v: Value) => ({ value: v.square(), pullback: (g: Value) => g.mul(pullback(1)) }))
      // The second pass runs the rule before a share comes to s, so that nothing leads it further.
      return wrap((t) => step(t.mul(s)))(x)
    })
    expect(got).toEqual(wanted)
    // And all scratch fields are clean: once more gives the same.
    const [a, x] = [value(0.5), value(2)]
    const base = a.exp()
    const y = checkpoint((t: Value) => checkpoint((v: Value) => v.mul(base).sin())(t).mul(base))(x)
    y.backward()
    const once = [a.grad.item(), x.grad.item(), base.grad.item()]
    for (const v of [a, x, base]) v.zeroGrad()
    y.backward()
    expect([a.grad.item(), x.grad.item(), base.grad.item()]).toEqual(once)
  })

  it('after an error in the middle', () => {
    const [a, x] = [value(0.5), value(2)]
    const s = a.exp()
    let broken = true
    const step = customGradient((v: Value) => ({
      value: v.square(),
      pullback: (g: Value) => {
        if (broken) throw new Error('broken')
        return g.mul(v).mul(2)
      },
    }))
    broken = false
    const y = checkpoint((t: Value) => step(t.mul(s)).mul(s))(x).add(s)
    broken = true
    expect(() => y.backward()).toThrow('broken')
    broken = false
    y.backward()
    // y = (x·s)²·s + s, s = eᵃ
    const e = Math.exp(0.5)
    expect(x.grad.item()).toBeCloseTo(4 * e ** 3, 12)
    expect(s.grad.item()).toBeCloseTo(12 * e ** 2 + 1, 11)
    expect(a.grad.item()).toBeCloseTo(12 * e ** 3 + e, 11)
  })
})

it('a chain of 20,000 segments takes linear time', () => {
  const [w, x] = [value(1), value(3)]
  const block = checkpoint((t: Value) => t.mul(w))
  let y: Value = x
  for (let i = 0; i < 20_000; i++) y = block(y)
  y.backward()
  expect([w.grad.item(), x.grad.item()]).toEqual([60_000, 1])
})
