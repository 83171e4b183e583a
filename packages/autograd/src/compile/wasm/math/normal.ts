/**
 * The complementary error function and the normal distribution. For a ≥ 0, erfc(a) = exp(−a²)·erfcx(a), and (1 + 2a)·erfcx(a) is one
 * polynomial in t = (a − 4)/(a + 4), which takes 0…∞ to −1…1 (Shepherd & Laframboise, Math. Comp. 36, 1981).
 */
import { ERFCX } from './coefficients.ts'
import { twoProduct } from './double.ts'
import { erf } from './erf.ts'
import { bounded, reduce } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Vector } from './lanes.ts'
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

function normalCdf(f: Lanes, x: Vector): Vector {
  const a = distance(f, x)
  const tail = gaussian(f, a, 0.5, scaledErfc(f, f.mul(a, Math.SQRT1_2), 0.5))
  return f.select(f.lt(x, 0), tail, f.sub(1, tail))
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
  normalPdf: (f, x) => gaussian(f, distance(f, x), 0.5, ONE_OVER_SQRT_TWO_PI),
  gelu,
})
