/** Gradients, from outside, of long loops over single numbers: their pullbacks are such loops again. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { type Fn, type Met, pullbackOf } from '../../src/compile/pullback.ts'
import { constant, grad, type Value, value } from '../../src/index.ts'
import { asEager, targets } from './asEager.ts'

/** A chain of some hundred operations. */
function chain(x: Value, k: Value): Value {
  let y = x
  for (let i = 0; i < 150; i++)
    y = y
      .mul(k)
      .add(0.01 * (i % 7))
      .sin()
  return y
}

describe.each(targets)('scalar loops from outside for $target', (options) => {
  const { same } = asEager(options)

  test('one result, by arguments and by what is closed over', () => {
    same((compile) => {
      const [x, k] = [value(0.4), value(1.2)]
      const f = compile((a: Value) => chain(a, k))
      for (let i = 0; i < 2; i++) f(x).mul(3).square().backward()
      return [x.grad.item(), k.grad.item()]
    })
  })

  test('several results, each with its own cotangent', () => {
    same((compile) => {
      const [x, k] = [value(0.4), value(1.1)]
      const f = compile((a: Value, b: Value) => ({ one: chain(a, b), two: [chain(b, a)] }))
      const { one, two } = f(x, k)
      one
        .mul(2)
        .add((two[0] as Value).square())
        .backward()
      return [x.grad.item(), k.grad.item()]
    })
  })

  test('elements of arrays, and arrays that no gradient flows to', () => {
    same((compile) => {
      const x = value(Float64Array.from({ length: 100 }, (_, i) => Math.sin(i)))
      const scale = constant(Float64Array.from({ length: 100 }, (_, i) => 1 + i / 50))
      const w = value(0.7)
      const f = compile((a: Value, b: Value) => {
        let sum: Value = constant(0)
        for (let i = 0; i < 100; i++) sum = sum.add(a.at(i).mul(w).tanh().mul(b.at(i)))
        return sum
      })
      f(x, scale).mul(0.5).backward()
      return [x.grad.toArray(), w.grad.item()]
    })
  })

  test('a gradient of the gradient', () => {
    same((compile) => {
      const k = value(0.99)
      const f = compile((a: Value) => {
        let y = a
        for (let i = 0; i < 80; i++)
          y = y
            .mul(k)
            .add(y.square().mul(0.01))
            .add(0.001 * i)
        return y
      })
      const second = grad((a: Value) => (grad(f)(a) as Value).square())(0.3) as Value
      f(value(0.3)).mul(k).backward()
      return [second.item(), k.grad.item()]
    })
  })

  test('a cotangent of 0 wins over an infinite slope', () => {
    same((compile) => {
      const x = value(0)
      const f = compile((a: Value) => {
        let y = a.sqrt()
        for (let i = 0; i < 250; i++) y = y.mul(1.001).add(0.5)
        return y
      })
      f(x).mul(0).backward()
      const first = x.grad.item()
      x.zeroGrad()
      f(x).backward()
      return [first, x.grad.item()]
    })
  })

  test('the pullback is re-rolled', () => {
    const k = value(1.1)
    const f = (a: Value): readonly Value[] => [chain(a, k)]
    const pull = pullbackOf({ f: f as Fn, index: 0, sources: [k], answers: [] })
    const compiled = compile(pull as (...args: never[]) => readonly Value[], options)
    const met: Met = { args: [value(0.5)], drawn: [] }
    const shares = compiled(met as never, constant(2) as never)
    expect(shares).toHaveLength(2)
    // The loops are found in the function, then differentiated.
    expect(compiled.explain()).toMatch(/re-rolled: .*\n.*differentiating/)
  })
})
