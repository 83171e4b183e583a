/** Where in the period an iteration begins. A wrong choice turns values of one iteration into recurrences. */
import type { Chained } from './chains.ts'
import { columns } from './flat.ts'
import type { Piece } from './pieces.ts'

/** For each node the last one that reads it, or adds to the same sum next (0: none), and the sum that it adds to. */
export interface Uses {
  readonly last: Int32Array
  readonly chain: Int32Array
}

/** The first place at or after `from` where iterations of the piece may begin. */
export type Phase = (uses: Uses, piece: Piece, period: number, from: number) => number

/** A sum under way at the border of an iteration weighs more than a value that is complete. */
const OPEN_SUM = 2

/** The first place where the fewest values cross the border between iterations. */
export function phaseOf({ last, chain }: Uses, { start, end }: Piece, period: number, from: number): number {
  if (period === 1) return from
  const cuts = new Int32Array(period + 1)
  const count = Math.floor((end - start) / period)
  const middle = start + period * Math.min(count - 1, Math.max(1, count >> 1))
  for (let i = middle; i < middle + period && i < end; i++) {
    // A value made at i and last read at i + length crosses the borders at i + 1 … i + length, one a period.
    const length = ((last[i] as number) - i) % period
    // What is read behind the loop has to be in memory anyway.
    if ((last[i] as number) <= i || (last[i] as number) >= end || length === 0) continue
    const first = (i + 1 - start) % period
    const after = (i + length - start) % period
    const weight = (chain[i] as number) < 0 ? 1 : OPEN_SUM
    ;(cuts[first] as number) += weight
    ;(cuts[after + 1] as number) -= weight
    if (first > after) (cuts[0] as number) += weight
  }
  let least = Number.POSITIVE_INFINITY
  let best = 0
  let sum = 0
  const offset = (from - start) % period
  for (let k = 0; k < period; k++) {
    sum += cuts[k] as number
    const later = (k - offset + period) % period
    const score = sum * period + later
    if (score < least) {
      least = score
      best = later
    }
  }
  return from + best
}

export function usesOf(trace: Chained): Uses {
  const { inputs, count, chain, starts } = trace
  const last = new Int32Array(count)
  const latest = new Int32Array(starts.length)
  for (const column of columns(trace)) {
    for (let i = inputs; i < count; i++) {
      const id = column[i] as number
      if (id >= inputs && (last[id] as number) < i) last[id] = i
    }
  }
  for (let i = inputs; i < count; i++) {
    const sum = chain[i] as number
    if (sum < 0) continue
    const before = latest[sum] as number
    if (before > 0 && (last[before] as number) < i) last[before] = i
    latest[sum] = i
  }
  return { last, chain }
}
