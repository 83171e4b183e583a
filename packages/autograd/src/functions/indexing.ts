/** Parts of an array, read and written by index. Negative indices and axes count from the end. */
import * as indexing from '../compose/indexing.ts'
import { eye, type FillOptions, readDType } from '../create.ts'
import { checkDType, toNdArray } from '../data.ts'
import { checkReadable, isReadable } from '../node.ts'
import { type Operand, readOperand, type Value, values } from '../value.ts'
import { readPair } from './operands.ts'

/**
 * The elements from start up to stop, every step-th, of each leading axis, as Python's slices: what is left out (or
 * null) is open, bounds outside are cut, and a negative step runs backwards.
 * @throws ShapeError for more ranges than axes, a step of 0, or a bound that is not a whole number.
 * @example slice([1, 2, 3, 4, 5], [[1, -1, 2]]) // [2, 4]
 */
export function slice(x: Operand, ranges: readonly indexing.Range[]): Value {
  return readOperand('slice', x).slice(ranges)
}

/**
 * The part at these indices of the leading axes, which are dropped.
 * @throws ShapeError for an index out of range, or more indices than axes.
 * @example at([[1, 2], [3, 4]], -1) // [3, 4]
 */
export function at(x: Operand, ...indices: number[]): Value {
  return readOperand('at', x).at(...indices)
}

/**
 * out[i][j] = x[i][indices[i][j]] for axis 1 of two, and so on; the result has the shape of the indices, as with
 * PyTorch's `gather`.
 * @throws ShapeError for an index out of range, or indices of another rank, or longer along another axis.
 * @example gather([[1, 2], [3, 4]], 1, [[1], [0]]) // [[2], [3]]
 */
export function gather(x: Operand, axis: number, indices: Operand): Value {
  return readOperand('gather', x).gather(axis, indices)
}

/**
 * x with src[i][j] added at [i][indices[i][j]] for axis 1 of two, and so on, as with PyTorch's `scatter_add`. An index
 * that comes twice adds twice; a scalar src is added at every index.
 * @throws ShapeError for an index out of range, or shapes that do not fit.
 * @example scatterAdd([0, 0, 0], 0, [2, 2, 0], [1, 10, 5]) // [5, 0, 11]
 */
export function scatterAdd(x: Operand, axis: number, indices: Operand, src: Operand): Value {
  const [base, added] = readPair('scatterAdd', x, src)
  return base.scatterAdd(axis, indices, added)
}

/**
 * The slices at the indices along the axis, whose place the shape of the indices takes, as with NumPy's `take`; without
 * an axis, of the flattened array.
 * @throws ShapeError for an index out of range.
 * @example take([[1, 2], [3, 4]], [1, 1, 0], 0) // [[3, 4], [3, 4], [1, 2]]
 */
export function take(x: Operand, indices: Operand, axis?: number): Value {
  return readOperand('take', x).take(indices, axis)
}

/**
 * A row of `classes` numbers for each index: 1 at the index, else 0. A constant, of the dtype of the indices unless
 * one is given.
 * @throws ShapeError for an index that is not one of 0 … classes − 1; DTypeError for an unknown dtype.
 * @example oneHot([0, 2], 3) // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(indices: Operand, classes: number, options?: FillOptions): Value {
  const dtype = readDType('oneHot', options)
  if (dtype !== undefined) checkDType('oneHot', dtype)
  const places = readOperand('oneHot', indices)
  // The indices of one example are not yet those of the others, nor those of one call of a program those of the next:
  // rows of the identity matrix, taken for all of them.
  if (!isReadable(places)) return values.take(eye(classes, { dtype: dtype ?? places.dtype }), places, 0)
  checkReadable('oneHot', places)
  return values.constant(indexing.oneHot(toNdArray(places.raw), classes, dtype))
}
