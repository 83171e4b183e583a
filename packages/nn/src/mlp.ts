/** The multilayer perceptron. */
import { DomainError, type Value } from '@adjoint/autograd'
import { type Activation, type ActivationName, readActivation } from './activation.ts'
import { defaultRandom } from './init.ts'
import { type Input, readInput } from './input.ts'
import { Linear } from './linear.ts'
import { Module } from './module.ts'
import { checkOptions, type Names, show } from './options.ts'
import { checkSize, checkWeights, type WeightOptions, weightOptions } from './units.ts'

export interface MLPOptions extends WeightOptions {
  /** After every layer but the last. Default: 'tanh'. */
  readonly activation?: ActivationName | Activation
  /** After the last layer. Default: 'linear', as the losses that take logits want it. */
  readonly output?: ActivationName | Activation
}

const mlpOptions: Names<MLPOptions> = { activation: true, output: true, ...weightOptions }

/**
 * Linear layers with an activation between them.
 * @example new MLP([4, 16, 3], { activation: 'relu', random: random(1) }) // 4 inputs, 16 hidden units, 3 outputs
 */
export class MLP extends Module {
  readonly layers: readonly Linear[]
  readonly activation: Activation
  readonly output: Activation

  /** @param sizes Inputs, hidden units …, outputs. @throws DomainError for fewer than two sizes, or options unknown or out of range. */
  constructor(sizes: readonly number[], options: MLPOptions = {}) {
    super()
    if (!Array.isArray(sizes)) {
      throw new DomainError(`MLP: the sizes are ${show(sizes)}. Give them in one list: [4, 16, 3].`)
    }
    checkOptions('MLP', options, mlpOptions)
    checkWeights('MLP', options)
    if (sizes.length < 2) {
      throw new DomainError(`MLP: got ${sizes.length} sizes. Give at least the inputs and the outputs: [4, 16, 3].`)
    }
    for (const size of sizes) checkSize('MLP', 'units', size)
    const { activation = 'tanh', output = 'linear', random = defaultRandom(), ...rest } = options
    this.layers = sizes.slice(1).map((outputs, i) => new Linear(sizes[i] as number, outputs, { random, ...rest }))
    this.activation = readActivation('MLP', activation)
    this.output = readActivation('MLP', output)
  }

  /** @param x [inputs] or [batch, inputs] @returns [outputs] or [batch, outputs] @throws ShapeError */
  override forward(x: Input): Value {
    const last = this.layers.length - 1
    let y = readInput(x, this.layers[0]?.weight.dtype, 'MLP')
    this.layers.forEach((layer, i) => {
      const sum = layer.forward(y)
      y = i < last ? this.activation(sum) : this.output(sum)
    })
    return y
  }
}
