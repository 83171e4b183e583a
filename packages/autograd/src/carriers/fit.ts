/** Un-broadcasting, once for all operations. */
import type { DType } from '../data.ts'
import { GradientError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Shape, sameShape, sizeOf } from '../shape.ts'

/** The share summed over the axes along which the input was stretched, in the input's dtype. */
export function unbroadcast<T>(k: Carrier<T>, share: T | number, shape: Shape, dtype: DType): T {
  const from = k.shape(share)
  let fitted = share
  // As many numbers, so that only axes of size 1 differ.
  if (!sameShape(from, shape) && sizeOf(from) === sizeOf(shape)) fitted = k.reshape(share, shape)
  else if (!sameShape(from, shape)) {
    const lead = from.length - shape.length
    const stray = shape.some((n, axis) => n !== 1 && lead + axis >= 0 && ![n, 1].includes(from[lead + axis] ?? 1))
    if (stray) {
      throw new GradientError(
        `backward: a rule gave a share of shape ${showShape(from)} for an input of shape ${showShape(shape)}. Its shape is the input's, or broadcasts from it.`,
      )
    }
    const stretched = from
      .map((_, axis) => axis)
      .filter((axis) => axis < lead || (shape[axis - lead] === 1 && from[axis] !== 1))
    if (stretched.length > 0) fitted = k.sum(fitted, stretched, true)
    if (lead > 0) fitted = k.reshape(fitted, k.shape(fitted).slice(lead))
    // A rule may answer with a plain number or a smaller array: the same for every element.
    if (!sameShape(k.shape(fitted), shape)) fitted = k.broadcastTo(fitted, shape)
  }
  return k.dtype(fitted) === dtype && typeof fitted !== 'number' ? fitted : k.cast(fitted, dtype)
}
