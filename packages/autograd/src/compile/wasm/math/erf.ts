/**
 * The error function by its Taylor series, with s = 2/√π·exp(−r²) the slope at r:
 *   erf(r + d) = erf(r) + s·d·(1 − rd + (2r² − 1)d²/3 + r(3 − 2r²)d³/6 + …),
 * the derivatives being Hermite polynomials times s (DLMF 7.10.1).
 */
import { erf as exact } from '../../../kernels/special/erf.ts'
import type { Lanes, Vector } from './lanes.ts'
import { nearest, type Table } from './nearest.ts'

/** From 6 on, erf is 1. */
const table: Table = {
  name: 'erf',
  end: 6,
  at: (r) => [exact(r), (2 / Math.sqrt(Math.PI)) * Math.exp(-r * r)],
}

export function erf(f: Lanes, x: Vector): Vector {
  const { r, d, first, second } = nearest(f, f.abs(x), table)
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
