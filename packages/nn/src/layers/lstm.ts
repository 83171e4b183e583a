/** The long short-term memory. */
import { DomainError, type Value } from '@adjoint/autograd'
import type { Input } from '../input.ts'
import { show } from '../options.ts'
import { type CellWeights, gateSums, type Recurrence, Recurrent, type RecurrentOptions } from './recurrent.ts'

/** h and c, each [layers, batch, hidden]. */
export interface LSTMState<T = Value> {
  readonly hidden: T
  readonly cell: T
}

/**
 * i, f, o = σ(W_i·x + b_ii + W_hi·h + b_hi) …, g = tanh(…), c′ = f∘c + i∘g, h′ = o∘tanh(c′), at each step of a
 * sequence. The rows of the weights are i, f, g, o, as in PyTorch. Hochreiter & Schmidhuber 1997, Gers et al. 2000.
 * @example
 * const { output, state } = new LSTM(3, 8).forward(zeros([20, 1, 3])) // [20, 1, 8] and { hidden, cell }, [1, 1, 8] each
 */
export class LSTM extends Recurrent<LSTMState> {
  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(inputs: number, hidden: number, options: RecurrentOptions = {}) {
    super(inputs, hidden, 4, options)
  }

  /**
   * @param x [steps, batch, inputs], with `batchFirst` [batch, steps, inputs]; or [steps, inputs].
   * @param state hidden and cell, [layers, batch, hidden] each, whatever `batchFirst` says; or [layers, hidden].
   * Default: zeros.
   * @returns output: as x, with hidden for inputs; state: as the initial one. If bidirectional, the hidden axis of the
   * output and the layers axis of the state are twice as long.
   * @throws ShapeError; DomainError for a state without hidden or cell.
   */
  override forward(x: Input, state?: LSTMState<Input>): Recurrence<LSTMState> {
    return this.run(x, state)
  }

  protected override step(x: Value, [h, c]: readonly [Value, Value], weights: CellWeights): readonly Value[] {
    const [i, f, g, o] = gateSums(x, h, weights).split(4, -1) as [Value, Value, Value, Value]
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()))
    return [o.sigmoid().mul(cell.tanh()), cell]
  }

  protected override partsOf(state: LSTMState<Input> | undefined): readonly (Input | undefined)[] {
    if (state === undefined) return [undefined, undefined]
    const { hidden, cell }: Partial<LSTMState<Input>> = state ?? {}
    if (hidden !== undefined && cell !== undefined) return [hidden, cell]
    throw new DomainError(`LSTM: the initial state is ${show(state)}. Give both parts by name: { hidden, cell }.`)
  }

  protected override stateOf([hidden, cell]: readonly [Value, Value]): LSTMState {
    return { hidden, cell }
  }
}
