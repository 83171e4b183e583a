/** Law: an elementwise operation gives the values that its record quotes from an independent source. */
import { describe, expect, it } from 'vitest'
import { constant } from '../../src/create.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { values } from '../../src/value.ts'

const listed = Object.values(table as unknown as Record<string, Op>).flatMap(({ smooth, ...op }) =>
  (smooth?.reference ?? []).map((row) => ({
    op: { ...op, smooth },
    title: `${op.name}(${row.slice(0, -1).join(', ')})`,
    row,
    args: smooth?.args,
  })),
)

describe('reference values', () => {
  it.each(listed)('$title', ({ op, row, args }) => {
    const wanted = row.at(-1) as number
    const [a = 0, b = 0] = row.slice(0, -1)
    const scalar = values.apply(op, constant(a), b, args).item()
    const array = values
      .apply(op, constant([a, a]), row.length > 2 ? constant([b, b]) : 0, args)
      .at(1)
      .item()
    for (const got of [scalar, array]) expect(Math.abs(got - wanted)).toBeLessThanOrEqual(4e-16 * Math.abs(wanted))
  })

  it('every elementwise operation with a derivative quotes one', () => {
    const missing = Object.values(table as unknown as Record<string, Op>).filter(
      (op) => op.linearity === 'elementwise' && op.da !== null && (op.smooth?.reference.length ?? 0) === 0,
    )
    expect(missing.map((op) => op.name)).toEqual(['preference'])
  })
})
