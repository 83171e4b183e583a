/** A float64 scalar beside arrays of float32: done in float32 where the result is rounded to that anyway. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, maximum, mod, type Value, value } from '../../src/index.ts'
import { values } from '../../src/value.ts'

const data = [0, -0, 1.5, -3e38, 1e-45, 0.1, 7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** What the compiled function gives, what the eager one gives, and whether anything is done in float64. */
function both(f: (x: Value) => Value): { got: unknown; wanted: unknown; wide: boolean } {
  const x = value(data, { dtype: 'float32' })
  expect(f(x).dtype).toBe('float64')
  const narrow = (v: Value): Value => values.cast(f(v), 'float32')
  const compiled = compile(narrow)
  const got = compiled(x).toArray()
  return { got, wanted: narrow(x).toArray(), wide: compiled.explain().includes('= f64(') }
}

test.each([
  ['a factor', (x: Value) => x.mul(constant(0.25))],
  ['a divisor', (x: Value) => x.div(constant(8))],
  ['an addend that is a float32', (x: Value) => x.add(constant(1.5))],
  ['a bound', (x: Value) => maximum(x, constant(0.1))],
  ['a number to compare with', (x: Value) => x.ge(constant(0.1))],
])('%s is rounded', (_, f) => {
  const { got, wanted, wide } = both(f)
  expect(got).toEqual(wanted)
  expect(wide).toBe(false)
})

test.each([
  ['a factor that overflows', (x: Value) => x.mul(constant(1e300))],
  ['a factor that vanishes', (x: Value) => x.mul(constant(1e-60))],
  ['an addend that overflows', (x: Value) => x.sub(constant(1e300))],
  ['more than one operation', (x: Value) => x.mul(constant(2)).add(constant(0.1))],
  ['another operation', (x: Value) => mod(x, constant(0.1))],
])('%s is not', (_, f) => {
  const { got, wanted, wide } = both(f)
  expect(got).toEqual(wanted)
  expect(wide).toBe(true)
})

test.each([
  ['a factor', (x: Value) => x.mul(constant(1 / 3))],
  ['an addend', (x: Value) => x.add(constant(0.1))],
  ['a subtrahend of what it nearly is', (x: Value) => x.sub(constant(0.1))],
  ['a minuend', (x: Value) => constant(0.1).sub(x)],
])('%s that is no float32 makes a difference of a rounding', (_, f) => {
  const { got, wanted, wide } = both(f)
  expect(wide).toBe(false)
  for (const [i, y] of (got as number[]).entries()) {
    const exact = (wanted as number[])[i] as number
    if (Number.isFinite(exact)) expect(Math.abs(y - exact)).toBeLessThanOrEqual(1.2e-7 * Math.abs(exact) + 1.5e-45)
    else expect(y).toBe(exact)
  }
})
