/** Hyperbolic sine and cosine, and the inverse functions, which are logarithms. */
import { SINH } from './coefficients.ts'
import { reduce } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Vector } from './lanes.ts'
import { log1p } from './logarithm.ts'
import { scale } from './parts.ts'

/** From here on √(1 + a²) is a, and below it a² is finite. */
const FAR = 2 ** 500

/** ½·exp(a) for a ≥ 0, finite as long as cosh a is. */
function halfExp(f: Lanes, a: Vector): Vector {
  const { k, p } = reduce(f, f.min(a, 712))
  return scale(f, f.mul(0.5, f.add(1, p)), k.bits)
}

function sinh(f: Lanes, x: Vector): Vector {
  const a = f.abs(x)
  const h = halfExp(f, a)
  const z = f.mul(a, a)
  const near = f.add(a, f.mul(f.mul(a, z), f.polynomial(z, SINH[f.precision])))
  return f.copySign(f.select(f.lt(a, 1), near, f.sub(h, f.div(0.25, h))), x)
}

function cosh(f: Lanes, x: Vector): Vector {
  const h = halfExp(f, f.abs(x))
  return f.add(h, f.div(0.25, h))
}

/** log(1 + v), or log 2 + log(1 + a) where a is far. */
function logOfSum(f: Lanes, a: Vector, v: Vector): Vector {
  const far = f.lt(FAR, a)
  return f.add(log1p(f, f.select(far, a, v)), f.and(far, Math.LN2))
}

/** log(a + √(1 + a²)) with 1 taken out of the sum: 1 + a + a²/(1 + √(1 + a²)). */
function asinh(f: Lanes, x: Vector): Vector {
  const a = f.abs(x)
  const square = f.mul(a, a)
  const v = f.add(a, f.div(square, f.add(1, f.sqrt(f.add(1, square)))))
  return f.copySign(logOfSum(f, a, v), x)
}

/** log(x + √(x² − 1)) with t = x − 1: 1 + t + √(2t + t²). */
function acosh(f: Lanes, x: Vector): Vector {
  const t = f.sub(x, 1)
  const v = f.add(t, f.sqrt(f.add(f.add(t, t), f.mul(t, t))))
  return f.select(f.lt(x, 1), Number.NaN, logOfSum(f, x, v))
}

/** ½·log((1 + a)/(1 − a)) as ½·log(1 + 2a/(1 − a)). */
function atanh(f: Lanes, x: Vector): Vector {
  const a = f.abs(x)
  return f.copySign(f.mul(0.5, log1p(f, f.div(f.add(a, a), f.sub(1, a)))), x)
}

export const hyperbolic: Formulas = inDoublePrecision({ sinh, cosh, asinh, acosh, atanh })
