/**
 * Reductions. `axis` is one axis or several, negative ones from the end, all of them when absent; `keepDims` keeps the
 * reduced axes with size 1. An axis that does not exist, or is named twice, is a ShapeError.
 */
import type { NormOptions } from '../compose/reduce.ts'
import type { SpreadOptions } from '../compose/statistics.ts'
import { type Operand, type ReduceOptions, readOperand, type Value } from '../value.ts'

/** The sum; 0 over nothing. @example sum([[1, 2], [3, 4]], { axis: 0 }) // [4, 6] */
export function sum(x: Operand, options?: ReduceOptions): Value {
  return readOperand('sum', x).sum(options)
}

/** The arithmetic mean; NaN over nothing. @example mean([[1, 2], [3, 4]], { axis: 1 }) // [1.5, 3.5] */
export function mean(x: Operand, options?: ReduceOptions): Value {
  return readOperand('mean', x).mean(options)
}

/** The product, 1 over nothing; its gradient is right where factors are 0. @example prod([2, 3, 4]) // 24 */
export function prod(x: Operand, options?: ReduceOptions): Value {
  return readOperand('prod', x).prod(options)
}

/**
 * The largest element; n equal ones get 1/n of the gradient each, as with PyTorch's `amax`.
 * @throws ShapeError over nothing.
 * @example max([[1, 5], [3, 2]], { axis: 1 }) // [5, 3]
 */
export function max(x: Operand, options?: ReduceOptions): Value {
  return readOperand('max', x).max(options)
}

/**
 * The smallest element; n equal ones get 1/n of the gradient each.
 * @throws ShapeError over nothing.
 * @example min([[1, 5], [3, 2]], { axis: 1 }) // [1, 2]
 */
export function min(x: Operand, options?: ReduceOptions): Value {
  return readOperand('min', x).min(options)
}

/**
 * log Σ eˣ without overflow: the maximum is taken out first. Its gradient is softmax(x). Where all elements are
 * −Infinity it is −Infinity, with gradient 0.
 * @example logSumExp([1000, 1000]) // 1000.6931471805599
 */
export function logSumExp(x: Operand, options?: ReduceOptions): Value {
  return readOperand('logSumExp', x).logSumExp(options)
}

/**
 * Σ(x − mean)²/(n − correction): of a sample (correction 1, Bessel's), or of all there is (0). NaN unless
 * n > correction.
 * @example variance([1, 2, 3, 4], { correction: 0 }) // 1.25
 */
export function variance(x: Operand, options?: SpreadOptions): Value {
  return readOperand('variance', x).variance(options)
}

/** The standard deviation √variance, with gradient 0 for equal elements. @example std([1, 3, 5]) // 2 */
export function std(x: Operand, options?: SpreadOptions): Value {
  return readOperand('std', x).std(options)
}

/**
 * Σ|x| (ord 1), √Σx² (2), or max |x| (Infinity), without overflow inside. The slope at 0 is 0.
 * @throws DomainError for another ord; ShapeError for the largest of nothing.
 * @example norm([[3, 4], [6, 8]], { axis: 1 }) // [5, 10]
 */
export function norm(x: Operand, options?: NormOptions): Value {
  return readOperand('norm', x).norm(options)
}

/**
 * The middle element; of an even count the mean of the middle two.
 * @throws ShapeError over nothing.
 * @example median([7, 1, 3, 4]) // 3.5
 */
export function median(x: Operand, options?: ReduceOptions): Value {
  return readOperand('median', x).median(options)
}

/**
 * The index of the first largest element along the axis, of the flattened array without one; no gradient.
 * @throws ShapeError over nothing, or for several axes.
 * @example argmax([[1, 5], [3, 2]], { axis: 1 }) // [1, 0]
 */
export function argmax(x: Operand, options?: ReduceOptions): Value {
  return readOperand('argmax', x).argmax(options)
}

/**
 * The index of the first smallest element along the axis, of the flattened array without one; no gradient.
 * @throws ShapeError over nothing, or for several axes.
 * @example argmin([4, 1, 3]) // 1
 */
export function argmin(x: Operand, options?: ReduceOptions): Value {
  return readOperand('argmin', x).argmin(options)
}
