/**
 * The exponential function and what follows from it. x = k·log 2 + r with |r| ≤ ½ log 2; then exp(x) = 2^k·(1 + p)
 * with p = exp(r) − 1 = r + r²·q(r), q a polynomial. Cody & Waite, Software Manual for the Elementary Functions, 1980.
 */
import { EXP, TANH } from './coefficients.ts'
import type { Formulas } from './formula.ts'
import type { Lanes, Operand, Vector } from './lanes.ts'
import { powerOfTwo, scale, toWhole, type Whole } from './parts.ts'

/** log 2 in two parts; the first has so many zeros at its end that k times it is exact. */
export function ln2(f: Lanes): { readonly high: number; readonly low: number } {
  return f.pick(
    { high: 0.6931471803691238, low: 1.9082149292705877e-10 },
    { high: 0.693145751953125, low: 1.428606765330187e-6 },
  )
}

/** x between a number whose exponential is 0 and one where it is ∞, both not far out; NaN stays. */
export function bounded(f: Lanes, x: Operand): Vector {
  const low = f.max(x, f.pick(-750, -105))
  return f.min(low, f.pick(710, 89))
}

interface Reduced {
  readonly k: Whole
  readonly p: Vector
}

/** k and p = exp(x + rest − k·log 2) − 1 for a bounded x; rest is a small correction. To the last digit of 1 + p. */
export function reduce(f: Lanes, x: Vector, rest: Vector | null = null): Reduced {
  const { k, a, b } = remainder(f, x, rest)
  const r = f.sub(a, b)
  return { k, p: f.add(r, series(f, r)) }
}

/** The same with the last digit of p. */
function reduceExactly(f: Lanes, x: Vector): Reduced {
  const { k, a, b } = remainder(f, x, null)
  const r = f.sub(a, b)
  // What r lost by rounding
  const lost = f.sub(f.sub(a, r), b)
  return { k, p: f.add(r, f.add(series(f, r), lost)) }
}

/** k and r = a − b = x + rest − k·log 2. */
function remainder(
  f: Lanes,
  x: Vector,
  rest: Vector | null,
): { readonly k: Whole; readonly a: Vector; readonly b: Vector } {
  const k = toWhole(f, f.mul(x, Math.LOG2E))
  const { high, low } = ln2(f)
  const a = f.sub(x, f.mul(k.float, high))
  const b = rest === null ? f.mul(k.float, low) : f.sub(f.mul(k.float, low), rest)
  return { k, a, b }
}

/** exp(r) − 1 − r */
function series(f: Lanes, r: Vector): Vector {
  return f.mul(f.mul(r, r), f.polynomial(r, EXP[f.precision]))
}

/** exp(x) for every x. */
export function exp(f: Lanes, x: Operand): Vector {
  const { k, p } = reduce(f, bounded(f, x))
  return scale(f, f.add(1, p), k.bits)
}

/** exp(x) for every x, with the rounding error of the remainder: a little nearer. */
export function expNearer(f: Lanes, x: Operand): Vector {
  const { k, p } = reduceExactly(f, bounded(f, x))
  return scale(f, f.add(1, p), k.bits)
}

/** exp(x) − 1 as 2^k·(p + (1 − 2⁻ᵏ)), for every x; its 0 has no sign. */
export function expm1(f: Lanes, x: Operand): Vector {
  const kept = f.min(f.max(x, f.pick(-40, -20)), f.pick(710, 89))
  const { k, p } = reduceExactly(f, kept)
  // From 2⁶⁰ on the 1 is below the last digit
  const inverse = powerOfTwo(f, toWhole(f, f.max(f.neg(k.float), -60)).bits)
  return scale(f, f.add(p, f.sub(1, inverse)), k.bits)
}

/** exp(x) − 1 for 0 ≤ x, of which whatever is above 60 counts as 60. */
function expm1Of(f: Lanes, x: Vector): Vector {
  const { k, p } = reduceExactly(f, f.min(x, f.pick(60, 30)))
  const power = powerOfTwo(f, k.bits)
  return f.add(f.mul(power, p), f.sub(power, 1))
}

/** 1/(1 + exp(−x)), from exp(−|x|), which keeps the digits of the lower tail. */
export function sigmoid(f: Lanes, x: Vector): Vector {
  const e = exp(f, f.neg(f.abs(x)))
  return f.div(f.select(f.lt(x, 0), e, 1), f.add(1, e))
}

/** e/(e + 2), e = exp(2x) − 1, for x ≥ 0. */
function tanhOf(f: Lanes, x: Vector): Vector {
  const e = expm1Of(f, f.add(x, x))
  const far = f.div(e, f.add(e, 2))
  if (f.type === 'f64') return far
  // A short series keeps the last digit of f32
  const z = f.mul(x, x)
  const near = f.add(x, f.mul(f.mul(x, z), f.polynomial(z, TANH.f32)))
  return f.select(f.lt(x, 0.55), near, far)
}

/** 2ˣ: k is exact here, and r = (x − k)·log 2. */
function exp2(f: Lanes, x: Vector): Vector {
  const kept = f.min(f.max(x, f.pick(-1080, -155)), f.pick(1025, 129))
  const k = toWhole(f, kept)
  const r = f.mul(f.sub(kept, k.float), Math.LN2)
  const p = f.add(r, f.mul(f.mul(r, r), f.polynomial(r, EXP[f.precision])))
  return scale(f, f.add(1, p), k.bits)
}

export const exponential: Formulas = {
  exp,
  expm1: (f, x) => f.copySign(expm1(f, x), x),
  exp2,
  sigmoid,

  /** 4e/(1 + e)², e = exp(−2|x|), with the square as 1 + e·(2 + e), which rounds less. */
  sechSquared: (f, x) => {
    const { k, p } = reduce(f, bounded(f, f.mul(-2, f.abs(x))))
    // The 4 comes in before subnormal numbers lose digits
    const fourfold = scale(f, f.mul(4, f.add(1, p)), k.bits)
    const e = f.mul(0.25, fourfold)
    return f.div(fourfold, f.add(1, f.mul(e, f.add(2, e))))
  },

  tanh: (f, x) => f.copySign(tanhOf(f, f.abs(x)), x),
}
