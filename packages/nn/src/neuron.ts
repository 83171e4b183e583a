/** One unit: activation(w·x + b). */
import { type Value, zeros } from '@adjoint/autograd'
import { type Activation, readActivation } from './activation.ts'
import { type Input, readInput } from './input.ts'
import { Module } from './module.ts'
import { checkOptions } from './options.ts'
import {
  checkInputs,
  checkSize,
  drawWeights,
  type UnitOptions,
  unitOptions,
  type WeightOptions,
  weightOptions,
} from './units.ts'

/**
 * A weighted sum of the inputs plus a bias, through an activation.
 * @example
 * const n = new Neuron(2, { activation: 'tanh', random: random(1) })
 * n.forward([0.5, -1])            // a scalar
 * n.forward([[0.5, -1], [2, 0]])  // one number for each row: [2]
 */
export class Neuron extends Module {
  readonly inputs: number
  /** [inputs] */
  readonly weight: Value
  /** A scalar. */
  readonly bias: Value | undefined
  readonly activation: Activation

  /** @param options `activation` (default: linear) and how the weights begin. @throws DomainError */
  constructor(inputs: number, options: UnitOptions = {}) {
    super()
    checkOptions(this.constructor.name, options, unitOptions)
    this.inputs = checkSize(this.constructor.name, 'inputs', inputs)
    const { weight, bias } = drawWeights(this.constructor.name, [inputs], [], options)
    this.weight = weight
    this.bias = bias
    this.activation = readActivation(this.constructor.name, options.activation ?? 'linear')
  }

  /** @param x [inputs] or [batch, inputs] @throws ShapeError for another size. */
  override forward(x: Input): Value {
    const input = readInput(x, this.weight.dtype, this.constructor.name)
    checkInputs(this.constructor.name, input, this.inputs)
    const sum = input.matmul(this.weight)
    return this.activation(this.bias === undefined ? sum : sum.add(this.bias))
  }

  protected override exampleInput(): Value {
    return zeros([1, this.inputs], { dtype: this.weight.dtype })
  }
}

/**
 * Rosenblatt's unit: 1 where w·x + b > 0, else 0. Its slope is 0 everywhere, so gradient descent cannot train it.
 * @example new Perceptron(2)
 */
export class Perceptron extends Neuron {
  /** @throws DomainError */
  constructor(inputs: number, options: WeightOptions = {}) {
    checkOptions('Perceptron', options, weightOptions)
    super(inputs, { ...options, activation: 'step' })
  }
}
