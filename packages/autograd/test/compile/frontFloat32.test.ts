/** float32 beside plain numbers that it does not have: a compiled function gives what the eager one gives. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CompileOptions, compile } from '../../src/compile/index.ts'
import { constant, maximum, minimum, type Value, value, valueAndGrad, where } from '../../src/index.ts'
import { table } from '../../src/ops/table.ts'
import { values } from '../../src/value.ts'

const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]

/** The number as float32 has it, its neighbours there, and numbers that are special. */
function around(c: number): readonly number[] {
  const bits = new Int32Array(Float32Array.of(c).buffer)
  const beside = [-1, 1].map((step) => new Float32Array(Int32Array.of((bits[0] as number) + step).buffer)[0] as number)
  return [Math.fround(c), ...beside, 0, -0, 1.5, -7, 1e-45, 3e38, Number.NaN, Number.POSITIVE_INFINITY, -Infinity]
}

const numbers = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.constantFrom(0.1, -0.1, 1 / 3, 1e300, -1e300, 1e-60, -1e-60, 3e-39, 2 ** 24 + 1, 4.7),
)
/** Without those that take more than two numbers. */
const binary = Object.values(table).filter((op) => op.arity === 2 && op.scalar !== null && op !== table.inversePower)
const exact: ReadonlySet<string> = new Set([
  'gt',
  'ge',
  'lt',
  'le',
  'eq',
  'ne',
  'preference',
  'maximum',
  'minimum',
  'mod',
  'floorDiv',
])

/** Alike within two roundings of the result; that of the largest number may be infinite. */
function isClose(got: number, wanted: number): boolean {
  if (Object.is(got, wanted)) return true
  const size = Math.abs(wanted)
  if (size === Infinity) return Math.abs(got) > 3.4028e38 && Math.sign(got) === Math.sign(wanted)
  return Math.abs(got - wanted) <= Math.max(2.4e-7 * size, 3e-45)
}

describe.each(targets)('float32 beside plain numbers, $target', (options) => {
  test.each(binary.map((op) => [op.name, op] as const))('%s', (name, op) => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (c, isFirst) => {
        const x = value(Float32Array.from(around(c)))
        const f = (y: Value): Value =>
          (isFirst ? values.apply(op as never, c, y, undefined) : values.apply(op as never, y, c, undefined)) as Value
        const [got, wanted] = [compile(f, options)(x), f(x)]
        expect(got.dtype).toBe(wanted.dtype)
        for (const [i, y] of wanted.data.entries()) {
          const same = exact.has(name) ? Object.is(got.data[i], y) : isClose(got.data[i] as number, y)
          expect(same, `${x.data[i]} and ${c}: ${got.data[i]} instead of ${y}`).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('constants that cancel, choices and conditions', () => {
    const x = value(Float32Array.of(0.1, -0.1, 0, 0.3))
    for (const f of [
      (y: Value) => y.sub(0.1),
      (y: Value) => y.add(0.1),
      (y: Value) => constant(0.1, { dtype: 'float32' }).sub(y).sub(0.1),
      (y: Value) => where(y.gt(0.1), y, 0.1),
      (y: Value) => where(y.eq(0.1), 1, y.lt(0.3)),
      (y: Value) => where(1e-60, y, 2),
      (y: Value) => maximum(y, 0.1).add(minimum(0.2, y)),
      (y: Value) => y.clamp(-0.05, 0.1),
      (y: Value) => y.mod(0.1),
      (y: Value) => y.sub(constant(0.1)),
      (y: Value) => y.eq(constant(0.1)),
    ]) {
      const [got, wanted] = [compile(f, options)(x), f(x)]
      expect([got.dtype, got.toArray()]).toEqual([wanted.dtype, wanted.toArray()])
    }
  })

  test('the slope of a maximum at the number nearest to another one', () => {
    const f = (y: Value): Value => maximum(y, 0.1).sum()
    const x = value(Float32Array.of(0.1, 0.3, 0))
    const [got, wanted] = [compile(valueAndGrad(f), options)(x), valueAndGrad(f)(x)]
    expect(got.grad.toArray()).toEqual(wanted.grad.toArray())
    expect(wanted.grad.toArray()).toEqual([1, 1, 0])
  })

  test('the slope of a clamp at its bounds', () => {
    const f = (y: Value): Value => y.clamp(-0.1, 0.1).sum()
    const x = value(Float32Array.from([...around(0.1), ...around(-0.1)]))
    const [got, wanted] = [compile(valueAndGrad(f), options)(x), valueAndGrad(f)(x)]
    expect(got.grad.toArray()).toEqual(wanted.grad.toArray())
  })

  test('a chain that is computed from constants', () => {
    const f = (y: Value): Value =>
      y.mul(
        constant(0.1, { dtype: 'float32' })
          .mul(0.1)
          .add(1 / 3),
      )
    const x = value(Float32Array.of(1, 2))
    expect(compile(f, options)(x).toArray()).toEqual(f(x).toArray())
  })
})
