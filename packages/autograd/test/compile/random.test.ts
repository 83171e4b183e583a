/** Random expressions: compiled and eager agree, values and gradients, in arrays and in loops over single numbers. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { value } from '../../src/create.ts'
import { arbitraryExpression } from '../../src/testing/index.ts'
import { valueAndGrad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'

const special = fc.constantFrom(0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
const ordinary = fc.double({ min: -2, max: 2, noNaN: true })

/** NaN with NaN, the same infinity, or a difference that is small beside the largest number. */
function expectSame(got: Value, wanted: Value, tolerance: number, what: string): void {
  const largest = Array.from(wanted.data).reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 1)
  got.data.forEach((x, i) => {
    const y = wanted.data[i] as number
    const same = Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * largest
    expect(same, `${what}[${i}]: ${x}, not ${y}`).toBe(true)
  })
}

const runs = { numRuns: 60 }

describe.each(['wasm', 'js'] as const)('to %s', (target) => {
  test.each([
    ['ordinary numbers', ordinary],
    ['numbers among NaN, zeros and infinities', fc.oneof(ordinary, special)],
  ])('arrays of %s', (_, numbers) => {
    const inputs = fc.array(fc.array(numbers, { minLength: 5, maxLength: 5 }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(arbitraryExpression({ inputs: 2, depth: 5 }), inputs, inputs, (expression, first, second) => {
        const f = valueAndGrad((list: Value[]) => expression.evaluate(list).sum())
        const compiled = compile(f, { target })
        for (const lists of [first, second]) {
          const given = lists.map((list) => value(list))
          const [got, wanted] = [compiled(given), f(given)]
          expectSame(got.value, wanted.value, 1e-9, String(expression))
          given.forEach((x, i) => {
            expectSame(got.grad[i] as Value, wanted.grad[i] as Value, 1e-7, `slope ${i} of ${expression} at ${x}`)
          })
        }
      }),
      runs,
    )
  })

  test('loops over single numbers', () => {
    const inputs = fc.array(ordinary, { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(arbitraryExpression({ inputs: 3, depth: 4 }), inputs, inputs, (expression, first, second) => {
        const f = valueAndGrad((x: Value) => {
          let carried = x.at(0)
          let sum = x.at(1)
          for (let i = 0; i + 2 < x.size; i++) {
            const y = expression.evaluate([x.at(i), x.at(i + 1), carried])
            carried = y.tanh().mul(0.5).add(carried.mul(0.25))
            sum = sum.add(y.mul(x.at(i + 2)))
          }
          return sum.add(carried)
        })
        const compiled = compile(f, { target })
        for (const list of [first, second]) {
          const x = value(list)
          const [got, wanted] = [compiled(x), f(x)]
          expectSame(got.value, wanted.value, 1e-9, String(expression))
          expectSame(got.grad as Value, wanted.grad as Value, 1e-7, String(expression))
        }
      }),
      runs,
    )
  })
})
