/** Normalization: mean 0 and variance 1 over some axes, then times a weight plus a bias where they are given. */
import type { BatchNormOptions, NormalizeOptions, RmsNormOptions } from '../compose/neuralNorm.ts'
import { commonDType } from '../promote.ts'
import type { Shape } from '../shape.ts'
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * (x − mean)/√(variance + eps) over the last axes, whose sizes are `shape`; weight and bias have that shape. eps is 1e-5
 * unless given. Ba, Kiros and Hinton, Layer Normalization, 2016.
 * @throws ShapeError where shapes do not fit; DomainError for a negative eps.
 * @example layerNorm([[1, 3], [5, 5]], [2]) // about [[-1, 1], [0, 0]]
 */
export function layerNorm(x: Operand, shape: Shape, options?: NormalizeOptions<Operand>): Value {
  return readOperand('layerNorm', x, commonDType([x, options?.weight, options?.bias])).layerNorm(shape, options)
}

/**
 * x/√(mean x² + eps) over the last axes, whose sizes are `shape`; the weight has that shape. eps is the precision of the
 * dtype unless given. Zhang and Sennrich, Root Mean Square Layer Normalization, 2019.
 * @throws ShapeError where shapes do not fit; DomainError for a negative eps.
 * @example rmsNorm([3, 4], [2], { weight: [5, 5] }) // about [4.24, 5.66]
 */
export function rmsNorm(x: Operand, shape: Shape, options?: RmsNormOptions<Operand>): Value {
  return readOperand('rmsNorm', x, commonDType([x, options?.weight])).rmsNorm(shape, options)
}

/**
 * Normalizes each of `groups` parts of the channels of each example, x [batch, channels, …]; weight and bias have one
 * number a channel. eps is 1e-5 unless given. Wu and He, Group Normalization, 2018.
 * @throws ShapeError where shapes do not fit or the channels do not divide; DomainError for a negative eps.
 * @example groupNorm(images, 2, { weight, bias })
 */
export function groupNorm(x: Operand, groups: number, options?: NormalizeOptions<Operand>): Value {
  return readOperand('groupNorm', x, commonDType([x, options?.weight, options?.bias])).groupNorm(groups, options)
}

/**
 * Normalizes each channel of x [batch, channels, …] over everything else: by the statistics of this batch, or by the
 * { mean, variance } given, one number a channel, as weight and bias. The variance of the batch is that of its numbers
 * (correction 0). eps is 1e-5 unless given. Ioffe and Szegedy, Batch Normalization, 2015.
 * @throws ShapeError where shapes do not fit, or for one number a channel; DomainError for a negative eps.
 * @example batchNorm([[1, 0], [3, 4]]) // about [[-1, -1], [1, 1]]
 */
export function batchNorm(x: Operand, options?: BatchNormOptions<Operand>): Value {
  const given = [options?.mean, options?.variance, options?.weight, options?.bias]
  return readOperand('batchNorm', x, commonDType([x, ...given])).batchNorm(options)
}
