/**
 * The error function and the normal distribution (DLMF 7.2, 7.20(iii)).
 *
 * Near zero, erf(x) = x + x·R(x²). Elsewhere everything follows from erfcx(x) = exp(x²)·erfc(x), which falls slowly
 * from 1 to 0, times a Gaussian whose exponent carries the rounding error of x² along. R and erfcx are the rational
 * fits of coefficients.ts, each within 2e-17; what is left is the rounding of a handful of operations. Largest errors
 * met, in units of the last place: erf 0.9, erfc 3.1, normalPdf 2.5, normalCdf 3.7.
 */
import * as fit from './coefficients.ts'
import { ratio } from './series.ts'

const { SQRT1_2 } = Math
const ONE_OVER_SQRT_TWO_PI = 0.3989422804014327
/** Below this, erf is computed from its odd series; erfc, from 1/4 up to here, without cancellation. */
const NEAR = 0.85

/**
 * erf(x) = 2/√π ∫₀ˣ exp(−t²) dt (DLMF 7.2.1), for every float64; erf(±∞) = ±1.
 *
 * @example erf(1) // 0.8427007929497149
 */
export function erf(x: number): number {
  if (Math.abs(x) < NEAR) return x + nearPart(x)
  if (x > 6) return 1
  if (x < -6) return -1
  return x > 0 ? 1 - upperErfc(x) : upperErfc(-x) - 1
}

/**
 * erfc(x) = 1 − erf(x) (DLMF 7.2.2), with all its digits where it is small, down to its underflow at x ≈ 27.2.
 *
 * @example erfc(10) // 2.0884875837625446e-45
 */
export function erfc(x: number): number {
  if (x < 0.25) return 1 - erf(x)
  // x − 1/2 is exact here, and the sum stays below 0.3: no digits of 1 − erf(x) cancel
  if (x < NEAR) return 0.5 - (x - 0.5 + nearPart(x))
  return upperErfc(x)
}

/**
 * The standard normal density φ(x) = exp(−x²/2)/√(2π).
 *
 * @example normalPdf(0) // 0.3989422804014327
 */
export function normalPdf(x: number): number {
  return gaussian(x, 0.5, ONE_OVER_SQRT_TWO_PI)
}

/**
 * The standard normal distribution Φ(x) = erfc(−x/√2)/2 (DLMF 7.20(iii)), with all its digits in the left tail, down to
 * its underflow at x ≈ −38.5.
 *
 * @example normalCdf(-10) // 7.619853024160525e-24
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) < 0.5) return 0.5 + 0.5 * erf(x * SQRT1_2)
  return x < 0 ? lowerTail(x) : 1 - lowerTail(-x)
}

/** Φ(x) for x ≤ −1/2. The rounding of x/√2 meets only erfcx, which it moves by less than one unit. */
function lowerTail(x: number): number {
  return gaussian(x, 0.5, 0.5 * erfcx(-x * SQRT1_2))
}

/** erf(x) − x for |x| < 0.85. */
function nearPart(x: number): number {
  return x * ratio(fit.ERF_NEAR_P, fit.ERF_NEAR_Q, x * x)
}

/** erfc(x) for x ≥ 0.85. */
function upperErfc(x: number): number {
  return gaussian(x, 1, erfcx(x))
}

/** exp(x²)·erfc(x) for x ≥ 0.35. A constant without rounding error plus a smaller ratio keeps the last digits. */
function erfcx(x: number): number {
  if (x < 1.25) return fit.ERFCX_LOW_OFFSET + ratio(fit.ERFCX_LOW_P, fit.ERFCX_LOW_Q, x - 0.5)
  if (x < 3) return fit.ERFCX_MID_OFFSET + ratio(fit.ERFCX_MID_P, fit.ERFCX_MID_Q, x - 1.5)
  return (fit.ONE_OVER_SQRT_PI + ratio(fit.ERFCX_HIGH_P, fit.ERFCX_HIGH_Q, 1 / (x * x))) / x
}

/**
 * factor·exp(−c·x²) for c = 1 or 1/2. With h = x rounded to 24 bits, h² is exact, and the rest of the exponent,
 * d = c·(x − h)(x + h) < 1e-4, is applied by its series.
 */
function gaussian(x: number, c: number, factor: number): number {
  if (Math.abs(x) > 40) return 0
  const h = Math.fround(x)
  const d = c * (x - h) * (x + h)
  const e = Math.exp(-c * h * h)
  return factor * (e - e * (d - d * d * (0.5 - d / 6)))
}
