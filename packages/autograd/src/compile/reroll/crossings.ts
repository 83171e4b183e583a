/** In which iterations of the loops around its reader a value was made. */
import type { LoopNode } from './rolled.ts'

export interface Crossings {
  /** The loops around the reader in whose iteration all that it reads was made. */
  readonly shared: number
  /** The loops in which an iteration reads what another one made, a bit a level. */
  readonly across: number
}

const SOME = 1
const ACROSS = 2

/**
 * How many loops around the reader have all nodes made in its own iteration, and the loops in other iterations of which
 * some are; of the first `own` loops that is known.
 */
export function crossingsOf(table: Int32Array, path: readonly LoopNode[], own: number): Crossings {
  let shared = path.length
  let across = 0
  const visit = (level: number, at: number, size: number, shift: number): void => {
    const loop = path[level]
    if (loop === undefined) return
    const { start, period, count } = loop
    const row = size / count
    const found = strays(table, at, row, count, start + shift, period)
    if (found !== 0) shared = Math.min(shared, level)
    if (found & ACROSS) across |= 1 << level
    if (level === path.length - 1) return
    for (let i = 0; i < count; i++) visit(level + 1, at + i * row, row, shift + i * period)
  }
  visit(own, 0, table.length, 0)
  return { shared, across }
}

/** Whether some nodes are not made in the iteration that they are read in, and whether in another one of the loop. */
function strays(table: Int32Array, at: number, row: number, count: number, start: number, period: number): number {
  const end = start + count * period
  let found = 0
  for (let i = 0; i < count; i++) {
    const low = start + i * period
    const high = low + period
    for (let k = at + i * row; k < at + (i + 1) * row; k++) {
      const id = table[k] as number
      if (id < low || id >= high) found |= id >= start && id < end ? ACROSS | SOME : SOME
    }
  }
  return found
}
