/** The affine layer x·Wᵀ + b. */
import { linear, type Value, zeros } from '@adjoint/autograd'
import { type Input, readInput } from './input.ts'
import { Module } from './module.ts'
import { checkOptions } from './options.ts'
import { checkInputs, checkSize, drawWeights, type WeightOptions, weightOptions } from './units.ts'

/**
 * A whole layer of weighted sums as one matrix product.
 * @example new Linear(3, 4).forward([[1, 2, 3]]) // [1, 4]
 */
export class Linear extends Module {
  readonly inputs: number
  readonly outputs: number
  /** [outputs, inputs] */
  readonly weight: Value
  /** [outputs] */
  readonly bias: Value | undefined

  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(inputs: number, outputs: number, options: WeightOptions = {}) {
    super()
    checkOptions('Linear', options, weightOptions)
    this.inputs = checkSize('Linear', 'inputs', inputs)
    this.outputs = checkSize('Linear', 'outputs', outputs)
    const { weight, bias } = drawWeights('Linear', [outputs, inputs], [outputs], options)
    this.weight = weight
    this.bias = bias
  }

  /** @param x [inputs] or [..., inputs] @returns [outputs] or [..., outputs] @throws ShapeError */
  override forward(x: Input): Value {
    const input = readInput(x, this.weight.dtype, 'Linear')
    checkInputs('Linear', input, this.inputs)
    return linear(input, this.weight, this.bias)
  }

  protected override exampleInput(): Value {
    return zeros([1, this.inputs], { dtype: this.weight.dtype })
  }
}
