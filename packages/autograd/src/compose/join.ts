/** Arrays laid together, and cut apart. */
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { normalizeAxis, sameShape } from '../shape.ts'
import { along, checkCount, resized } from './parts.ts'
import { unsqueeze } from './shape.ts'

/**
 * End to end along an axis that they have. All shapes agree, but for the size of that axis.
 * @throws ShapeError
 */
export function concat<T>(k: Carrier<T>, list: readonly T[], axis = 0): T {
  const [first] = list.map((x) => k.shape(x))
  if (first === undefined) throw new ShapeError('concat: the list is empty. Give at least one array.')
  if (first.length === 0) throw new ShapeError('concat: a scalar has no axes. Use stack, which makes a new one.')
  const d = normalizeAxis('concat', axis, first.length)
  for (const x of list) {
    const shape = k.shape(x)
    if (!sameShape(resized(first, d, 0), resized(shape, d, 0))) {
      throw new ShapeError(
        `concat: ${showShape(first)} and ${showShape(shape)} do not fit together along axis ${d}. All other sizes must agree.`,
      )
    }
  }
  return k.concat(list, d)
}

/** Side by side along a new axis of the result. @throws ShapeError unless all have one shape. */
export function stack<T>(k: Carrier<T>, list: readonly T[], axis = 0): T {
  const [first] = list.map((x) => k.shape(x))
  if (first === undefined) throw new ShapeError('stack: the list is empty. Give at least one array.')
  const d = normalizeAxis('stack, counted in the result', axis, first.length + 1)
  for (const x of list) {
    if (!sameShape(first, k.shape(x))) {
      throw new ShapeError(`stack: the shapes ${showShape(first)} and ${showShape(k.shape(x))} differ. All must agree.`)
    }
  }
  return k.concat(
    list.map((x) => unsqueeze(k, x, d)),
    d,
  )
}

function partSizes(parts: number | readonly number[], n: number): readonly number[] {
  if (typeof parts !== 'number') {
    for (const size of parts) checkCount('split', 'a size', size)
    const total = parts.reduce((a, b) => a + b, 0)
    if (total === n) return parts
    throw new ShapeError(
      `split: the sizes ${showShape(parts)} add up to ${total}, the axis has ${n}. Cover it exactly.`,
    )
  }
  checkCount('split', 'the number of parts', parts)
  if (parts > 0 && n % parts === 0) return new Array<number>(parts).fill(n / parts)
  throw new ShapeError(`split: ${n} elements do not make ${parts} equal parts. Give a list of sizes instead.`)
}

/** `count` equal parts of an axis, or parts of the given sizes, in order. @throws ShapeError unless they cover it. */
export function split<T>(k: Carrier<T>, x: T, parts: number | readonly number[], axis = 0): T[] {
  const shape = k.shape(x)
  const d = normalizeAxis('split', axis, shape.length)
  let start = 0
  return partSizes(parts, shape[d] as number).map((size) => {
    const part = along(k, x, d, start, size)
    start += size
    return part
  })
}
