/** The gated recurrent unit. */
import { linear, type Value } from '@adjoint/autograd'
import { HiddenState } from './hiddenState.ts'
import type { CellWeights, RecurrentOptions } from './recurrent.ts'

/**
 * r = σ(W_ir·x + b_ir + W_hr·h + b_hr), z likewise, n = tanh(W_in·x + b_in + r∘(W_hn·h + b_hn)),
 * h′ = (1 − z)∘n + z∘h, at each step of a sequence. The rows of the weights are r, z, n, as in PyTorch. Cho et al. 2014.
 * @example
 * const { output, state } = new GRU(3, 8, { layers: 2 }).forward(zeros([20, 1, 3])) // [20, 1, 8] and [2, 1, 8]
 */
export class GRU extends HiddenState {
  /** @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range. */
  constructor(inputs: number, hidden: number, options: RecurrentOptions = {}) {
    super(inputs, hidden, 3, options)
  }

  protected override step(x: Value, [h]: readonly [Value], weights: CellWeights): readonly Value[] {
    const [xr, xz, xn] = thirds(linear(x, weights.ih, weights.biasIh))
    const [hr, hz, hn] = thirds(linear(h, weights.hh, weights.biasHh))
    const [r, z] = [xr.add(hr).sigmoid(), xz.add(hz).sigmoid()]
    const n = xn.add(r.mul(hn)).tanh()
    return [n.add(z.mul(h.sub(n)))]
  }
}

function thirds(gates: Value): readonly [Value, Value, Value] {
  return gates.split(3, -1) as [Value, Value, Value]
}
