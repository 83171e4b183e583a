/** Where in the period an iteration begins. A wrong choice turns values of one iteration into recurrences. */
import type { Pattern } from './pattern.ts'
import type { Piece } from './pieces.ts'

/** The first place at or after `from` where iterations of the piece may begin. */
export type Phase = (pattern: Pattern, piece: Piece, period: number, from: number) => number

/** A sum under way at the border of an iteration weighs more than a value that is complete. */
const OPEN_SUM = 2

/** The first place where the fewest values cross the border between iterations. */
export function phaseOf({ last, sum: sums }: Pattern, { start, end }: Piece, period: number, from: number): number {
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
    const weight = (sums[i] as number) < 0 ? 1 : OPEN_SUM
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
