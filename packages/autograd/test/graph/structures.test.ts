/** Arguments and results may be nested: the result of a transform has the argument's structure. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { hessian, hvp, jacobian } from '../../src/transforms/jacobian.ts'
import { grad, valueAndGrad, vjp } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'

interface Parameters {
  w: Value
  layers: { b: Value }[]
}

const parameters = { w: [1, 2], layers: [{ b: 3 }, { b: 4 }] }
const loss = ({ w, layers }: Parameters): Value =>
  w
    .square()
    .sum()
    .mul((layers[0] as { b: Value }).b)
    .add((layers[1] as { b: Value }).b.pow(3))

describe('structures', () => {
  it('grad', () => {
    const g = grad(loss)(parameters) as Parameters
    expect(g.w.toArray()).toEqual([6, 12])
    expect(g.layers.map(({ b }) => b.item())).toEqual([5, 48])
  })

  it('valueAndGrad, with a list of arguments', () => {
    const f = ({ a }: { a: Value }, b: Value): Value => a.mul(b)
    const both = valueAndGrad(f, { argument: [1, 0] })({ a: 2 }, 5)
    const [db, da] = both.grad as unknown as [Value, { a: Value }]
    expect([both.value.item(), db.item(), da.a.item()]).toEqual([10, 2, 5])
  })

  it('what is not numeric passes through', () => {
    const f = ({ x, kind }: { x: Value; kind: string }): Value => (kind === 'square' ? x.square() : x)
    const g = grad(f)({ x: 3, kind: 'square' }) as { x: Value; kind: string }
    expect([g.x.item(), g.kind]).toEqual([6, 'square'])
  })

  it('an empty list stays a list', () => {
    const f = ({ w, rest }: { w: Value; rest: Value[] }): Value => rest.reduce((sum, x) => sum.add(x), w.square())
    const g = grad(f)({ w: 3, rest: [] }) as { w: Value; rest: Value[] }
    expect([g.w.item(), g.rest]).toEqual([6, []])
  })

  it('an argument used twice, a Value in two places', () => {
    const x = value(3)
    const f = ([a, b]: Value[]): Value => (a as Value).mul(b as Value).mul(a as Value)
    expect((grad(f)([x, x]) as Value[]).map((g) => g.item())).toEqual([18, 9])
  })

  it('jvp and vjp with plain numbers and arrays', () => {
    expect(jvp((x: Value) => x.square(), [3], [1]).tangent.item()).toBe(6)
    expect(jvp((x: Value, y: Value) => x.mul(y), [3, 4], [1, 10]).tangent.item()).toBe(34)
    expect(jvp((x: Value) => x.square(), [[1, 2]], [[1, 1]]).tangent.toArray()).toEqual([2, 4])
    expect(
      vjp((x: Value) => x.square(), [1, 2, 3])
        .pullback([1, 0, 0])
        .toArray(),
    ).toEqual([2, 0, 0])
    expect(hvp((x: Value) => x.pow(3).sum())([1, 2], [1, 1]).toArray()).toEqual([6, 12])
  })

  it('vjp of several results takes a cotangent of their structure', () => {
    const f = (x: Value): Value[] => [x.square(), x.mul(3)]
    const { value: results, pullback } = vjp(f, 2)
    expect((results as Value[]).map((y) => y.item())).toEqual([4, 6])
    expect((pullback([1, 10]) as Value).item()).toBe(34)
    const g = (x: Value): { a: Value; b: Value } => ({ a: x.square(), b: x.exp() })
    expect((vjp(g, 0).pullback({ a: 1, b: 2 }) as Value).item()).toBe(2)
  })

  it('jvp of structures', () => {
    const { value: y, tangent } = jvp(loss, [parameters], [{ w: [1, 0], layers: [{ b: 0 }, { b: 1 }] }])
    expect([y.item(), tangent.item()]).toEqual([79, 6 + 48])
  })

  it('jacobian and hessian of structures', () => {
    const f = ({ a, b }: { a: Value; b: Value }): { s: Value; p: Value } => ({ s: a.add(b), p: a.mul(b) })
    const j = jacobian(f)({ a: 2, b: 5 }) as unknown as Record<string, Record<string, Value>>
    expect([j.s?.a?.item(), j.s?.b?.item(), j.p?.a?.item(), j.p?.b?.item()]).toEqual([1, 1, 5, 2])
    const h = hessian(({ a, b }: { a: Value; b: Value }) => a.square().mul(b).sum())({ a: [1, 2], b: 3 })
    const blocks = h as unknown as Record<string, Record<string, Value>>
    expect(blocks.a?.a?.toArray()).toEqual([
      [6, 0],
      [0, 6],
    ])
    expect([blocks.a?.b?.toArray(), blocks.b?.a?.toArray(), blocks.b?.b?.toArray()]).toEqual([[2, 4], [2, 4], 0])
  })

  it('indices that are arguments too have no tangent', () => {
    const f = (x: Value, i: Value): Value => x.gather(0, i)
    const [x, i] = [value([1, 2, 3]), value([2, 0])]
    expect(jvp(f, [x, i], [constant([10, 20, 30]), constant([1, 1])]).tangent.toArray()).toEqual([30, 10])
    expect((vjp(f, x, i).pullback([1, 1]) as unknown as Value[]).map((g) => g.toArray())).toEqual([
      [1, 0, 1],
      [0, 0],
    ])
  })
})
