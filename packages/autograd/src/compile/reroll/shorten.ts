/** A trace without most repetitions of its long run, in which loops are found as in the whole one. */
import { type FlatTrace, usedColumns } from './flat.ts'
import { type Run, runOf } from './runs.ts'

export interface Short {
  readonly flat: FlatTrace
  /** The run as it is there, of `kept` repetitions. */
  readonly run: Run
  /** How many repetitions are left out. */
  readonly left: number
}

/** Repetitions that are kept, and nodes at the least: the search looks for loops in what is left. */
const KEPT = 6
const SMALLEST = 100
/** How many repetitions before may be read. */
const REACH = 2

/** The trace with a shorter run; null where it has none, or where others read what all its repetitions make. */
export function shorten(flat: FlatTrace): Short | null {
  const run = runOf(flat)
  if (run === null) return null
  const { start, period, count, end } = run
  const kept = Math.max(KEPT, Math.ceil(SMALLEST / period))
  const left = count - kept
  const columns = usedColumns(flat)
  if (left < kept || !columns.every((column) => goesOn(column, run, flat.inputs))) return null
  const kind = without(flat.kind, run, left)
  const operands = columns.map((column) => without(column, run, left))
  const outputs = Int32Array.from(flat.outputs)
  const from = end - left * period
  if (!operands.every((column) => moveBack(column, from, run, left)) || !moveBack(outputs, 0, run, left)) return null
  const [a, b, c] = operands as [Int32Array, Int32Array, Int32Array?]
  const short = { ...flat, count: kind.length, kind, a, b, c: c ?? flat.c, outputs: Array.from(outputs) }
  return { flat: short, run: { start, period, count: kept, end: from }, left }
}

/**
 * Whether what an operand reads in the first repetition tells who reads what in all: constants, inputs, one node before
 * the run, or nodes of its own repetition and of those just before.
 */
function goesOn(column: Int32Array, { start, period, count, end }: Run, inputs: number): boolean {
  for (let i = start; i < start + period; i++) {
    const first = column[i] as number
    const step = (column[i + period] as number) - first
    const last = first + (i + count * period < end ? count : count - 1) * step
    if (first < 0) {
      if (last >= 0) return false
    } else if (first < inputs) {
      if (last < 0 || last >= inputs) return false
    } else if (step !== period || first < start - REACH * period) {
      if (step !== 0 || first >= start) return false
    }
  }
  return true
}

/** The column without the last repetitions of the run. */
function without(column: Int32Array, { period, end }: Run, left: number): Int32Array {
  const made = new Int32Array(column.length - left * period)
  made.set(column.subarray(0, end - left * period))
  made.set(column.subarray(end), end - left * period)
  return made
}

/** Lets those from `from` on read what the last repetitions make, where it is now; false where they read others. */
function moveBack(ids: Int32Array, from: number, { start, period, end }: Run, left: number): boolean {
  const near = end - REACH * period
  for (let i = from; i < ids.length; i++) {
    const id = ids[i] as number
    if (id < start) continue
    if (id < near) return false
    ids[i] = id - left * period
  }
  return true
}
