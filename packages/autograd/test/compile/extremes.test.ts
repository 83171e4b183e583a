/** Every elementwise operation at the numbers where formulas break: compiled and eager give the same. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, value } from '../../src/create.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { type Value, values } from '../../src/value.ts'

const extremes = [
  Number.NaN,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3,
  1e-300,
  -1e-300,
  5e-324,
  1e300,
  -1e300,
  1e-8,
  -1e-8,
  20,
  -20,
  40,
  -40,
  710,
  -710,
  745,
  -745,
  1e16,
  -1e16,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]
const elementwise = (Object.values(table) as Op[]).filter((op) => op.scalar !== null)

/** The same NaN, infinity or zero, or the same up to some roundings. */
function same(x: number, y: number, tolerance: number): boolean {
  if (Object.is(x, y)) return true
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(y), Number.MIN_VALUE / tolerance)
}

describe.each(['wasm', 'js'] as const)('to %s', (target) => {
  test.each(elementwise.map((op) => [op.name, op] as const))('%s', (name, op) => {
    const args = op.smooth?.args
    const apply = (a: Value, b: Value): Value => values.apply(op, a, op.arity === 1 ? 0 : b, args)
    const grid = op.arity === 1 ? extremes.map((x) => [x, 0]) : extremes.flatMap((x) => extremes.map((y) => [x, y]))
    const a = constant(grid.map(([x]) => x as number))
    const b = constant(grid.map(([, y]) => y as number))
    const wanted = apply(a, b).data
    const got = compile(apply, { target })(a, b).data
    const wrong = grid.flatMap(([x, y], i) =>
      same(got[i] as number, wanted[i] as number, 1e-13) ? [] : [`${name}(${x}, ${y}): ${got[i]}, not ${wanted[i]}`],
    )
    expect(wrong).toEqual([])
  })

  test.each(elementwise.filter((op) => op.da !== null).map((op) => [op.name, op] as const))(
    'the slopes of %s',
    (name, op) => {
      const args = op.smooth?.args
      const slope = (a: Value, b: Value): Value => {
        const y = values.apply(op, a, op.arity === 1 ? 0 : b, args)
        return values.add(op.da === null ? 0 : op.da(values, values.constant(1), y, a, b, args), 0)
      }
      const grid = op.arity === 1 ? extremes.map((x) => [x, 0]) : extremes.flatMap((x) => extremes.map((y) => [x, y]))
      const a = value(grid.map(([x]) => x as number))
      const b = value(grid.map(([, y]) => y as number))
      const wanted = slope(a, b).data
      const got = compile(slope, { target })(a, b).data
      const wrong = grid.flatMap(([x, y], i) => {
        const [u, v] = [got[i] as number, wanted[i] as number]
        // The sign of a zero slope is nobody's concern, nor are digits that subnormals do not have.
        return same(u, v, 1e-12) || Math.abs(u - v) < 1e-317 ? [] : [`${name}′(${x}, ${y}): ${u}, not ${v}`]
      })
      expect(wrong).toEqual([])
    },
  )
})
