/** What the search for loops looks at: of each node its operation, one number for all its operands, and its last reader. */
import type { Chained } from './chains.ts'
import { NONE, usedColumns } from './flat.ts'

export interface Pattern {
  /** A node's operation with the classes of its operands. */
  readonly sign: Int32Array
  /**
   * A linear combination of the operands' ids modulo 2³², with weights that make accidents improbable: the operands of
   * three repetitions are in arithmetic progression where their combinations are.
   */
  readonly mix: Int32Array
  /** The last node that reads it, or adds to the same sum next (0: none). */
  readonly last: Int32Array
  /** The last addition into the sum that it adds to, or −1. */
  readonly sum: Int32Array
}

const WEIGHTS = [1, 0x2c1b3c6d, 0x297a2d39]
const SUM_WEIGHT = 0x1b56c4f5

export function patternOf(trace: Chained): Pattern {
  const { inputs, count, sum } = trace
  const pattern = {
    sign: trace.kind.slice(),
    mix: new Int32Array(count),
    last: new Int32Array(count),
    sum,
  }
  for (const [i, column] of usedColumns(trace).entries()) blend(column, inputs, WEIGHTS[i] as number, pattern)
  blendSums(trace, pattern)
  return pattern
}

function blend(column: Int32Array, inputs: number, weight: number, { sign, mix, last }: Pattern): void {
  const count = sign.length
  for (let i = inputs; i < count; i++) {
    const id = column[i] as number
    if (id < 0) sign[i] = 4 * (sign[i] as number) + (id === NONE ? 0 : 1)
    else {
      mix[i] = (mix[i] as number) + Math.imul(id, weight)
      if (id < inputs) sign[i] = 4 * (sign[i] as number) + 2
      else {
        sign[i] = 4 * (sign[i] as number) + 3
        if ((last[id] as number) < i) last[id] = i
      }
    }
  }
}

function blendSums({ inputs, count }: Chained, { sum, mix, last }: Pattern): void {
  /** By the last addition. */
  const latest = new Int32Array(count)
  for (let i = inputs; i < count; i++) {
    const end = sum[i] as number
    if (end < 0) continue
    mix[i] = (mix[i] as number) + Math.imul(end, SUM_WEIGHT)
    const before = latest[end] as number
    if (before > 0 && (last[before] as number) < i) last[before] = i
    latest[end] = i
  }
}
