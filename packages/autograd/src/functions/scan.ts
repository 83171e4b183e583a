/** Running reductions along one axis (negative ones count from the end); the shape stays. */
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * The running sum.
 * @throws ShapeError for an axis that does not exist.
 * @example cumsum([1, 2, 3], 0) // [1, 3, 6]
 */
export function cumsum(x: Operand, axis: number): Value {
  return readOperand('cumsum', x).cumsum(axis)
}

/**
 * The running product; its gradient is right where factors are 0.
 * @throws ShapeError for an axis that does not exist.
 * @example cumprod([2, 3, 4], 0) // [2, 6, 24]
 */
export function cumprod(x: Operand, axis: number): Value {
  return readOperand('cumprod', x).cumprod(axis)
}

/**
 * The running maximum, and the index of where it stands.
 * @throws ShapeError for an axis that does not exist.
 * @example cummax([1, 3, 2], 0) // values [1, 3, 3], indices [0, 1, 1]
 */
export function cummax(x: Operand, axis: number): { values: Value; indices: Value } {
  return readOperand('cummax', x).cummax(axis)
}

/**
 * The running minimum, and the index of where it stands.
 * @throws ShapeError for an axis that does not exist.
 * @example cummin([3, 1, 2], 0) // values [3, 1, 1], indices [0, 1, 1]
 */
export function cummin(x: Operand, axis: number): { values: Value; indices: Value } {
  return readOperand('cummin', x).cummin(axis)
}
