/** Compares a program with the function, once, at the arguments that it was traced with. */
import { toNdArray } from '../../data.ts'
import { argumentValues, valuesOf } from '../../transforms/structure.ts'
import { warn } from '../warn.ts'
import type { Binding } from './binding.ts'

/** Sums in another order differ by some roundings, relative to the largest number. */
const TOLERANCE = 1e-9

/** Whether both give the same; a difference is reported, since it is a fault of the compiler. */
export function agrees(f: (...args: never[]) => unknown, args: readonly unknown[], binding: Binding): boolean {
  const wanted = valuesOf('compile', f(...(args as never[])))
  const data = argumentValues('compile', args).map((x) => x.raw)
  const got = valuesOf('compile', binding.run(data))
  const same =
    got.length === wanted.length &&
    got.every((y, i) => close(toNdArray(y.raw).data, toNdArray(wanted[i]?.raw ?? 0).data))
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
