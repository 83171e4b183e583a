/** Normalisation of each example by itself, over its last axes. */
import { DomainError, layerNorm, rmsNorm, type Value, zeros } from '@adjoint/autograd'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkSize } from '../units.ts'
import { beginScale, checkNorm, EPS, type NormOptions } from './scale.ts'

function readSizes(owner: string, shape: number | readonly number[]): number[] {
  if (Array.isArray(shape) && shape.length === 0) {
    throw new DomainError(`${owner}: got an empty list of sizes. Give those of the last axes: 64, or [8, 8].`)
  }
  return (Array.isArray(shape) ? shape : [shape]).map((n: number) => checkSize(owner, 'features', n))
}

/**
 * (x − mean)/√(variance + eps)·weight + bias, over the last axes, whose sizes are given. Ba, Kiros & Hinton 2016.
 * @example new LayerNorm(64).forward(zeros([32, 10, 64])) // [32, 10, 64]
 */
export class LayerNorm extends Module {
  readonly sizes: readonly number[]
  readonly eps: number
  /** The given sizes, both; undefined with `affine: false`. */
  readonly weight: Value | undefined
  readonly bias: Value | undefined

  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(shape: number | readonly number[], options: NormOptions = {}) {
    super()
    checkNorm('LayerNorm', options)
    this.sizes = readSizes('LayerNorm', shape)
    this.eps = options.eps ?? EPS
    const { weight, bias } = beginScale(this.sizes, options)
    this.weight = weight
    this.bias = bias
  }

  /** @param x Any leading axes, then the sizes. @returns The same shape. @throws ShapeError */
  override forward(x: Input): Value {
    const { weight, bias, eps } = this
    return layerNorm(readInput(x, weight?.dtype, 'LayerNorm'), this.sizes, { weight, bias, eps })
  }

  protected override exampleInput(): Value {
    return zeros([1, ...this.sizes])
  }
}

/**
 * x/√(mean of x² + eps)·weight, over the last axes, whose sizes are given. Zhang & Sennrich 2019. The default eps is the
 * precision of the dtype (float64: 2⁻⁵², float32: 2⁻²³), as in PyTorch.
 * @example new RMSNorm(64).forward(zeros([32, 10, 64])) // [32, 10, 64]
 */
export class RMSNorm extends Module {
  readonly sizes: readonly number[]
  readonly eps: number | undefined
  /** The given sizes; undefined with `affine: false`. */
  readonly weight: Value | undefined

  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(shape: number | readonly number[], options: NormOptions = {}) {
    super()
    checkNorm('RMSNorm', options)
    this.sizes = readSizes('RMSNorm', shape)
    this.eps = options.eps
    this.weight = beginScale(this.sizes, options).weight
  }

  /** @param x Any leading axes, then the sizes. @returns The same shape. @throws ShapeError */
  override forward(x: Input): Value {
    const { weight, eps } = this
    return rmsNorm(readInput(x, weight?.dtype, 'RMSNorm'), this.sizes, { weight, eps })
  }

  protected override exampleInput(): Value {
    return zeros([1, ...this.sizes])
  }
}
