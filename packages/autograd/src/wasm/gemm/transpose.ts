/** Squares of as many vectors as a vector has lanes, transposed in registers. */
import type { Routine, Variable, Whole } from './routine.ts'

/** The 16 bytes of a shuffle, from elements of so many bytes: those of x first, then those of y. */
function bytesOf(size: number, elements: readonly number[]): number[] {
  return elements.flatMap((e) => Array.from({ length: size }, (_, i) => e * size + i))
}

/** Pairs what the lower, or the upper, halves of x and y hold. */
const interleave: Readonly<Record<4 | 8, readonly (readonly number[])[]>> = {
  4: [bytesOf(4, [0, 4, 1, 5]), bytesOf(4, [2, 6, 3, 7])],
  8: [bytesOf(8, [0, 2]), bytesOf(8, [1, 3])],
}

/** Transposes the square in place; `spare` are as many vectors. */
export function transpose(r: Routine<string>, square: readonly Variable[], spare: readonly Variable[]): void {
  const zip = (size: 4 | 8, x: Variable, y: Variable, low: Variable, high: Variable): void => {
    for (const [i, to] of [low, high].entries()) {
      r.push(x, y)
      r.code.shuffle(interleave[size][i] ?? []).set(to.local)
    }
  }
  const [s0, s1, s2, s3] = square as [Variable, Variable, Variable?, Variable?]
  const [t0, t1, t2, t3] = spare as [Variable, Variable, Variable, Variable]
  if (s2 === undefined || s3 === undefined) {
    zip(8, s0, s1, t0, s1)
    r.set(s0, t0)
  } else {
    zip(4, s0, s1, t0, t1)
    zip(4, s2, s3, t2, t3)
    zip(8, t0, t2, s0, s1)
    zip(8, t1, t3, s2, s3)
  }
}

/** Pointers to so many rows. */
export function rowsBelow(r: Routine<string>, count: number): Variable[] {
  return Array.from({ length: count }, () => r.variables('row').row)
}

/** Points to rows one below the other. Past the last of `n` rows the last one is read again: what it gives is unused. */
export function pointBelow(r: Routine<string>, rows: readonly Variable[], from: Whole, stride: Whole, n: Whole): void {
  let above: Variable | undefined
  for (const [i, row] of rows.entries()) {
    r.set(row, above === undefined ? from : r.select(r.whole('i32.gt_s', n, i), r.sum(above, stride), above))
    above = row
  }
}
