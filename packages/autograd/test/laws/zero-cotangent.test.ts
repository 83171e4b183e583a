/** Law: where no cotangent arrives none goes on, whatever the numbers: 0 wins over NaN and ±∞, to the second order. */
import { describe, expect, it } from 'vitest'
import { value } from '../../src/create.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { grad } from '../../src/transforms/reverse.ts'
import { type Value, values } from '../../src/value.ts'

const awkward = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 1e300, -1e300, 5e-324]
const elementwise = Object.values(table as unknown as Record<string, Op>).filter(
  (op) => op.linearity === 'elementwise' && op.da !== null && op.smooth !== null,
)

describe('a cotangent of 0 pulls back 0', () => {
  it.each(elementwise)('$name', (op) => {
    const seconds = op.smooth?.domain.length === 1 ? [0] : awkward
    const f = (x: Value, y: Value): Value => values.apply(op, x, seconds.length === 1 ? 0 : y, op.smooth?.args).mul(0)
    const secondDerivative = grad((x: Value, y: Value) => grad(f)(x, y) as Value)
    for (const a of awkward) {
      for (const b of seconds) {
        const [x, y] = [value(a), value(b)]
        f(x, y).backward()
        expect(
          [x.grad.item(), y.grad.item()].every((g) => g === 0),
          `${op.name} at ${a}, ${b}`,
        ).toBe(true)
        const second = secondDerivative(a, b) as Value
        expect(second.item() === 0, `second derivative of ${op.name} at ${a}, ${b}`).toBe(true)
      }
    }
  })
})
