/**
 * The error function by its Taylor series around the nearest multiple r of 1/128, from a table of erf(r) and of the
 * slope s = 2/√π·exp(−r²). With d = |x| − r,
 *   erf(r + d) = erf(r) + s·d·(1 − rd + (2r² − 1)d²/3 + r(3 − 2r²)d³/6 + …),
 * the derivatives being Hermite polynomials times s (DLMF 7.10.1).
 */
import { erf as exactErf } from '../../../kernels/special/erf.ts'
import type { Lanes, Vector } from './lanes.ts'

const STEPS = 128
/** From here on erf is 1. */
const END = 6
/** Adding it rounds to a multiple of 1/STEPS, whose number then stands in the low word. */
const ROUNDER = 1.5 * (2 ** 52 / STEPS)

/** erf(r) and s in turn. */
function table(): Float64Array {
  const pairs = new Float64Array(2 * (END * STEPS + 1))
  for (let i = 0; i <= END * STEPS; i++) {
    const r = i / STEPS
    pairs[2 * i] = exactErf(r)
    pairs[2 * i + 1] = (2 / Math.sqrt(Math.PI)) * Math.exp(-r * r)
  }
  return pairs
}

export function erf(f: Lanes, x: Vector): Vector {
  const size = f.abs(x)
  // NaN has the place of END, and comes in again with d
  const nearest = f.add(f.min(END, size), ROUNDER)
  const r = f.sub(nearest, ROUNDER)
  const d = f.sub(f.min(size, END), r)
  const { first, second } = f.pairs(nearest, f.library.table('erf', table))
  const rise = f.mul(f.mul(second, d), f.add(1, f.mul(d, bend(f, r, d))))
  return f.copySign(f.add(first, rise), x)
}

/** The series in brackets, less its 1, divided by d. */
function bend(f: Lanes, r: Vector, d: Vector): Vector {
  const square = f.mul(r, r)
  const first = f.sub(f.mul(d, f.sub(f.mul(2 / 3, square), 1 / 3)), r)
  if (f.precision === 'f32') return first
  const third = f.mul(r, f.sub(0.5, f.mul(1 / 3, square)))
  const fourth = f.add(0.1, f.mul(square, f.sub(f.mul(2 / 15, square), 0.4)))
  const fifth = f.mul(r, f.add(-1 / 6, f.mul(square, f.sub(2 / 9, f.mul(2 / 45, square)))))
  const dd = f.mul(d, d)
  return f.add(first, f.mul(dd, f.add(f.add(third, f.mul(d, fourth)), f.mul(dd, fifth))))
}
