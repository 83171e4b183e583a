/**
 * The complementary error function and the normal distribution. For a ≥ 0, erfc(a) = exp(−a²)·erfcx(a), and (1 + 2a)·erfcx(a) is one
 * polynomial in t = (a − 4)/(a + 4), which takes 0…∞ to −1…1 (Shepherd & Laframboise, Math. Comp. 36, 1981).
 */
import { normalCdf as exactCdf, normalPdf as exactPdf } from '../../../kernels/special/erf.ts'
import { ERFCX } from './coefficients.ts'
import { twoProduct } from './double.ts'
import { erf } from './erf.ts'
import { bounded, reduce } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Vector } from './lanes.ts'
import { nearest, type Table } from './nearest.ts'
import { scale } from './parts.ts'

const ONE_OVER_SQRT_TWO_PI = 0.3989422804014327

/** factor·exp(−share·x²), with the rounding error of x² in the exponent. */
function gaussian(f: Lanes, x: Vector, share: 0.5 | 1, factor: Vector | number): Vector {
  const square = f.precision === 'f64' ? twoProduct(f, x, x) : { high: f.mul(x, x), low: null }
  const rest = square.low === null ? null : f.mul(-share, square.low)
  const { k, p } = reduce(f, bounded(f, f.mul(-share, square.high)), rest)
  return scale(f, f.mul(factor, f.add(1, p)), k.bits)
}

/** weight·exp(a²)·erfc(a) for a ≥ 0. */
function scaledErfc(f: Lanes, a: Vector, weight: number): Vector {
  const t = f.div(f.sub(a, 4), f.add(a, 4))
  const p = f.polynomial(t, ERFCX[f.precision])
  return f.div(f.add(weight, f.mul(weight, p)), f.add(1, f.add(a, a)))
}

/** |x|, no larger than where every tail is 0. */
function distance(f: Lanes, x: Vector): Vector {
  return f.min(f.abs(x), 40)
}

function erfc(f: Lanes, x: Vector): Vector {
  const a = distance(f, x)
  const tail = gaussian(f, a, 1, scaledErfc(f, a, 1))
  return f.select(f.lt(x, 0), f.sub(2, tail), tail)
}

/** From here on, the table does not reach: the lower tail has digits of its own down to −38.5. */
const END = 8.5
const table: Table = { name: 'normal', end: END, at: (r) => [exactCdf(-r), exactPdf(r)] }

/** (−1)ᵏ/(k!·(k + above)) */
function moments(count: number, above: number): number[] {
  let factor = 1
  return Array.from({ length: count }, (_, k) => {
    if (k > 0) factor /= -k
    return factor / (k + above)
  })
}

/**
 * Φ(−r − d) = Φ(−r) − φ(r)·d·∫₀¹ exp(−ut − ½vt²) dt with u = rd and v = d², a series in v whose terms are moments of
 * exp(−ut): ∫ t²ʲ·exp(−ut) dt = Σ (−u)ᵏ/(k!·(k + 2j + 1)).
 */
function normalCdf(f: Lanes, x: Vector): Vector {
  const { r, d, first, second } = nearest(f, f.abs(x), table)
  const [u, v] = [f.mul(r, d), f.mul(d, d)]
  const [m0, m1, m2] = f.precision === 'f64' ? [7, 5, 2] : [4, 2, 1]
  const flatter = f.mul(f.mul(0.125, v), f.polynomial(u, moments(m2, 5)))
  const flat = f.mul(v, f.sub(flatter, f.mul(0.5, f.polynomial(u, moments(m1, 3)))))
  const mean = f.add(f.polynomial(u, moments(m0, 1)), flat)
  const tail = f.sub(first, f.mul(f.mul(second, d), mean))
  const below = f.lt(x, 0)
  return f.patch(f.select(below, tail, f.sub(1, tail)), f.lt(x, -END), () => {
    const a = distance(f, x)
    return gaussian(f, a, 0.5, scaledErfc(f, f.mul(a, Math.SQRT1_2), 0.5))
  })
}

/** φ(r + d) = φ(r)·exp(−(rd + ½d²)). */
function normalPdf(f: Lanes, x: Vector): Vector {
  const size = f.abs(x)
  const { r, d, second } = nearest(f, size, table)
  const power = f.add(f.mul(r, d), f.mul(0.5, f.mul(d, d)))
  const density = f.mul(second, f.polynomial(power, exponential(f.precision === 'f64' ? 8 : 5)))
  return f.patch(density, f.lt(END, size), () => gaussian(f, distance(f, x), 0.5, ONE_OVER_SQRT_TWO_PI))
}

/** (−1)ᵏ/k! */
function exponential(count: number): number[] {
  return moments(count, 1).map((c, k) => c * (k + 1))
}

/** x·Φ(x), where a factor of 0 wins. */
function gelu(f: Lanes, x: Vector): Vector {
  const factor = normalCdf(f, x)
  return f.select(f.eq(factor, 0), 0, f.mul(x, factor))
}

export const normal: Formulas = inDoublePrecision({
  erf,
  erfc,
  normalCdf,
  normalPdf,
  gelu,
})
