/** Pooling over windows of lines and images; the stride is the kernel unless one is given. */
import type { AvgPoolOptions, MaxPoolOptions } from '../compose/neuralPool.ts'
import type { Size } from '../compose/neuralWindow.ts'
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * The largest element of each window of [batch, channels, length] (or one line without the batch). A NaN is larger than
 * all; of equal elements the first gets the gradient.
 * @throws ShapeError where the sizes do not fit, or for a padding of more than half of the kernel.
 * @example maxPool1d([[[1, 3, 2, 0]]], 2) // [[[3, 2]]]
 */
export function maxPool1d(x: Operand, kernel: Size, options?: MaxPoolOptions): Value {
  return readOperand('maxPool1d', x).maxPool1d(kernel, options)
}

/**
 * The largest element of each window of [batch, channels, height, width], as `maxPool1d`.
 * @throws ShapeError where the sizes do not fit, or for a padding of more than half of the kernel.
 * @example maxPool2d(images, 3, { stride: 2, padding: 1 })
 */
export function maxPool2d(x: Operand, kernel: Size, options?: MaxPoolOptions): Value {
  return readOperand('maxPool2d', x).maxPool2d(kernel, options)
}

/**
 * The mean of each window of [batch, channels, length]. With { countIncludePad: false } only elements of the line count.
 * @throws ShapeError where the sizes do not fit, or for a padding of more than half of the kernel.
 * @example avgPool1d([[[1, 3, 2, 0]]], 2) // [[[2, 1]]]
 */
export function avgPool1d(x: Operand, kernel: Size, options?: AvgPoolOptions): Value {
  return readOperand('avgPool1d', x).avgPool1d(kernel, options)
}

/**
 * The mean of each window of [batch, channels, height, width], as `avgPool1d`.
 * @throws ShapeError where the sizes do not fit, or for a padding of more than half of the kernel.
 * @example avgPool2d(images, [2, 3])
 */
export function avgPool2d(x: Operand, kernel: Size, options?: AvgPoolOptions): Value {
  return readOperand('avgPool2d', x).avgPool2d(kernel, options)
}
