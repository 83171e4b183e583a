/** Tables of numbers, one an iteration of some loops, row by row: how to make them, and affine places that equal them. */
import type { LoopNode, Place } from './rolled.ts'
import { sizeOfPath } from './rolled.ts'

/** column[node] for the node of each iteration of the path. */
export function gather(column: Int32Array, first: number, path: readonly LoopNode[]): Int32Array {
  const size = sizeOfPath(path)
  const table = new Int32Array(size)
  const [outer] = path
  if (outer === undefined) table[0] = column[first] as number
  else if (path.length === 1) {
    for (let i = 0, at = first; i < size; i++, at += outer.period) table[i] = column[at] as number
  } else {
    const rest = path.slice(1)
    const row = size / outer.count
    for (let i = 0; i < outer.count; i++) table.set(gather(column, first + i * outer.period, rest), i * row)
  }
  return table
}

/** The affine place that gives the table, or null. */
export function fit(table: Int32Array | Float64Array, counts: readonly number[]): Place | null {
  const base = table[0] as number
  const strides: number[] = []
  let row = table.length
  for (const count of counts) {
    row /= count
    strides.push(count > 1 ? (table[row] as number) - base : 0)
  }
  return follows(table, base, 0, counts, strides, 0) < 0 ? null : { base, strides, table: null }
}

/** The number of entries that were compared, or −1. */
function follows(
  table: Int32Array | Float64Array,
  base: number,
  from: number,
  counts: readonly number[],
  strides: readonly number[],
  level: number,
): number {
  const count = counts[level] ?? 1
  const stride = strides[level] ?? 0
  if (level >= counts.length - 1) {
    for (let i = 0, expected = base; i < count; i++, expected += stride) if (table[from + i] !== expected) return -1
    return count
  }
  let at = from
  for (let i = 0; i < count; i++) {
    const length = follows(table, base + i * stride, at, counts, strides, level + 1)
    if (length < 0) return -1
    at += length
  }
  return at - from
}

/** The place of a table that is not affine: the loops that do not change it are left out. */
export function tabulate<T extends Int32Array | Float64Array>(
  table: T,
  counts: readonly number[],
): { readonly values: T; readonly strides: readonly number[] } {
  let values = table
  const left = [...counts]
  const kept = counts.map(() => true)
  for (let level = counts.length - 1; level >= 0; level--) {
    const count = left[level] as number
    const row = left.slice(level + 1).reduce((x, y) => x * y, 1)
    if (!repeats(values, count, row)) continue
    values = values.filter((_, i) => Math.floor(i / row) % count === 0) as T
    left[level] = 1
    kept[level] = false
  }
  const strides: number[] = []
  let size = 1
  for (let level = counts.length - 1; level >= 0; level--) {
    strides[level] = kept[level] ? size : 0
    size *= left[level] as number
  }
  return { values, strides }
}

/** Whether all `count` rows of each block are the same. */
function repeats(values: Int32Array | Float64Array, count: number, row: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const first = i - (Math.floor(i / row) % count) * row
    if (!Object.is(values[i], values[first])) return false
  }
  return true
}

/** Calls back with the index in the table and the iteration of each loop. */
export function eachIteration(counts: readonly number[], visit: (index: number, at: readonly number[]) => void): void {
  const at = counts.map(() => 0)
  const size = counts.reduce((x, y) => x * y, 1)
  for (let index = 0; index < size; index++) {
    visit(index, at)
    for (let level = counts.length - 1; level >= 0; level--) {
      const next = (at[level] as number) + 1
      at[level] = next === counts[level] ? 0 : next
      if (at[level] !== 0) break
    }
  }
}

export function placeOf(table: Int32Array, counts: readonly number[]): Place {
  const affine = fit(table, counts)
  if (affine !== null) return affine
  const { values, strides } = tabulate(table, counts)
  return { base: 0, strides, table: values }
}

/** The entry of a place in an iteration. */
export function entryOf({ base, strides, table }: Place, at: readonly number[]): number {
  let index = base
  for (let level = 0; level < strides.length; level++) index += (strides[level] as number) * (at[level] as number)
  return table === null ? index : (table[index] as number)
}
