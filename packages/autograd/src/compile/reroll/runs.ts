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
  for (let period = 1; period <= longest; period++) {
    if (!repeats(kind, middle, period, WINDOW) || !repeats(kind, middle, period, 2 * period)) continue
    const run = around(columns, middle, period, inputs, count)
    if (2 * (run.end - run.start) >= size) return run
  }
  return null
}

function repeats(kind: Int32Array, from: number, period: number, size: number): boolean {
  for (let i = from; i < from + size; i++) if (kind[i] !== kind[i + period]) return false
  return true
}

/** As far as the period goes, both ways from the middle. */
function around(columns: readonly Int32Array[], middle: number, period: number, low: number, high: number): Run {
  const none: Run = { start: middle, period, count: 0, end: middle }
  const from = middle + 2 * period
  let before = low + 2 * period - 1
  let end = high
  for (const column of columns) {
    end = bendFrom(column, period, from, end, 1)
    if (end < from + period) return none
  }
  for (const column of columns) before = bendFrom(column, period, from - 1, before, -1)
  const start = before - 2 * period + 1
  return { start, period, count: Math.floor((end - start) / period), end }
}
