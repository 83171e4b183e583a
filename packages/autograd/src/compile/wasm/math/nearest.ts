/** Functions by their Taylor series around the nearest multiple of 1/128, with two numbers about each from a table. */
import type { Lanes, Vector } from './lanes.ts'

const STEPS = 128
/** Adding it rounds to a multiple of 1/STEPS, whose number then stands in the low word. */
const ROUNDER = 1.5 * (2 ** 52 / STEPS)

/** A table: what it tells of each multiple from 0 to `end`. */
export interface Table {
  readonly name: string
  readonly end: number
  readonly at: (r: number) => readonly [number, number]
}

/** size = r + d with r in the table. */
export interface Nearest {
  readonly r: Vector
  readonly d: Vector
  readonly first: Vector
  readonly second: Vector
}

/** For f64 lanes of 0 or more, of which whatever is above the end counts as the end. NaN comes out in d. */
export function nearest(f: Lanes, size: Vector, table: Table): Nearest {
  const rounded = f.add(f.min(table.end, size), ROUNDER)
  const r = f.sub(rounded, ROUNDER)
  const d = f.sub(f.min(size, table.end), r)
  return {
    r,
    d,
    ...f.pairs(
      rounded,
      f.library.table(table.name, () => pairsOf(table)),
    ),
  }
}

function pairsOf({ end, at }: Table): Float64Array {
  const pairs = new Float64Array(2 * (end * STEPS + 1))
  for (let i = 0; i <= end * STEPS; i++) pairs.set(at(i / STEPS), 2 * i)
  return pairs
}
