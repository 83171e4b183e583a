/** Law: a gradient has the shape and dtype of its input, under any broadcast. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { value } from '../../src/create.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { type Shape, sizeOf } from '../../src/shape.ts'
import { grad, vjp } from '../../src/transforms/reverse.ts'
import { type Value, values } from '../../src/value.ts'
import { differentiable, fewRuns, irregular } from './cases.ts'

describe('the gradient has the shape and dtype of its input', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    for (const dtype of ['float64', 'float32'] as const) {
      const [list = []] = fc.sample(inputs(dtype), 1)
      const { value: y, pullback } = vjp((args: Value[]) => apply(args), list)
      pullback(irregular(y)).forEach((g, i) => {
        expect(g.shape).toEqual(list[i]?.shape)
        expect(g.dtype).toBe(dtype)
      })
    }
  })
})

/** Two shapes that broadcast: axes dropped in front, sizes replaced by 1, zero sizes among them. */
const shapes: fc.Arbitrary<[Shape, Shape]> = fc.array(fc.nat({ max: 3 }), { maxLength: 3 }).chain((full) => {
  const part = fc
    .tuple(fc.nat({ max: full.length }), fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }))
    .map(([drop, ones]): Shape => full.map((n, i) => (ones[i] ? 1 : n)).slice(drop))
  return fc.tuple(part, part)
})

const binary = Object.values(table as unknown as Record<string, Op>).filter(
  (op) => op.linearity === 'elementwise' && op.db !== null,
)
const dtypes = fc.constantFrom('float64' as const, 'float32' as const)

describe('under any broadcast', () => {
  it.each(binary)('$name', (op) => {
    const [a, b] = op.smooth?.domain ?? [
      [1, 1],
      [2, 2],
    ]
    const holds = ([s, t]: [Shape, Shape], one: 'float64' | 'float32', two: 'float64' | 'float32'): void => {
      const full = (shape: Shape, x: number, dtype: typeof one): Value =>
        value(new Array(sizeOf(shape)).fill(x), { shape, dtype })
      const list = [full(s, a?.[0] ?? 1, one), full(t, b?.[0] ?? 1, two)]
      const loss = ([x, y]: Value[]): Value => values.apply(op, x as Value, y as Value, op.smooth?.args).sum()
      ;(grad(loss)(list) as Value[]).forEach((g, i) => {
        expect(g.shape).toEqual(list[i]?.shape)
        expect(g.dtype).toBe(list[i]?.dtype)
      })
    }
    fc.assert(fc.property(shapes, dtypes, dtypes, holds), { numRuns: fewRuns.numRuns * 6 })
  })
})
