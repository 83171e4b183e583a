/** Roots, and the slopes and lengths that are made of them. */
import { exp } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Operand, Vector } from './lanes.ts'
import { logOf } from './logarithm.ts'

/** exp(⅓·log a), then one step of Newton's method for r³ = a. */
function cbrt(f: Lanes, x: Vector): Vector {
  const size = f.abs(x)
  const subnormal = f.lt(size, 2 ** -1022)
  const a = f.select(subnormal, f.mul(size, 2 ** 54), size)
  const r = exp(f, f.mul(1 / 3, logOf(f, a)))
  const better = f.sub(r, f.mul(1 / 3, f.sub(r, f.div(a, f.mul(r, r)))))
  const root = f.select(subnormal, f.mul(better, 2 ** -18), better)
  const usual = f.and(f.lt(0, size), f.lt(size, Number.POSITIVE_INFINITY))
  return f.select(usual, f.copySign(root, x), x)
}

/** The larger size of two, and the ratio of the smaller one to it; NaN in either gives NaN in one of them. */
function sides(f: Lanes, a: Operand, b: Operand): { readonly large: Vector; readonly ratio: Vector } {
  const [x, y] = [f.abs(a), f.abs(b)]
  const large = f.max(x, y)
  return { large, ratio: f.div(f.min(y, x), large) }
}

/** √(1 + q²). */
function secant(f: Lanes, q: Vector): Vector {
  return f.sqrt(f.add(1, f.mul(q, q)))
}

function hypot(f: Lanes, a: Operand, b: Operand): Vector {
  const { large, ratio } = sides(f, a, b)
  const infinite = f.or(f.eq(f.abs(a), Number.POSITIVE_INFINITY), f.eq(f.abs(b), Number.POSITIVE_INFINITY))
  const length = f.select(f.eq(ratio, 0), large, f.mul(large, secant(f, ratio)))
  const zero = f.and(f.eq(a, 0), f.eq(b, 0))
  return f.select(infinite, Number.POSITIVE_INFINITY, f.select(zero, 0, length))
}

/** a/√(a² + b²): 0 where a is 0, ±√½ where both are infinite. */
function direction(f: Lanes, a: Vector, b: Vector): Vector {
  const [x, y] = [f.abs(a), f.abs(b)]
  const q = f.select(f.eq(x, y), 1, sides(f, a, b).ratio)
  const size = f.div(f.select(f.lt(x, y), q, 1), secant(f, q))
  return f.select(f.and(f.eq(a, 0), f.eq(b, b)), 0, f.copySign(size, a))
}

/** (1 − x)(1 + x), exact next to ±1 where 1 − x² is not. */
function complement(f: Lanes, x: Vector): Vector {
  return f.mul(f.sub(1, x), f.add(1, x))
}

export const roots: Formulas = {
  // In f32 the square of the slope's input would overflow where the slope is not yet 0
  ...inDoublePrecision({ cbrt, atanSlope: (f, x) => f.div(1, f.add(1, f.mul(x, x))) }),
  hypot,
  direction,
  asinSlope: (f, x) => f.div(1, f.sqrt(complement(f, x))),
  asinhSlope: (f, x) => f.div(1, hypot(f, 1, x)),
  acoshSlope: (f, x) => f.div(1, f.mul(f.sqrt(f.sub(x, 1)), f.sqrt(f.add(x, 1)))),
  atanhSlope: (f, x) => f.select(f.le(f.abs(x), 1), f.div(1, complement(f, x)), Number.NaN),
}
