/**
 * Softmax and its logarithm along one axis (the last by default). −Infinity stands for what can not be: its share is 0.
 * Where all elements are −Infinity, the shares are all 0, with gradient 0, and their logarithms all −Infinity: what is
 * left of them in attention, say, is 0 and no NaN.
 */
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * eˣ/Σeˣ without overflow: shares from 0 to 1, with sum 1 along the axis. An element of −Infinity gets 0; where there is
 * no other, all get 0 (PyTorch: NaN).
 * @throws ShapeError for an axis that does not exist.
 * @example softmax([1, 1, -Infinity]) // [0.5, 0.5, 0]
 */
export function softmax(x: Operand, axis?: number): Value {
  return readOperand('softmax', x).softmax(axis)
}

/**
 * log(softmax(x)) = x − logSumExp(x), with its digits where softmax rounds to 0 or 1. An element of −Infinity stays
 * −Infinity, also where there is no other (PyTorch: NaN).
 * @throws ShapeError for an axis that does not exist.
 * @example logSoftmax([0, 1000]) // [-1000, 0]
 */
export function logSoftmax(x: Operand, axis?: number): Value {
  return readOperand('logSoftmax', x).logSoftmax(axis)
}
