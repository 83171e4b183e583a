/** Elements in order along one axis. NaN counts as the largest; equal elements keep their order. */
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import { along } from './parts.ts'

export interface SortOptions {
  /** Default: the last. */
  readonly axis?: number | undefined
  readonly descending?: boolean | undefined
}

export interface Ranked<T> {
  readonly values: T
  readonly indices: T
}

/** The indices that put the elements in order. */
export function argsort<T>(k: Carrier<T>, x: T, { axis = -1, descending = false }: SortOptions = {}): T {
  return k.argsort(x, normalizeAxis('argsort', axis, k.shape(x).length), descending)
}

export function sort<T>(k: Carrier<T>, x: T, { axis = -1, descending = false }: SortOptions = {}): T {
  const d = normalizeAxis('sort', axis, k.shape(x).length)
  return k.gather(x, k.argsort(x, d, descending), d)
}

/** The `count` largest elements, largest first, and where they stood. @throws ShapeError unless there are so many. */
export function topk<T>(k: Carrier<T>, x: T, count: number, { axis = -1 }: SortOptions = {}): Ranked<T> {
  const shape = k.shape(x)
  const d = normalizeAxis('topk', axis, shape.length)
  if (!Number.isInteger(count) || count < 0 || count > (shape[d] as number)) {
    throw new ShapeError(
      `topk: axis ${d} of ${showShape(shape)} has no ${count} largest elements. Ask for 0 to ${shape[d]}.`,
    )
  }
  const indices = along(k, k.argsort(x, d, true), d, 0, count)
  return { values: k.gather(x, indices, d), indices }
}
