/** Stretches of a trace in which each operand moves by a fixed step from one repetition to the next. */
import { bendFrom } from './bends.ts'
import type { Pattern } from './pattern.ts'

export interface Piece {
  readonly start: number
  readonly end: number
}

/** Fewer repetitions are no loop. */
export const REPEATS = 3

/**
 * The stretches of [low, high) that repeat with the period. `lookups`: where nothing else repeats, operands may come from
 * tables.
 */
export function piecesOf(pattern: Pattern, period: number, low: number, high: number, lookups: boolean): Piece[] {
  const { sign } = pattern
  const pieces: Piece[] = []
  let i = low + period
  while (i < high) {
    const end = endOfRun(sign, period, i, high)
    const start = i - period
    if (end - start >= REPEATS * period) {
      const strict = split(pattern, period, start, end, null)
      const covered = strict.reduce((sum, piece) => sum + piece.end - piece.start, 0)
      const mask = lookups && 2 * covered < end - start ? irregular(pattern, period, start, end) : null
      for (const piece of mask === null ? strict : split(pattern, period, start, end, mask)) pieces.push(piece)
    }
    i = startOfRun(sign, period, end, high)
  }
  return pieces
}

/** Where the operations cease to be those of the period before. */
function endOfRun(sign: Int32Array, period: number, from: number, high: number): number {
  let i = from
  while (i < high && sign[i] === sign[i - period]) i++
  return i
}

/** Where they are again. */
function startOfRun(sign: Int32Array, period: number, from: number, high: number): number {
  let i = from
  while (i < high && sign[i] !== sign[i - period]) i++
  return i
}

/** Cuts a stretch where a step changes. Nodes at masked places of the period may go anywhere (table lookups). */
function split({ mix }: Pattern, period: number, low: number, high: number, mask: Uint8Array | null): Piece[] {
  const pieces: Piece[] = []
  let start = low
  let end = low
  for (let i = bendFrom(mix, period, low + 2 * period, high, 1); ; i = bendFrom(mix, period, i + 1, high, 1)) {
    if (i < high && mask !== null && mask[(i - low) % period] === 1) continue
    const from = Math.max(start, end)
    if (i - from >= REPEATS * period) {
      pieces.push({ start: from, end: i })
      end = i
    }
    if (i >= high) return pieces
    // What stands two periods before does not belong to the step that begins here.
    start = i - 2 * period + 1
  }
}

/**
 * The places of the period where more than a fourth of the steps change; null where there are none. Where a combination
 * leaves the range of 32 bits, that counts as a change: among lookups it is worth a table to have fewer pieces.
 */
function irregular({ mix }: Pattern, period: number, low: number, high: number): Uint8Array | null {
  const bends = new Int32Array(period)
  for (let i = low + 2 * period, k = 0; i < high; i++) {
    if ((mix[i] as number) - 2 * (mix[i - period] as number) + (mix[i - 2 * period] as number)) (bends[k] as number)++
    if (++k === period) k = 0
  }
  const most = Math.max(1, ((high - low) / period - 2) / 4)
  let masked = 0
  const mask = new Uint8Array(period)
  for (let k = 0; k < period; k++) {
    if ((bends[k] as number) <= most) continue
    mask[k] = 1
    masked++
  }
  return masked === 0 ? null : mask
}
