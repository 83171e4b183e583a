/** Law: plain numbers, arrays, and their written-out loops give the same values and gradients. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { value } from '../../src/create.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { type Value, values } from '../../src/value.ts'
import { fewRuns } from './cases.ts'

const elementwise = Object.values(table as unknown as Record<string, Op>).filter((op) => op.linearity === 'elementwise')
const awkward = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e300, -1e300, 5e-324, 1, -1]
const number = fc.oneof(fc.constantFrom(...awkward), fc.double())

function run(op: Op, x: Value, y: Value): Value[] {
  const unary = op.db === null && op.linearity === 'elementwise' && op.smooth?.domain.length === 1
  const z = values.apply(op, x, unary ? 0 : y, op.smooth?.args)
  if (z.requiresGrad) z.sum().backward()
  return [z, x.grad, y.grad]
}

describe('a number = an element of an array, awkward ones included', () => {
  it.each(elementwise)('$name', (op) => {
    const holds = (a: number, b: number): void => {
      const scalars = run(op, value(a), value(b)).map((z) => z.item())
      const arrays = run(op, value([a, a, a]), value([b, b, b])).map((z) => z.at(2).item())
      const broadcast = run(op, value([[a], [a]]), value([b])).map((z) => z.data[0])
      expect(arrays).toEqual(scalars)
      expect(broadcast[0]).toEqual(scalars[0])
    }
    fc.assert(fc.property(number, number, holds), { numRuns: fewRuns.numRuns * 4 })
  })
})
