/** Compares a program with the trace that it was made of, once, at the arguments that were traced. */
import { warn } from '../warn.ts'

/** Sums in another order differ by some roundings, relative to the largest number. */
const TOLERANCE = 1e-9

/** Whether all are close; a difference is reported, since it is a fault of the compiler. */
export function agree(got: readonly ArrayLike<number>[], wanted: readonly ArrayLike<number>[]): boolean {
  const same = wanted.every((numbers, i) => close(got[i] ?? [], numbers))
  if (!same)
    warn(
      'compile: the program did not give what the function gives. It is compiled without re-rolling. Please report this.',
    )
  return same
}

function close(got: ArrayLike<number>, wanted: ArrayLike<number>): boolean {
  let largest = 1
  for (let i = 0; i < wanted.length; i++) {
    const size = Math.abs(wanted[i] as number)
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size
  }
  for (let i = 0; i < wanted.length; i++) {
    const x = got[i] as number
    const y = wanted[i] as number
    if (!Object.is(x, y) && !(x === y) && !(Math.abs(x - y) <= TOLERANCE * largest)) return false
  }
  return got.length === wanted.length
}
