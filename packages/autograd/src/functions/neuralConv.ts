/** Convolution of lines and images, with PyTorch's layouts and options. */
import type { ConvOptions, ConvTransposeOptions } from '../compose/neuralConv.ts'
import { commonDType } from '../promote.ts'
import { type Operand, readOperand, type Value } from '../value.ts'

function read(op: string, x: Operand, weight: Operand, bias: Operand | undefined): Value {
  return readOperand(op, x, commonDType([x, weight, bias]))
}

/**
 * y[n, o, i] = bias[o] + Σ x[n, c, i·stride + j·dilation − padding]·w[o, c, j] over the channels c of o's group and the
 * taps j. x is [batch, channels, length] (or one line without the batch), w [out, channels/groups, taps]. Beside
 * numbers, the padding may be 'same' or 'valid'.
 * @throws ShapeError where shapes, sizes or groups do not fit.
 * @example conv1d([[[1, 2, 3, 4]]], [[[1, -1]]]) // [[[-1, -1, -1]]]
 */
export function conv1d(x: Operand, weight: Operand, options?: ConvOptions<Operand>): Value {
  return read('conv1d', x, weight, options?.bias).conv1d(weight, options)
}

/**
 * The same in two dimensions: x is [batch, channels, height, width] (or one image without the batch), w [out,
 * channels/groups, height, width]. A stride, padding or dilation is a number, or one a dimension.
 * @throws ShapeError where shapes, sizes or groups do not fit.
 * @example conv2d(images, weight, { bias, stride: 2, padding: [1, 0] })
 */
export function conv2d(x: Operand, weight: Operand, options?: ConvOptions<Operand>): Value {
  return read('conv2d', x, weight, options?.bias).conv2d(weight, options)
}

/**
 * The adjoint of `conv1d` as a layer: each element of x [batch, in, length] adds its multiple of the kernel, w [in,
 * out/groups, taps], to the result, of length (n − 1)·stride − 2·padding + dilation·(taps − 1) + outputPadding + 1.
 * @throws ShapeError where shapes, sizes or groups do not fit.
 * @example convTranspose1d([[[1, 2]]], [[[1, 10]]], { stride: 2 }) // [[[1, 10, 2, 20]]]
 */
export function convTranspose1d(x: Operand, weight: Operand, options?: ConvTransposeOptions<Operand>): Value {
  return read('convTranspose1d', x, weight, options?.bias).convTranspose1d(weight, options)
}

/**
 * The same in two dimensions: x is [batch, in, height, width], w [in, out/groups, height, width].
 * @throws ShapeError where shapes, sizes or groups do not fit.
 * @example convTranspose2d(images, weight, { stride: 2, padding: 1, outputPadding: 1 })
 */
export function convTranspose2d(x: Operand, weight: Operand, options?: ConvTransposeOptions<Operand>): Value {
  return read('convTranspose2d', x, weight, options?.bias).convTranspose2d(weight, options)
}
