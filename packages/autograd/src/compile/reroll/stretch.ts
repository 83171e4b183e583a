/** Puts the repetitions back that were left out of a trace, after the search: into its nodes, its sums, and its loops. */
import type { Chained } from './chains.ts'
import { type FlatTrace, usedColumns } from './flat.ts'
import { move, type PlanLoop } from './plan.ts'
import type { Seam, Seams } from './seams.ts'

/** The whole trace with its sums. */
export function stretchTrace(flat: FlatTrace, trace: Chained, { nodes, firsts }: Seams): Chained {
  const { at, more } = nodes
  const columns = usedColumns(trace).map((column) => widen(column, nodes, at, more))
  const [a = trace.a, b = trace.b, c = trace.c] = columns
  const sum = widen(withFarEnds(trace.sum, nodes), nodes, at, more)
  const inserted = widen(trace.inserted, firsts, at, more)
  const kind = widen(trace.kind, nodes, trace.kinds.length, 0)
  const outputs = trace.outputs.map((id) => (id >= at ? id + more : id))
  return { ...trace, flat, count: trace.count + more, kind, a, b, c, sum, inserted, outputs }
}

/** The last additions as they will be for nodes before the seam: sums that go through all repetitions end behind it. */
function withFarEnds(sum: Int32Array, { at, period, more }: Seam): Int32Array {
  const made = sum.slice()
  shift(made, 0, at - period, at, more)
  for (let i = at - period; i < at; i++) if (sum[i] === sum[i - period]) made[i] = made[i - period] as number
  return made
}

/** The list with all repetitions. What follows the last of them is as it was, but for ids behind the seam. */
function widen(list: Int32Array, { at, period, end, more }: Seam, seam: number, by: number): Int32Array {
  const made = new Int32Array(list.length + more)
  made.set(list.subarray(0, at))
  goOn(made, period, at, end + more)
  made.set(list.subarray(end), end + more)
  shift(made, end + more, made.length, seam, by)
  return made
}

/** Lets numbers move on by the steps between the last two repetitions. */
function goOn(list: Int32Array, period: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const before = list[i - period] as number
    list[i] = before + (before - (list[i - 2 * period] as number))
  }
}

/** Adds to the numbers that are not below the limit. */
function shift(list: Int32Array, from: number, to: number, limit: number, by: number): void {
  for (let i = from; i < to; i++) if ((list[i] as number) >= limit) list[i] = (list[i] as number) + by
}

/** The loops with all repetitions; null unless one of them goes over the seam. */
export function stretchLoops(plan: readonly PlanLoop[], { at, period: row, more }: Seam): PlanLoop[] | null {
  let over = 0
  const loops: PlanLoop[] = []
  for (const loop of plan) {
    const { start, period, count } = loop
    const end = start + count * period
    if (end <= at) loops.push(loop)
    else if (start >= at) loops.push(move(loop, more))
    else {
      if (more % period !== 0 || (row % period !== 0 && period % row !== 0)) return null
      if (start + period > at || end < at + row) return null
      loops.push({ ...loop, count: count + more / period })
      over++
    }
  }
  return over === 1 ? loops : null
}
