/** Elements in order along an axis, the last by default. NaN is the largest; equal elements keep their order. */
import type { SortOptions } from '../compose/order.ts'
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * Sorted, ascending unless `descending`. The gradient goes back to where each element came from.
 * @throws ShapeError for an axis that does not exist.
 * @example sort([3, 1, 2]) // [1, 2, 3]
 */
export function sort(x: Operand, options?: SortOptions): Value {
  return readOperand('sort', x).sort(options)
}

/**
 * The indices that sort the elements; no gradient.
 * @throws ShapeError for an axis that does not exist.
 * @example argsort([3, 1, 2]) // [1, 2, 0]
 */
export function argsort(x: Operand, options?: SortOptions): Value {
  return readOperand('argsort', x).argsort(options)
}

/**
 * The k largest elements, largest first, and their indices.
 * @throws ShapeError for an axis that does not exist or has fewer than k elements.
 * @example topk([1, 9, 5], 2) // values [9, 5], indices [1, 2]
 */
export function topk(x: Operand, k: number, options?: Pick<SortOptions, 'axis'>): { values: Value; indices: Value } {
  return readOperand('topk', x).topk(k, options)
}
