/** The spread and the middle of the elements. */
import type { Carrier } from '../op.ts'
import { normalizeAxes, reducedShape } from '../shape.ts'
import { along, countOf, mergeLast } from './parts.ts'
import { occupiedAxes, type ReduceOptions } from './reduce.ts'

export interface SpreadOptions extends ReduceOptions {
  /** Subtracted from the count: 1 estimates a population from a sample, 0 describes the elements themselves. */
  readonly correction?: number | undefined
}

/**
 * x − mean(x), twice. The second round takes away what the first mean was rounded by, so that equal elements give
 * exact zeros (the corrected two-pass algorithm of Chan, Golub and LeVeque, 1983).
 */
export function centred<T>(k: Carrier<T>, x: T, axes: readonly number[]): T {
  const once = k.sub(x, k.mean(x, axes, true))
  return k.sub(once, k.mean(once, axes, true))
}

/** The degrees of freedom n − correction; NaN where none is left. */
function freedom(n: number, correction: number): number {
  return n > correction ? n - correction : Number.NaN
}

/** Σ(x − mean)²/(n − correction); NaN unless n > correction. */
export function variance<T>(k: Carrier<T>, x: T, { axis, keepDims = false, correction = 1 }: SpreadOptions = {}): T {
  const shape = k.shape(x)
  const axes = normalizeAxes('variance', axis, shape.length)
  const squares = k.sum(k.square(centred(k, x, axes)), axes, keepDims)
  return k.div(squares, freedom(countOf(shape, axes), correction))
}

/** ‖x − mean‖/√(n − correction), with gradient 0 for equal elements; NaN unless n > correction. */
export function std<T>(k: Carrier<T>, x: T, { axis, keepDims = false, correction = 1 }: SpreadOptions = {}): T {
  const shape = k.shape(x)
  const axes = normalizeAxes('std', axis, shape.length)
  const length = k.norm(centred(k, x, axes), axes, keepDims)
  return k.div(length, Math.sqrt(freedom(countOf(shape, axes), correction)))
}

/**
 * The middle element in order, or the mean of the middle two; NaN if there is one among them.
 * @throws ShapeError over zero elements.
 */
export function median<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  const shape = k.shape(x)
  const axes = occupiedAxes('median', shape, axis)
  const y = mergeLast(k, x, axes)
  const last = shape.length - axes.length
  const n = countOf(shape, axes)
  const order = k.argsort(y, last)
  const ranked = (from: number, count: number): T => k.gather(y, along(k, order, last, from, count), last)
  const count = 2 - (n % 2)
  const middle = k.sum(k.div(ranked((n - 1) >> 1, count), count), [last], true)
  // NaN is last in order.
  const top = ranked(n - 1, 1)
  return k.reshape(k.where(k.ne(top, top), top, middle), reducedShape(shape, axes, keepDims))
}
