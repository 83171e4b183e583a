/**
 * a^b = exp(b·log a). An error of the logarithm meets the exponent, where it counts up to 700 times: log a is carried to
 * 65 bits as a double number. With s = t/(2 + t), log(1 + t) = 2s + s·(⅔z + z²·R(z)), z = s².
 */
import { LOG_TAIL } from './coefficients.ts'
import { type Double, fastTwoSum, twoProduct } from './double.ts'
import { bounded, exp, ln2, reduce } from './exponential.ts'
import type { Formulas } from './formula.ts'
import { halves } from './halves.ts'
import type { Lanes, Vector } from './lanes.ts'
import { logOf } from './logarithm.ts'
import { scale, takeApart } from './parts.ts'

const TWO_THIRDS = { high: 0.6666666666666666, low: 3.700743415417188e-17 }
/** From here on every power of an a ≠ 1 is 0 or ∞. */
const BEYOND = 2 ** 66

/** log x for a positive finite x. */
function longLog(f: Lanes, x: Vector): Double {
  const subnormal = f.lt(x, 2 ** -1022)
  const { k, m } = takeApart(f, f.select(subnormal, f.mul(x, 2 ** 54), x))
  const power = f.sub(k, f.and(subnormal, 54))
  // s = t/u in two parts
  const t = f.sub(m, 1)
  const u = f.add(m, 1)
  const s = f.div(t, u)
  const su = twoProduct(f, s, u)
  const uLow = f.sub(m, f.sub(u, 1))
  const sLow = f.div(f.sub(f.sub(f.sub(t, su.high), su.low), f.mul(s, uLow)), u)
  // w = ⅔z + z²·R(z)
  const z = twoProduct(f, s, s)
  const zLow = f.add(z.low, f.mul(f.add(s, s), sLow))
  const third = twoProduct(f, z.high, f.constant(TWO_THIRDS.high))
  const thirdLow = f.add(third.low, f.add(f.mul(z.high, TWO_THIRDS.low), f.mul(zLow, TWO_THIRDS.high)))
  const tail = f.mul(f.mul(z.high, z.high), f.polynomial(z.high, LOG_TAIL.f64))
  const w = fastTwoSum(f, third.high, tail)
  const wLow = f.add(w.low, thirdLow)
  // k·log 2 + 2s + s·w
  const sw = twoProduct(f, s, w.high)
  const swLow = f.add(sw.low, f.add(f.mul(s, wLow), f.mul(sLow, w.high)))
  const short = fastTwoSum(f, f.add(s, s), sw.high)
  const shortLow = f.add(f.add(short.low, f.add(sLow, sLow)), swLow)
  const { high, low } = ln2(f)
  const sum = fastTwoSum(f, f.mul(power, high), short.high)
  return fastTwoSum(f, sum.high, f.add(f.add(sum.low, shortLow), f.mul(power, low)))
}

/** a^b for a positive finite a and a finite b. */
function positivePower(f: Lanes, a: Vector, b: Vector): Vector {
  const log = longLog(f, a)
  const exponent = f.max(f.min(b, BEYOND), -BEYOND)
  const product = twoProduct(f, exponent, log.high)
  const rest = f.add(product.low, f.mul(exponent, log.low))
  const within = f.lt(f.abs(product.high), 1000)
  const { k, p } = reduce(f, bounded(f, product.high), f.and(within, rest))
  return scale(f, f.add(1, p), k.bits)
}

/** The cases of IEEE 754's pow around a power of the size |a|. */
function withCases(f: Lanes, a: Vector, b: Vector, power: (size: Vector) => Vector): Vector {
  const infinity = Number.POSITIVE_INFINITY
  const size = f.abs(a)
  const usual = f.and(f.and(f.lt(0, a), f.lt(a, infinity)), f.lt(f.abs(b), infinity))
  const result = power(size)
  return f.patch(result, f.not(usual), () => {
    // 0 or ∞ where a is, or b is infinite
    const grows = f.not(f.xor(f.lt(1, size), f.lt(0, b)))
    const extreme = f.or(f.or(f.eq(a, 0), f.eq(size, infinity)), f.eq(f.abs(b), infinity))
    const limit = f.select(extreme, f.and(grows, infinity), result)
    // A negative base: odd exponents keep its sign, and what is no whole number has no power
    const whole = f.eq(f.trunc(b), b)
    const half = f.mul(b, 0.5)
    const odd = f.and(whole, f.ne(f.trunc(half), half))
    const signed = f.xor(limit, f.and(odd, f.and(a, f.signBit)))
    const none = f.and(f.and(f.lt(a, 0), f.lt(size, infinity)), f.not(whole))
    const missing = f.or(f.or(f.isNaN(a), f.isNaN(b)), f.and(none, f.lt(f.abs(b), infinity)))
    const one = f.or(f.or(f.eq(b, 0), f.eq(a, 1)), f.and(f.eq(a, -1), f.eq(f.abs(b), infinity)))
    return f.select(one, 1, f.select(missing, Number.NaN, signed))
  })
}

/** An f32 power, in f64 lanes, needs no more than the plain logarithm. */
function shortPower(f: Lanes, a: Vector, b: Vector): Vector {
  return exp(f, f.mul(b, logOf(f, a)))
}

export const power: Formulas = {
  pow: (f, a, b) =>
    f.type === 'f64'
      ? withCases(f, a, b, (size) => positivePower(f, size, b))
      : halves(f, 'f64', (g, x, y) => withCases(g, x, y, (size) => shortPower(g, size, y)), a, b),
}
