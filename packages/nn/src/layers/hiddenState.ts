/** The recurrent layers whose state is the hidden vector alone. */
import type { Value } from '@adjoint/autograd'
import type { Input } from '../input.ts'
import { type Recurrence, Recurrent } from './recurrent.ts'

/** RNN and GRU from outside: one Value is the state. */
export abstract class HiddenState extends Recurrent<Value> {
  /**
   * @param x [steps, batch, inputs], with `batchFirst` [batch, steps, inputs]; or [steps, inputs].
   * @param state [layers, batch, hidden], whatever `batchFirst` says; or [layers, hidden]. Default: zeros.
   * @returns output: as x, with hidden for inputs; state: as the initial one. If bidirectional, the hidden axis of the
   * output and the layers axis of the state are twice as long.
   * @throws ShapeError
   */
  override forward(x: Input, state?: Input): Recurrence<Value> {
    return this.run(x, state)
  }

  protected override partsOf(state: Input | undefined): readonly (Input | undefined)[] {
    return [state]
  }

  protected override stateOf([h]: readonly [Value]): Value {
    return h
  }
}
