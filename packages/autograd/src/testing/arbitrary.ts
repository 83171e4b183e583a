/** Random Values for property tests. */
import fc from 'fast-check'
import { value } from '../create.ts'
import type { DType } from '../data.ts'
import { type Shape, sizeOf } from '../shape.ts'
import type { Value } from '../value.ts'

export interface ArbitraryValueOptions {
  /** Default: a random shape of rank 0 to 3, with sizes 1 to 4. */
  readonly shape?: Shape
  readonly min?: number
  readonly max?: number
  readonly dtype?: DType
}

/**
 * A fast-check arbitrary of differentiable leaves, their numbers from min (default −10) to max (10). It shrinks to
 * small arrays of simple numbers.
 * @example fc.assert(fc.property(arbitraryValue({ shape: [3] }), (x) => x.softmax().sum().item() > 0.999))
 */
export function arbitraryValue({
  shape,
  min = -10,
  max = 10,
  dtype = 'float64',
}: ArbitraryValueOptions = {}): fc.Arbitrary<Value> {
  const shapes =
    shape === undefined ? fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }) : fc.constant([...shape])
  const number = fc.double({ min, max, noNaN: true })
  return shapes.chain((sizes) => {
    const length = sizeOf(sizes)
    return fc
      .array(number, { minLength: length, maxLength: length })
      .map((numbers) => value(numbers, { shape: sizes, dtype }))
  })
}
