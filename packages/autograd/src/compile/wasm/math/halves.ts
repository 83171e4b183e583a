/** f32 by way of f64: two halves of a vector, each in f64 lanes, and rounded once at the end. */
import type { FloatType, Lanes, Vector } from './lanes.ts'

/** Bytes of the upper half first; bytes of two lower halves in a row. */
const UPPER = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
const JOIN = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]

/** What a formula gives in f64 for f32 lanes, with polynomials of the given precision. */
export function halves(
  f: Lanes,
  precision: FloatType,
  formula: (g: Lanes, x: Vector, y: Vector) => Vector,
  x: Vector,
  y: Vector = x,
): Vector {
  const g = f.inDouble(precision)
  const upper = (v: Vector): Vector => {
    f.push(v)
    f.push(v).shuffle(UPPER)
    return f.pop()
  }
  const half = (a: Vector, b: Vector): Vector => {
    const [c, d] = [g.one('f64x2.promote_low_f32x4', a), g.one('f64x2.promote_low_f32x4', b)]
    return g.one('f32x4.demote_f64x2_zero', formula(g, c, x === y ? c : d))
  }
  const low = half(x, y)
  const high = half(upper(x), upper(y))
  f.push(low)
  f.push(high).shuffle(JOIN)
  return f.pop()
}
