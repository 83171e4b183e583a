/**
 * What the reflection formulas of the gamma family need (DLMF 5.5.3, 5.5.4, 5.15.6). All take the signed distance r of
 * x to the nearest whole number, −1/2 ≤ r ≤ 1/2, which a float64 holds exactly; so no digits go to the argument.
 */
import { polynomial } from './series.ts'

/** x − round(x), exact; keeps the sign of a zero x. NaN for ±∞. */
export function distanceToInteger(x: number): number {
  return x === 0 ? x : x - Math.round(x)
}

/** |sin πr|. */
export function absSinPi(r: number): number {
  return Math.sin(Math.PI * Math.abs(r))
}

/** cot πr. Past 1/4 as the tangent of the complement, which is exact and keeps the digits around the zero at 1/2. */
export function cotPi(r: number): number {
  const distance = Math.abs(r)
  if (distance <= 0.25) return 1 / Math.tan(Math.PI * r)
  const cot = Math.tan(Math.PI * (0.5 - distance))
  return r > 0 ? cot : -cot
}

/** π dⁿ/drⁿ cot πr = πⁿ⁺¹ Pₙ(cot πr). The terms of Pₙ all have one sign: none cancel. */
export function cotPiDerivative(n: number, r: number): number {
  return polynomial(scaledCotangentPolynomial(n), cotPi(r))
}

/** πⁿ⁺¹Pₙ by order, filled when an order is first asked for. */
const scaledPolynomials: (readonly number[] | undefined)[] = []

function scaledCotangentPolynomial(n: number): readonly number[] {
  const known = scaledPolynomials[n]
  if (known !== undefined) return known
  let p = [0, 1]
  for (let order = 0; order < n; order++) p = nextCotangentPolynomial(p)
  const scale = Math.PI ** (n + 1)
  const scaled = p.map((coefficient) => coefficient * scale)
  scaledPolynomials[n] = scaled
  return scaled
}

/** P₀(c) = c, Pₖ₊₁(c) = −(1 + c²) Pₖ′(c), since dc/dθ = −(1 + c²) for c = cot θ. */
function nextCotangentPolynomial(p: readonly number[]): number[] {
  const next = new Array<number>(p.length + 1).fill(0)
  for (let k = 1; k < p.length; k++) {
    const slope = k * (p[k] as number)
    next[k - 1] = (next[k - 1] as number) - slope
    next[k + 1] = (next[k + 1] as number) - slope
  }
  return next
}
