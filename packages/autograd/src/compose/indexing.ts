/** Parts of an array: by ranges, by single indices, by arrays of indices. */
import { allocate, type DType, dtypeOf, NdArray } from '../data.ts'
import { ShapeError, showShape } from '../errors.ts'
import { placeOf } from '../kernels/indexing.ts'
import type { Carrier } from '../op.ts'
import { normalizeAxis, type Shape, sameShape } from '../shape.ts'
import { checkCount, checkWhole } from './parts.ts'
import { flatten } from './shape.ts'

type Bound = number | null | undefined
/** Start, stop (not included) and step as in Python: negatives count from the end, what is left out is open. */
export type Range = readonly [start?: Bound, stop?: Bound, step?: Bound]

interface Run {
  readonly start: number
  readonly step: number
  readonly count: number
}

/** Python's slice.indices. */
function runOf([start, stop, step]: Range, n: number): Run {
  const by = step ?? 1
  for (const bound of [start ?? 0, stop ?? 0, by]) checkWhole('slice', 'a bound', bound)
  if (by === 0) throw new ShapeError('slice: a step of 0 does not move. Use 1, or −1 for the reverse.')
  const lowest = by < 0 ? -1 : 0
  const highest = by < 0 ? n - 1 : n
  const clamp = (i: number): number => (i < 0 ? Math.max(i + n, lowest) : Math.min(i, highest))
  const from = start === undefined || start === null ? (by < 0 ? highest : lowest) : clamp(start)
  const to = stop === undefined || stop === null ? (by < 0 ? lowest : highest) : clamp(stop)
  return { start: from, step: by, count: Math.max(0, Math.ceil((to - from) / by)) }
}

/**
 * The elements in these ranges of the leading axes; the other axes stay whole.
 * @throws ShapeError for more ranges than axes, a step of 0, a bound that is no whole number.
 */
export function slice<T>(k: Carrier<T>, x: T, ranges: readonly Range[]): T {
  const shape = k.shape(x)
  if (ranges.length > shape.length) {
    throw new ShapeError(
      `slice: ${ranges.length} ranges for the shape ${showShape(shape)}. Give at most one range an axis.`,
    )
  }
  const runs = shape.map((n, axis) => runOf(ranges[axis] ?? [], n))
  return k.slice(x, {
    start: runs.map((run) => run.start),
    step: runs.map((run) => run.step),
    shape: runs.map((run) => run.count),
  })
}

/** The part at these indices of the leading axes, which are dropped. @throws ShapeError for an index out of range. */
export function at<T>(k: Carrier<T>, x: T, ...indices: readonly number[]): T {
  const shape = k.shape(x)
  if (indices.length > shape.length) {
    throw new ShapeError(
      `at: ${indices.length} indices for the shape ${showShape(shape)}. Give at most one index an axis.`,
    )
  }
  const part = k.slice(x, {
    start: shape.map((n, axis) => (axis < indices.length ? placeOf('at', indices[axis] as number, n) : 0)),
    step: shape.map(() => 1),
    shape: shape.map((n, axis) => (axis < indices.length ? 1 : n)),
  })
  return k.reshape(part, shape.slice(indices.length))
}

/** Indices may cover less of the other axes than the array does, never more. */
function checkIndices(op: string, shape: Shape, indices: Shape, axis: number): number {
  const d = normalizeAxis(op, axis, shape.length)
  if (indices.length !== shape.length || indices.some((n, i) => i !== d && n > (shape[i] as number))) {
    throw new ShapeError(
      `${op}: indices of shape ${showShape(indices)} do not fit ${showShape(shape)} along axis ${d}. The ranks agree, and no other axis is longer.`,
    )
  }
  return d
}

/** out[i, j] = x[i, indices[i, j]] for axis 1 of two, and so on, as PyTorch's gather. @throws ShapeError */
export function gather<T>(k: Carrier<T>, x: T, axis: number, indices: T): T {
  return k.gather(x, indices, checkIndices('gather', k.shape(x), k.shape(indices), axis))
}

/**
 * x with src[i, j] added at [i, indices[i, j]] for axis 1 of two, and so on, as PyTorch's scatter_add. Of a src that is
 * larger than the indices the leading part counts; a scalar is added everywhere.
 * @throws ShapeError
 */
export function scatterAdd<T>(k: Carrier<T>, x: T, axis: number, indices: T, src: T): T {
  const shape = k.shape(x)
  const part = k.shape(indices)
  const d = checkIndices('scatterAdd', shape, part, axis)
  const given = k.shape(src)
  let used = src
  if (given.length === 0) used = k.cast(k.broadcastTo(src, part), k.dtype(x))
  else if (given.length !== part.length || part.some((n, i) => n > (given[i] as number))) {
    throw new ShapeError(
      `scatterAdd: a src of shape ${showShape(given)} does not cover the indices, ${showShape(part)}. Give one element for each index.`,
    )
  } else if (!sameShape(given, part)) {
    used = k.slice(src, { start: part.map(() => 0), step: part.map(() => 1), shape: part })
  }
  return k.add(x, k.scatter(used, indices, d, shape))
}

/** The slices at the indices, whose shape replaces the axis (without an axis: of the flattened array), as NumPy's. */
export function take<T>(k: Carrier<T>, x: T, indices: T, axis?: number): T {
  if (axis === undefined) return k.take(flatten(k, x), indices, 0)
  return k.take(x, indices, normalizeAxis('take', axis, k.shape(x).length))
}

/** A row of `classes` numbers for each index: 1 at the index, else 0. @throws ShapeError for an index out of range. */
export function oneHot(indices: NdArray, classes: number, dtype: DType = dtypeOf(indices)): NdArray {
  checkCount('oneHot', 'the number of classes', classes)
  const out = allocate(dtype, indices.data.length * classes)
  indices.data.forEach((index, e) => {
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new ShapeError(`oneHot: the index ${index} is none of ${classes} classes. They count from 0.`)
    }
    out[e * classes + index] = 1
  })
  return new NdArray([...indices.shape, classes], out)
}
