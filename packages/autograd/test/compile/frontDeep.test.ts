/** Functions of very many array operations: nothing in the compiler is as deep as they are long. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, scan, type Value, value, valueAndGrad } from '../../src/index.ts'

const LENGTH = 20_000

test.each(['wasm', 'js'] as const)(
  'a chain of 20,000 array operations with its gradient, %s',
  (target) => {
    const f = (x: Value): Value => {
      let y = x
      for (let i = 0; i < LENGTH; i++) y = y.mul(1.0001)
      return y.sum()
    }
    const x = value([0.5, -1, 2])
    const slope = compile(valueAndGrad(f), { target })
    const [got, wanted] = [slope(x), valueAndGrad(f)(x)]
    expect(got.value.item()).toBeCloseTo(wanted.value.item(), 12)
    expect(Array.from(got.grad.data)).toEqual(Array.from(wanted.grad.data, (g) => expect.closeTo(g, 12)))
    expect(slope.explain().length).toBeGreaterThan(LENGTH)
  },
  60_000,
)

test('a loop whose step is a chain of 6,000 operations, with its gradient', () => {
  const step = (carry: Value, row: Value): { carry: Value } => {
    let y = carry.add(row)
    for (let i = 0; i < 6000; i++) y = y.mul(1.00001)
    return { carry: y.tanh() }
  }
  const f = valueAndGrad((x: Value) => scan(step, constant(0.1), x).carry)
  const x = value([0.5, -1])
  const [got, wanted] = [compile(f)(x), f(x)]
  expect(got.value.item()).toBeCloseTo(wanted.value.item(), 12)
  expect(Array.from(got.grad.data)).toEqual(Array.from(wanted.grad.data, (g) => expect.closeTo(g, 12)))
}, 60_000)
