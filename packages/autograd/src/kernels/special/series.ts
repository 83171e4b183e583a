/** Evaluation of the fits in coefficients.ts: polynomials and ratios of polynomials, lowest degree first. */

/** c₀ + c₁t + c₂t² + …, by Horner's rule. */
export function polynomial(coefficients: readonly number[], t: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * t + (coefficients[i] as number)
  return sum
}

/** P(t)/Q(t). */
export function ratio(p: readonly number[], q: readonly number[], t: number): number {
  return polynomial(p, t) / polynomial(q, t)
}
