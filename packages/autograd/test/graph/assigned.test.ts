/** A leaf that is assigned to between forward and backward would give a wrong gradient: it is an error. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import { GradientError } from '../../src/errors.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { grad, vjp } from '../../src/transforms/reverse.ts'
import { type Value, values } from '../../src/value.ts'

describe('assign between forward and backward', () => {
  it('is a GradientError that names the leaf', () => {
    const w = value(2, { label: 'w' })
    const y = w.square().exp()
    w.assign(3)
    expect(() => y.backward()).toThrow(GradientError)
    expect(() => y.backward()).toThrow(
      "backward: leaf 'w' was assigned to after square was computed from it. Compute the result again before asking for its gradient.",
    )
    expect(w.hasGrad).toBe(false)
  })

  it('stays an error, however often it is asked', () => {
    const [x, w] = [value(2), value(3, { label: 'w' })]
    const y = x.mul(w)
    const z = y.exp().add(x)
    w.assign(5)
    for (let i = 0; i < 3; i++) expect(() => z.backward()).toThrow("leaf 'w'")
    expect(x.hasGrad).toBe(false)
  })

  it('also of a constant, of one in a list, after an earlier backward', () => {
    const c = constant(2, { label: 'c' })
    const x = value(3)
    const y = x.mul(c)
    y.backward()
    c.assign(4)
    expect(() => y.backward()).toThrow("constant 'c' was assigned to")
    const part = value([1], { label: 'part' })
    const joined = values.concat([part, x.reshape([1])], 0).sum()
    part.assign([7])
    expect(() => joined.backward()).toThrow("leaf 'part' was assigned to")
  })

  it('computed again, all is well', () => {
    const w = value(2)
    const old = w.square()
    w.assign(3)
    const y = w.square()
    y.backward()
    expect(w.grad.item()).toBe(6)
    expect(() => old.backward()).toThrow(GradientError)
  })

  it('of another leaf: no error', () => {
    const [x, other] = [value(2), value(1)]
    const y = x.square()
    other.assign(5)
    y.backward()
    y.backward()
    expect(x.grad.item()).toBe(8)
  })

  it('update counts as an assignment', () => {
    const w = value([1, 2], { label: 'w' })
    const y = w.square().sum()
    w.update((data) => data.fill(0))
    expect(w.toArray()).toEqual([0, 0])
    expect(() => y.backward()).toThrow("leaf 'w' was assigned to")
  })

  it('is caught where the gradient goes through the old numbers, and leaves the graph intact', () => {
    const w = value(2, { label: 'w' })
    const above = w.square().exp()
    w.assign(3)
    for (let i = 0; i < 2; i++) {
      expect(() => above.backward()).toThrow("leaf 'w'")
      // A function that only closes over the old result has a right gradient; one step further back it has none.
      const slope = grad((x: Value) => x.mul(above))(1)
      expect(slope.item()).toBe(above.item())
      expect(() => slope.backward()).toThrow("leaf 'w'")
      expect(jvp((x: Value) => x.mul(above), [value(1)], [constant(1)]).tangent.item()).toBe(above.item())
      expect(() => vjp((x: Value) => x.mul(above), 1).value.backward()).toThrow("leaf 'w'")
    }
    expect(w.hasGrad).toBe(false)
  })

  it('an argument of a pullback holds what the function was called with', () => {
    const w = value(2)
    const { pullback } = vjp((x: Value) => x.square(), w)
    w.assign(5)
    expect(pullback(1).item()).toBe(4)
  })
})

describe('assign', () => {
  it('keeps the dtype', () => {
    const w = value([1, 2], { dtype: 'float32' })
    w.assign(constant([3, 4]))
    expect([w.dtype, w.toArray()]).toEqual(['float32', [3, 4]])
    const wide = value(1)
    wide.assign(constant(2, { dtype: 'float32' }))
    expect([wide.dtype, wide.item()]).toEqual(['float64', 2])
  })

  it('copies: later changes of the source do not show', () => {
    const source = Float64Array.of(1, 2)
    const w = value([0, 0]).assign(source)
    source[0] = 9
    expect(w.toArray()).toEqual([1, 2])
  })
})
