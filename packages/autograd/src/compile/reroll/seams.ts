/** Where repetitions that were left out of a trace belong, once its sums are known: they are as those on both sides. */
import { bendFrom } from './bends.ts'
import type { Chained, Chains } from './chains.ts'
import { type FlatTrace, usedColumns } from './flat.ts'
import type { Short } from './shorten.ts'

/** Repetitions before the seam: the first ones may differ from what follows. */
const BEFORE = 3

/** A place in a list where repetitions are put in: entries from `at` to `end` belong to those that follow. */
export interface Seam {
  readonly at: number
  readonly period: number
  readonly end: number
  /** How many entries are put in. */
  readonly more: number
}

/** In the list of nodes, and in that of the first terms that were inserted. */
export interface Seams {
  readonly nodes: Seam
  readonly firsts: Seam
}

/** Null where repetitions that should be alike are not. */
export function seamsOf(flat: FlatTrace, short: Short, chains: Chains): Seams | null {
  const { run } = short
  const { trace, roots } = chains
  const borders = [1, 2, BEFORE, run.count].map((k) => run.start + k * run.period)
  const places = borders.map((i) => placeOf(i, trace.inserted))
  const whole = seamOf(places, short)
  const sums = seamOf(
    borders.map((i) => countBelow(i, roots)),
    short,
  )
  const firsts = seamOf(
    places.map((i) => countBelow(i, trace.inserted)),
    short,
  )
  if (whole === null || sums === null || firsts === null) return null
  const nodes = { ...whole, end: placeOf(run.end, trace.inserted) }
  const alike = nodesAlike(trace, nodes) && sumsAlike(trace, nodes) && startsAlike(flat, short, chains, sums)
  return alike ? { nodes, firsts } : null
}

/** By where the second, the third, and the first repetition behind the seam begin, and where the last one ends. */
function seamOf([first = 0, second = 0, at = 0, end = 0]: readonly number[], { run, left }: Short): Seam | null {
  const period = at - second
  if (second - first !== period || end - at !== (run.count - BEFORE) * period) return null
  return { at, period, end, more: left * period }
}

/** Where a node of the flat trace is among first terms. */
function placeOf(node: number, inserted: Int32Array): number {
  let before = 0
  while (before < inserted.length && (inserted[before] as number) - before <= node) before++
  return node + before
}

function countBelow(limit: number, ascending: Int32Array): number {
  let count = 0
  while (count < ascending.length && (ascending[count] as number) < limit) count++
  return count
}

/** Whether the repetitions on both sides of the seam have the same nodes, whose operands move by the same steps. */
function nodesAlike(trace: Chained, { at, period, end }: Seam): boolean {
  const { kind, sum } = trace
  for (let i = at - period; i < at; i++) if (kind[i] !== kind[i - period]) return false
  return [kind, sum, ...usedColumns(trace)].every((column) => bendFrom(column, period, at, end, 1) === end)
}

/** Whether sums go through all repetitions, or end in their own one or in the one behind. */
function sumsAlike({ sum }: Chained, { at, period }: Seam): boolean {
  for (let i = at - period; i < at; i++) {
    const end = sum[i] as number
    const step = end - (sum[i - period] as number)
    if (step !== 0 && (step !== period || end >= at + period)) return false
  }
  return true
}

/** Whether sums that start with 0 do so in all repetitions, those that were left out included. */
function startsAlike(
  { constants }: FlatTrace,
  { run, left }: Short,
  { heads, roots }: Chains,
  { at, period, end }: Seam,
): boolean {
  const begun = countBelow(run.end, roots) - end
  for (let i = at - period; i < at; i++) {
    const head = heads[i] as number
    if (head >= 0 || !Object.is(constants[-1 - head], 0)) continue
    const step = head - (heads[i - period] as number)
    const rows = run.count + left - BEFORE + (i - at + period < begun ? 1 : 0)
    for (let k = 1; k <= rows; k++) if (!Object.is(constants[-1 - head - k * step], 0)) return false
  }
  return true
}
