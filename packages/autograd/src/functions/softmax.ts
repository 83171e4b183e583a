/** Softmax and its logarithm along one axis (the last by default). */
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * eˣ/Σeˣ without overflow: positive, with sum 1 along the axis. An element of −Infinity gets 0.
 * @throws ShapeError for an axis that does not exist.
 * @example softmax([1, 1, -Infinity]) // [0.5, 0.5, 0]
 */
export function softmax(x: Operand, axis?: number): Value {
  return readOperand('softmax', x).softmax(axis)
}

/**
 * log(softmax(x)) = x − logSumExp(x), with its digits where softmax rounds to 0 or 1.
 * @throws ShapeError for an axis that does not exist.
 * @example logSoftmax([0, 1000]) // [-1000, 0]
 */
export function logSoftmax(x: Operand, axis?: number): Value {
  return readOperand('logSoftmax', x).logSoftmax(axis)
}
