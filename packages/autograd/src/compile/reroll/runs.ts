/**
 * A long run of repetitions in a flat trace, as most traces have one. What is found out about a few of its repetitions
 * holds for all, so the search for loops need not look at the others.
 */
import { bendFrom } from './bends.ts'
import { type FlatTrace, usedColumns } from './flat.ts'

/** Nodes that repeat: the same operations, and operands that move by the same step from each repetition to the next. */
export interface Run {
  readonly start: number
  readonly period: number
  readonly count: number
  /** Behind the last repetition and the beginning of another one. */
  readonly end: number
}

/** Operations that are compared before anything else. */
const WINDOW = 16
const LONGEST_PERIOD = 1 << 14
const FEWEST = 12

/** The run around the middle of the trace, if it has the greater part of it. */
export function runOf(flat: FlatTrace): Run | null {
  const { inputs, count, kind } = flat
  const size = count - inputs
  const middle = inputs + (size >> 1)
  const longest = Math.min(LONGEST_PERIOD, Math.floor(size / FEWEST))
  const columns = [kind, ...usedColumns(flat)]
  /** Just before the place where the last period that was tried ceases: an inner loop ends there, for all its multiples. */
  let wall = middle
  for (let period = 1; period <= longest; period++) {
    if (!repeats(kind, middle, period) || !columns.every((column) => isSteady(column, wall, period))) continue
    const run = around(columns, middle, period, inputs, count)
    if (2 * (run.end - run.start) >= size) return run
    wall = Math.min(run.end - WINDOW / 2, count - 3 * longest)
  }
  return null
}

function repeats(kind: Int32Array, from: number, period: number): boolean {
  for (let i = from; i < from + WINDOW; i++) if (kind[i] !== kind[i + period]) return false
  return true
}

function isSteady(column: Int32Array, from: number, period: number): boolean {
  const end = from + 2 * period + WINDOW
  return bendFrom(column, period, from + 2 * period, end, 1) === end
}

/** As far as the period goes, both ways from the middle; no repetition where it does not go for three of them. */
function around(columns: readonly Int32Array[], middle: number, period: number, low: number, high: number): Run {
  const [kind] = columns as [Int32Array]
  const from = middle + 2 * period
  let same = middle
  while (same < from && kind[same] === kind[same + period]) same++
  let end = same < from ? same + period : high
  for (const column of columns) if (end > from) end = bendFrom(column, period, from, end, 1)
  if (end < from + period) return { start: end, period, count: 0, end }
  let before = low + 2 * period - 1
  for (const column of columns) before = bendFrom(column, period, from - 1, before, -1)
  const start = before - 2 * period + 1
  return { start, period, count: Math.floor((end - start) / period), end }
}
