/**
 * The logarithm of the gamma function and its derivatives (DLMF 5.2, 5.15).
 *
 * One scheme throughout: a rational fit on a short interval, with the zeros taken out as exact factors; a recurrence
 * that leads there; an asymptotic series far out; a reflection for the negative axis. The fits are in coefficients.ts,
 * each within 2e-17. Largest errors met, in units of the last place: lgamma 2.5, digamma 2.4, polygamma 2.5 at orders 1
 * and 2, 5.1 at order 6, 30 at order 50; next to the zeros on the negative axis, below 2e-15 absolute.
 */
import * as fit from './coefficients.ts'
import { absSinPi, cotPi, cotPiDerivative, distanceToInteger } from './reflection.ts'
import { polynomial, ratio } from './series.ts'

/** From here on the asymptotic series of lgamma and digamma are used. */
const FAR = 8

/**
 * log|Γ(x)| for every float64; +∞ at the poles 0, −1, −2, …, and at ±∞. Relative accuracy also around the zeros 1 and
 * 2; around the zeros on the negative axis absolute, to about 1e-15.
 *
 * @example lgamma(10.5) // 13.940625219403762
 */
export function lgamma(x: number): number {
  if (x >= FAR) return stirling(x)
  if (x <= 0 && (Number.isInteger(x) || x === -Infinity)) return Infinity
  if (x < -20) return Math.log(Math.PI / (-x * absSinPi(distanceToInteger(x)))) - stirling(-x)
  // Γ(x + 1) = x Γ(x) (DLMF 5.5.1): one product and one logarithm, so that values around 0 stay accurate
  let product = 1
  let y = x
  while (y < 0.7) {
    product *= y
    y += 1
  }
  if (product !== 1) return lgammaNearZeros(y) - Math.log(Math.abs(product))
  while (y > 3) {
    y -= 1
    product *= y
  }
  return product === 1 ? lgammaNearZeros(y) : lgammaNearZeros(y) + Math.log(product)
}

/** lgamma on [0.7, 3] as (x − 1)(x − 2)G(x), both factors exact. */
function lgammaNearZeros(x: number): number {
  const zeros = (x - 1) * (x - 2)
  if (x < 1.3) return zeros * (fit.LGAMMA_ONE_OFFSET + ratio(fit.LGAMMA_ONE_P, fit.LGAMMA_ONE_Q, x - 1))
  return zeros * (fit.LGAMMA_TWO_OFFSET + ratio(fit.LGAMMA_TWO_P, fit.LGAMMA_TWO_Q, x - 1.5))
}

/** Stirling's series (DLMF 5.11.1) as (x − ½)(log x − 1) + ½log 2π − ½ + …, which overflows only with its value. */
function stirling(x: number): number {
  const inverse = 1 / x
  const rest = fit.HALF_LOG_TWO_PI_MINUS_HALF + inverse * polynomial(fit.STIRLING, inverse * inverse)
  return (x - 0.5) * (Math.log(x) - 1) + rest
}

/**
 * ψ(x) = Γ′(x)/Γ(x) (DLMF 5.2.2), accurate also around its positive zero 1.4616…. At the poles: −∞ at 0, +∞ at −0, NaN
 * at −1, −2, … (the sides differ), as in SciPy; +∞ at +∞, NaN at −∞.
 *
 * @example digamma(1) // −0.5772156649015329
 */
export function digamma(x: number): number {
  if (x >= FAR) return digammaFar(x)
  if (x < 0) {
    const r = distanceToInteger(x)
    return r === 0 ? Number.NaN : digamma(1 - x) - Math.PI * cotPi(r) // DLMF 5.5.4
  }
  if (x < 0.8) return digammaNear(1 + x) - 1 / x // DLMF 5.5.2; −1/x alone decides at ±0
  let sum = 0
  let y = x
  while (y > 2.5) {
    y -= 1
    sum += 1 / y
  }
  return sum + digammaNear(y)
}

/** digamma on [0.8, 2.5] as (x − x₀)D(x), with the zero x₀ held in two parts. */
function digammaNear(x: number): number {
  const fromZero = x - fit.DIGAMMA_ZERO_HIGH - fit.DIGAMMA_ZERO_LOW
  return fromZero * (fit.DIGAMMA_NEAR_OFFSET + ratio(fit.DIGAMMA_NEAR_P, fit.DIGAMMA_NEAR_Q, x - 1))
}

/** The asymptotic series of digamma (DLMF 5.11.2). */
function digammaFar(x: number): number {
  const inverse = 1 / x
  const square = inverse * inverse
  return Math.log(x) - (0.5 * inverse + square * polynomial(fit.DIGAMMA_FAR, square))
}

/**
 * ψ⁽ⁿ⁾(x), the derivative of order n of digamma (DLMF 5.15), n = 0, 1, 2, …; NaN for any other n. At the poles: +∞ for
 * odd n; for even n the one-sided limit at ±0 and NaN at −1, −2, …, as for digamma. Limit 0 at +∞ for n ≥ 1.
 * Checked up to order 100.
 *
 * @example polygamma(1, 1) // 1.6449340668482264, π²/6
 */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x)
  if (!(n > 0 && Number.isInteger(n))) return Number.NaN
  const sign = n % 2 === 0 ? -1 : 1
  if (x > 0) return sign * hurwitz(n, x)
  const r = distanceToInteger(x)
  if (sign < 0) {
    if (r === 0 && x < 0) return Number.NaN
    // Far from a pole the terms of its two sides nearly cancel: the reflection formula, DLMF 5.15.6
    if (Math.abs(r) > 0.4) return -cotPiDerivative(n, r) - hurwitz(n, 1 - x)
  }
  // The pole's own term, and the sums to its two sides
  return sign * (pole(n, r) + hurwitz(n, 1 + r)) + (hurwitz(n, 1 - r) - hurwitz(n, 1 - x))
}

/** n!/xⁿ⁺¹, multiplied and divided in turns, so that it overflows and underflows only with its value. */
function pole(n: number, x: number): number {
  let term = 1 / x
  for (let k = 1; k <= n; k++) term = (term * k) / x
  return term
}

/** n!·ζ(n + 1, x) = n! Σ (x + k)⁻ⁿ⁻¹ = |ψ⁽ⁿ⁾(x)|, x > 0 (DLMF 25.11.12): first terms, then asymptotic series. */
function hurwitz(n: number, x: number): number {
  const steps = Math.max(0, Math.ceil(FAR + 0.6 * n - x))
  let sum = hurwitzFar(n, x + steps)
  for (let k = steps - 1; k >= 0; k--) sum += pole(n, x + k)
  return sum
}

/** (n−1)!/xⁿ · (1 + n/2x + Σ B₂ₖ (2k+n−1)!/((2k)! (n−1)! x²ᵏ)), DLMF 5.15.9; within 2⁻⁵⁷ for x ≥ 8 + 0.6n. */
function hurwitzFar(n: number, x: number): number {
  const inverse = 1 / x
  const square = inverse * inverse
  let factor = 0.5 * n * (n + 1) * square
  let rest = 0
  for (let k = 1; k <= fit.BERNOULLI.length; k++) {
    const term = (fit.BERNOULLI[k - 1] as number) * factor
    rest += term
    if (Math.abs(term) < 1e-18) break
    factor *= (((2 * k + n) * (2 * k + n + 1)) / ((2 * k + 1) * (2 * k + 2))) * square
  }
  return pole(n - 1, x) * (1 + (0.5 * n * inverse + rest))
}
