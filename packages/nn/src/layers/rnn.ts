/** The recurrent layer of Elman. */
import type { Value } from '@adjoint/autograd'
import { type Activation, readActivation } from '../activation.ts'
import type { Names } from '../options.ts'
import { HiddenState } from './hiddenState.ts'
import { type CellWeights, gateSums, type RecurrentOptions, recurrentOptions } from './recurrent.ts'

export interface RNNOptions extends RecurrentOptions {
  /** Default: 'tanh'. */
  readonly activation?: 'tanh' | 'relu'
}

const rnnOptions: Names<RNNOptions> = { activation: true, ...recurrentOptions }

/**
 * h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), at each step of a sequence. Elman 1990.
 * @example
 * const { output, state } = new RNN(3, 8).forward(zeros([20, 1, 3])) // [20, 1, 8] and [1, 1, 8]
 */
export class RNN extends HiddenState {
  private readonly activation: Activation

  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(inputs: number, hidden: number, options: RNNOptions = {}) {
    super(inputs, hidden, 1, options, rnnOptions)
    this.activation = readActivation('RNN', options.activation ?? 'tanh')
  }

  protected override step(x: Value, [h]: readonly [Value], weights: CellWeights): readonly Value[] {
    return [this.activation(gateSums(x, h, weights))]
  }
}
