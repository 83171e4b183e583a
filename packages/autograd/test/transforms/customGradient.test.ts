/** customGradient: a gradient of one's own, and what follows from it. */
import { describe, expect, it } from 'vitest'
import {
  constant,
  customGradient,
  grad,
  hessian,
  jacobian,
  jvp,
  type Value,
  value,
  valueAndGrad,
  vmap,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

/** log(1 + eˣ) with the slope 1 − 1/(1 + eˣ), which does not overflow to NaN. */
const log1pexp = customGradient((x: Value) => {
  const e = x.exp()
  return { value: e.add(1).log(), pullback: (g: Value) => g.mul(e.add(1).reciprocal().neg().add(1)) }
})

describe('the gradient is the one that was given', () => {
  it('to the third order, in both modes', () => {
    const s = (x: Value): Value => x.softplus()
    for (const t of [-1, 0.3, 2]) {
      expectClose(grad(log1pexp)(t), grad(s)(t))
      expectClose(grad(grad(log1pexp))(t), grad(grad(s))(t))
      expectClose(grad(grad(grad(log1pexp)))(t), grad(grad(grad(s)))(t))
      expectClose(jvp(log1pexp, [t], [2]).tangent, jvp(s, [t], [2]).tangent)
      expectClose(jvp(grad(log1pexp), [t], [1]).tangent, grad(grad(s))(t))
      expectClose(grad((x: Value) => jvp(log1pexp, [x], [1]).tangent)(t), grad(grad(s))(t))
    }
    const x = constant([0.1, -2, 3])
    expectClose(jacobian(log1pexp)(x), jacobian(s)(x))
    expectClose(hessian((v: Value) => log1pexp(v).sum())(x), hessian((v: Value) => s(v).sum())(x))
    expectClose(vmap(grad(log1pexp))(x), vmap(grad(s))(x))
  })

  it('even where it is not the derivative: a straight-through step, a clipped gradient', () => {
    const through = customGradient((x: Value) => ({ value: x.round(), pullback: (g: Value) => g }))
    expect(grad((x: Value) => through(x).square())(2.7).item()).toBe(6)
    const clipped = customGradient((x: Value) => ({ value: x, pullback: (g: Value) => g.clamp(-1, 1) }))
    const leaf = value([1, 2])
    clipped(leaf).mul([10, 0.5]).sum().backward()
    expect(leaf.grad.toArray()).toEqual([1, 0.5])
    const all = vmap((x: Value) => clipped(x).mul(10))
    expect(grad((x: Value) => all(x).sum())([1, 2]).toArray()).toEqual([1, 1])
  })

  it('several arguments, several results, structures', () => {
    const f = customGradient((p: { a: Value }, b: Value) => ({
      value: [p.a.mul(b), b.sum()],
      pullback: ([g, h]: Value[]) => [{ a: (g as Value).mul(b) }, (g as Value).mul(p.a).add(h as Value)],
    }))
    const loss = (a: Value, b: Value): Value => {
      const [y, z] = f({ a }, b) as Value[]
      return (y as Value)
        .square()
        .sum()
        .mul(z as Value)
    }
    const plain = (a: Value, b: Value): Value => a.mul(b).square().sum().mul(b.sum())
    const slopes = (h: typeof loss): Value[] => grad(h, { argument: [0, 1] })([1, 2], [3, 4])
    slopes(loss).forEach((g, i) => {
      expectClose(g, slopes(plain)[i] as Value)
    })
    const rows = [
      [1, 2],
      [3, -1],
    ]
    const mapped = vmap((a: Value) => grad(loss, { argument: [0, 1] })(a, [3, 4]))(rows) as Value[]
    const loop = vmap((a: Value) => grad(plain, { argument: [0, 1] })(a, [3, 4]))(rows) as Value[]
    mapped.forEach((g, i) => {
      expectClose(g, loop[i] as Value)
    })
    const whole =
      (h: typeof loss) =>
      (a: Value): Value =>
        vmap((row: Value) => h(row, constant([3, 4])))(a).sum()
    expectClose(grad(whole(loss))(rows), grad(whole(plain))(rows))
    expectClose(hessian(whole(loss))(rows), hessian(whole(plain))(rows))
  })

  it('no gradient through the value to what is closed over', () => {
    const w = value(3)
    const f = customGradient((x: Value) => ({ value: x.mul(w), pullback: (g: Value) => g.mul(w) }))
    const x = value(2)
    const { value: y, grad: slope } = valueAndGrad(f)(x)
    expect([y.item(), slope.item()]).toEqual([6, 3])
    f(x).backward()
    expect([x.grad.item(), w.hasGrad]).toEqual([3, false])
    // The slope itself depends on w.
    expect(
      grad((v: Value) =>
        grad(customGradient((t: Value) => ({ value: t.mul(v), pullback: (g: Value) => g.mul(v) })))(2),
      )(3).item(),
    ).toBe(1)
  })

  it('inside vmap, a pullback that closes over mapped Values, one that chooses, and a nested vmap', () => {
    const f = (x: Value): Value => {
      const s = x.square()
      return customGradient((t: Value) => ({ value: t.mul(s), pullback: (g: Value) => g.mul(s).mul(x.gt(0).add(1)) }))(
        x,
      )
    }
    const xs = [2, -3]
    expect(grad((v: Value) => vmap(f)(v).sum())(xs).toArray()).toEqual(xs.map((t) => grad(f)(t).item()))
    expect(vmap(grad(f))(xs).toArray()).toEqual(xs.map((t) => grad(f)(t).item()))
    const nested = grad((v: Value) => vmap((row: Value) => vmap(f)(row).sum())(v).sum())([xs, [1, -1]])
    expect(nested.toArray()).toEqual([xs, [1, -1]].map((row) => row.map((t) => grad(f)(t).item())))
  })
})

describe('errors', () => {
  it('names what is missing', () => {
    const bad = customGradient(((x: Value) => x) as never) as (x: number) => Value
    expect(() => bad(1)).toThrow(
      'customGradient: the function returned an object of class Value. Return { value, pullback }',
    )
    const wrong = customGradient((x: Value) => ({ value: x.sum(), pullback: (g: Value) => g }))
    expect(() => grad(wrong)([1, 2])).toThrow(
      'customGradient: the pullback gave the shape [] for an argument of shape [2]',
    )
    const one = customGradient(((x: Value, y: Value) => ({ value: x.mul(y), pullback: (g: Value) => g })) as never)
    expect(() => grad(one as never)(1, 2)).toThrow('for 2 arguments. Return a list with one gradient for each')
  })
})
