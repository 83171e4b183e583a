/**
 * Tables of numbers, one an iteration of some loops, row by row: how to make them, and affine places that equal them. All
 * of it is done by a few plain loops, whatever the depth of the nest.
 */
import type { LoopNode, Place } from './rolled.ts'
import { countsOf } from './rolled.ts'

/** How many iterations there are. */
export function sizeOf(counts: readonly number[]): number {
  return counts.reduce((size, count) => size * count, 1)
}

/** base + Σ stride·iteration. */
export function grid(base: number, strides: readonly number[], counts: readonly number[]): Int32Array {
  const table = new Int32Array(sizeOf(counts))
  table[0] = base
  let size = 1
  for (let level = counts.length - 1; level >= 0; level--) {
    const end = size * (counts[level] as number)
    extend(table, size, end, strides[level] as number)
    size = end
  }
  return table
}

/** Goes on to `end` with what stands `size` places before, and `stride` more. */
function extend(table: Int32Array, size: number, end: number, stride: number): void {
  for (let i = size; i < end; i++) table[i] = (table[i - size] as number) + stride
}

/** column[id] for each id. */
export function pick(column: Int32Array, ids: Int32Array): Int32Array {
  const table = new Int32Array(ids.length)
  for (let i = 0; i < ids.length; i++) table[i] = column[ids[i] as number] as number
  return table
}

export function periodsOf(path: readonly LoopNode[]): number[] {
  return path.map(({ period }) => period)
}

/** A node in each iteration of the path. */
export function instances(id: number, path: readonly LoopNode[]): Int32Array {
  return grid(id, periodsOf(path), countsOf(path))
}

/** The affine place that gives the table, or null. */
export function fit(table: Int32Array, counts: readonly number[]): Place | null {
  const base = table[0] as number
  const strides = counts.map(() => 0)
  let size = 1
  for (let level = counts.length - 1; level >= 0; level--) {
    const end = size * (counts[level] as number)
    const stride = end > size ? (table[size] as number) - base : 0
    if (!goesOn(table, size, end, stride)) return null
    strides[level] = stride
    size = end
  }
  return { base, strides, table: null }
}

function goesOn(table: Int32Array, size: number, end: number, stride: number): boolean {
  for (let i = size; i < end; i++) if ((table[i] as number) - (table[i - size] as number) !== stride) return false
  return true
}

/** The place of a table that is not affine: the loops that do not change it are left out. */
export function tabulate<T extends Int32Array | Float64Array>(
  table: T,
  counts: readonly number[],
): { readonly values: T; readonly strides: readonly number[] } {
  let values = table
  const strides = counts.map(() => 0)
  let size = 1
  for (let level = counts.length - 1; level >= 0; level--) {
    const count = counts[level] as number
    if (repeats(values, count, size)) values = firsts(values, count, size)
    else {
      strides[level] = size
      size *= count
    }
  }
  return { values, strides }
}

/** Whether the `count` rows of each block are the same. */
function repeats(values: Int32Array | Float64Array, count: number, row: number): boolean {
  for (let block = 0; block < values.length; block += count * row) {
    for (let i = block + row; i < block + count * row; i++) if (!Object.is(values[i], values[i - row])) return false
  }
  return true
}

/** The first row of each block. */
function firsts<T extends Int32Array | Float64Array>(values: T, count: number, row: number): T {
  const made = values.slice(0, values.length / count) as T
  for (let at = row; at < made.length; at += row) made.set(values.subarray(at * count, at * count + row), at)
  return made
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

/** The lowest and the highest entry of a place, over all iterations. */
export function rangeOf({ base, strides, table }: Place, counts: readonly number[]): readonly [number, number] {
  if (table !== null) return [table.reduce((x, y) => Math.min(x, y)), table.reduce((x, y) => Math.max(x, y))]
  let [low, high] = [base, base]
  for (const [level, stride] of strides.entries()) {
    const reach = stride * ((counts[level] ?? 1) - 1)
    low += Math.min(0, reach)
    high += Math.max(0, reach)
  }
  return [low, high]
}
