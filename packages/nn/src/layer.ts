/** Neurons side by side, each seeing the same inputs. */
import { stack, type Value } from '@adjoint/autograd'
import { readActivation } from './activation.ts'
import { type Input, readInput } from './input.ts'
import { Module } from './module.ts'
import { Neuron } from './neuron.ts'
import { checkOptions } from './options.ts'
import { checkInputs, checkSize, drawWeights, type UnitOptions, unitOptions } from './units.ts'

/**
 * A layer that keeps its neurons apart, to look at: it computes what a `Linear` of the same weights does (and begins
 * with the same weights, given the same random stream), one neuron at a time.
 * @example new Layer(3, 4, { activation: 'tanh' }).forward([1, 2, 3]) // [4]
 */
export class Layer extends Module {
  readonly neurons: readonly Neuron[]

  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(inputs: number, outputs: number, options: UnitOptions = {}) {
    super()
    checkOptions('Layer', options, unitOptions)
    const activation = readActivation('Layer', options.activation ?? 'linear')
    checkSize('Layer', 'inputs', inputs)
    checkSize('Layer', 'outputs', outputs)
    const { weight, bias } = drawWeights('Layer', [outputs, inputs], [outputs], options)
    this.neurons = Array.from({ length: outputs }, (_, i) => {
      const row = weight.at(i).detach()
      const neuron = new Neuron(inputs, { activation, bias: bias !== undefined, init: () => row, dtype: weight.dtype })
      if (bias !== undefined) neuron.bias?.assign(bias.at(i).detach())
      return neuron
    })
  }

  /** @param x [inputs] or [batch, inputs] @returns [outputs] or [batch, outputs] @throws ShapeError */
  override forward(x: Input): Value {
    const [first] = this.neurons
    const input = readInput(x, first?.weight.dtype, 'Layer')
    if (first !== undefined) checkInputs('Layer', input, first.inputs)
    return stack(
      this.neurons.map((neuron) => neuron.forward(input)),
      -1,
    )
  }
}
