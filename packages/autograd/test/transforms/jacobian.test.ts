/** Jacobians whose passes run all at once equal those of one pass after the other. */
import { describe, expect, it } from 'vitest'
import {
  constant,
  defineOp,
  grad,
  hessian,
  jacobian,
  matmul,
  NdArray,
  random,
  stack,
  type Value,
  value,
  vjp,
  vmap,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

const rng = random(3)

/** The Jacobian row by row. */
function loop(f: (x: Value) => Value, x: Value): Value {
  const { value: y, pullback } = vjp(f, x)
  const rows = Array.from({ length: y.size }, (_, e) => {
    const one = new Float64Array(y.size)
    one[e] = 1
    return pullback(constant(one, { shape: y.shape, dtype: y.dtype }))
  })
  return stack(rows).reshape([...y.shape, ...x.shape])
}

describe('many passes at once', () => {
  it.each([
    [3, 12],
    [12, 3],
    [12, 12],
    [70, 150],
    [150, 70],
  ])('from %i to %i', (n, m) => {
    const [w, x] = [rng.normal([m, n]), rng.normal([n])]
    const f = (v: Value): Value => matmul(w, v.square().add(v)).sin()
    expectClose(jacobian(f)(x), loop(f, x), 1e-11)
    expect(jacobian(f)(value(x).detach()).requiresGrad).toBe(false)
  })

  it('of structures, in float32', () => {
    const f = (p: { a: Value; b: Value }): Value[] => [p.a.mul(p.b.sum()), p.b.square()]
    const p = { a: value(rng.normal([9]), { dtype: 'float32' }), b: value(rng.normal([10]), { dtype: 'float32' }) }
    const [first, second] = jacobian(f)(p) as unknown as { a: Value; b: Value }[]
    expectClose(
      first?.a as Value,
      loop((a) => a.mul(p.b.sum()), p.a),
      1e-6,
    )
    expectClose(
      second?.b as Value,
      loop((b) => b.square(), p.b),
      1e-6,
    )
    expect([first?.b.shape, second?.a.shape, first?.b.dtype]).toEqual([[9, 10], [10, 9], 'float32'])
    expectClose(second?.a as Value, constant(new Float64Array(90), { shape: [10, 9] }))
  })

  it('differentiable again, and under vmap', () => {
    const f = (v: Value): Value => v.sin().mul(v.sum())
    const x = rng.normal([9])
    const total = (j: (v: Value) => Value) => grad((v: Value) => j(v).square().sum())(x)
    expectClose(
      total((v) => jacobian(f)(v)),
      total((v) => loop(f, v)),
      1e-11,
    )
    const xs = rng.normal([3, 9])
    expectClose(vmap(jacobian(f))(xs), stack([0, 1, 2].map((e) => loop(f, xs.at(e)))))
    const g = (v: Value): Value => v.sin().prod()
    expectClose(vmap(hessian(g))(xs), stack([0, 1, 2].map((e) => loop(grad(g) as typeof f, xs.at(e)))))
  })

  it("an operation of one's own that cannot run over many: one pass after the other", () => {
    const flipped = defineOp({
      name: 'flipped',
      linearity: 'linear',
      forward: (x) => new NdArray((x as NdArray).shape, (x as NdArray).data.slice().reverse()),
      da: (k, g) => k.slice(g, { start: [8], step: [-1], shape: [9] }),
    } as Parameters<typeof defineOp>[0]) as unknown as (x: Value) => Value
    const x = rng.normal([9])
    const f = (v: Value): Value => flipped(v.square())
    expect(() => vmap(f)(rng.normal([2, 9]))).toThrow('it does not know how flipped runs')
    expectClose(jacobian(f)(x), loop(f, x))
  })
})
