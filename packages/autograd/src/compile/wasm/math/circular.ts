/**
 * Sine, cosine and tangent. x = n·π/2 + r with |r| ≤ π/4, where r = high + low has more digits than one number, since x
 * may lie next to a multiple of π/2. Then polynomials in r² for sin r and cos r, chosen and signed by n modulo 4.
 */
import { COS, SIN } from './coefficients.ts'
import { type Double, fastTwoSum, twoProduct, twoSum } from './double.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Vector } from './lanes.ts'
import { toWhole } from './parts.ts'
import { largeReduction } from './reduction.ts'

/** π/2 in parts of 33 bits and a rest: up to 2²⁰ times each part is exact (Cody & Waite). */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32] as const
/** π/2 as a double number. */
const LONG_HALF_PI = { high: 1.5707963267948966, low: 6.123233995736766e-17 }

interface Angle {
  readonly r: Double
  /** n in the low bits. */
  readonly n: Vector
}

/** x − n·π/2 for |n| < 2²⁰. For f32 one more part of π/2 tells enough. */
function subtractTurns(f: Lanes, x: Vector, n: Vector): Double {
  const [p, q, r, s] = HALF_PI
  const a = f.sub(x, f.mul(n, p))
  if (f.precision === 'f32') return { high: f.sub(a, f.mul(n, q + r)), low: f.constant(0) }
  const b = twoSum(f, a, f.mul(n, -q))
  const c = twoSum(f, b.high, f.mul(n, -r))
  return fastTwoSum(f, c.high, f.sub(f.add(b.low, c.low), f.mul(n, s)))
}

/** x reduced, in f64 lanes. */
function reduceAngle(f: Lanes, x: Vector): Angle {
  const n = toWhole(f, f.mul(x, 2 / Math.PI))
  const near = subtractTurns(f, x, n.float)
  const large = f.le(2 ** 20, f.abs(x))
  const [high, low, bits] = [f.constant(near.high), f.constant(near.low), f.constant(n.bits)]
  f.push(large).op('v128.any_true')
  f.code.if(() => {
    const far = reduceLarge(f, x)
    f.push(f.select(large, far.r.high, high)).set(high.local)
    f.push(f.select(large, far.r.low, low)).set(low.local)
    f.push(f.select(large, far.n, bits)).set(bits.local)
  })
  return { r: { high, low }, n: bits }
}

/** The same for huge x, lane by lane; NaN for what is not finite. */
function reduceLarge(f: Lanes, x: Vector): Angle {
  const [high, low, n] = [f.constant(0), f.constant(0), f.constant(0n)]
  const [a, b, q] = [f.code.local('f64'), f.code.local('f64'), f.code.local('i64')]
  for (const lane of [0, 1]) {
    f.push(x).lane('f64x2.extract_lane', lane).call(largeReduction(f.library)).set(q).set(b).set(a)
    f.push(high).get(a).lane('f64x2.replace_lane', lane).set(high.local)
    f.push(low).get(b).lane('f64x2.replace_lane', lane).set(low.local)
    f.push(n).get(q).lane('i64x2.replace_lane', lane).set(n.local)
  }
  const fraction = fastTwoSum(f, f.mul(high, 2 ** -64), f.mul(low, 2 ** -64))
  const product = twoProduct(f, fraction.high, f.constant(LONG_HALF_PI.high))
  const small = f.add(f.mul(fraction.high, LONG_HALF_PI.low), f.mul(fraction.low, LONG_HALF_PI.high))
  const r = fastTwoSum(f, product.high, f.add(product.low, small))
  // x − x is 0, and NaN where x is not finite
  return { r: { high: f.add(r.high, f.sub(x, x)), low: r.low }, n }
}

/** sin and cos of r = high + low: the low part by the first term of Taylor's series. */
function kernels(f: Lanes, { high: r, low }: Double): { readonly sin: Vector; readonly cos: Vector } {
  const z = f.mul(r, r)
  if (f.precision === 'f32') {
    const cos = f.mul(f.mul(z, z), f.polynomial(z, COS.f32))
    return { sin: f.add(r, f.mul(f.mul(r, z), f.polynomial(z, SIN.f32))), cos: f.add(f.sub(1, f.mul(0.5, z)), cos) }
  }
  const half = f.mul(0.5, z)
  const w = f.sub(1, half)
  const sinRest = f.add(f.mul(f.mul(r, z), f.polynomial(z, SIN.f64)), f.mul(low, w))
  const cosRest = f.sub(f.mul(f.mul(z, z), f.polynomial(z, COS.f64)), f.mul(r, low))
  const lost = f.sub(f.sub(1, w), half)
  return { sin: f.add(r, sinRest), cos: f.add(w, f.add(lost, cosRest)) }
}

/** Set where bit 0 of n is. */
function isOdd(f: Lanes, n: Vector): Vector {
  return f.subBits(0n, f.and(n, 1n))
}

/** sin(x + turns·π/2). */
function wave(f: Lanes, x: Vector, turns: bigint): Vector {
  const { r, n } = reduceAngle(f, x)
  const { sin, cos } = kernels(f, r)
  const quadrant = turns === 0n ? n : f.addBits(n, turns)
  const value = f.select(isOdd(f, quadrant), cos, sin)
  return f.xor(value, f.shiftLeft(f.and(quadrant, 2n), 62))
}

/** sin/cos, or −cos/sin a quarter turn on. */
function tangent(f: Lanes, x: Vector): Vector {
  const { r, n } = reduceAngle(f, x)
  const { sin, cos } = kernels(f, r)
  const odd = isOdd(f, n)
  return f.div(f.select(odd, f.neg(cos), sin), f.select(odd, sin, cos))
}

/** A value that is ±0 where x is. */
function odd(f: Lanes, x: Vector, value: Vector): Vector {
  return f.select(f.eq(x, 0), x, value)
}

export const circular: Formulas = inDoublePrecision({
  sin: (f, x) => odd(f, x, wave(f, x, 0n)),
  cos: (f, x) => wave(f, x, 1n),
  tan: (f, x) => odd(f, x, tangent(f, x)),
})
