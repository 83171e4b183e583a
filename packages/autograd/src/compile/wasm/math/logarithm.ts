/**
 * The natural logarithm and what follows from it. x = 2^k·(1 + t) with √½ ≤ 1 + t < √2; with s = t/(2 + t),
 * log(1 + t) = log((1 + s)/(1 − s)) = 2s + s·R(s²), put together as t − (½t² − s·(½t² + R)), in which everything but t
 * is small. The scheme of FDLIBM's e_log.c (Sun Microsystems, 1993).
 */
import { LOG } from './coefficients.ts'
import { exp, expNearer, ln2 } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Operand, Vector } from './lanes.ts'
import { isUnusual, takeApart } from './parts.ts'

/** log₁₀ 2 in two parts; k times the first is exact. */
const LOG10_2 = {
  f64: { high: 0.3010299956658855, low: -1.9043128467164274e-12 },
  f32: { high: 0.301025390625, low: 4.605038981195214e-6 },
}

/** log(1 + t) as t − the result. */
function shortOf(f: Lanes, t: Vector, rest: Operand): Vector {
  const s = f.div(t, f.add(2, t))
  const z = f.mul(s, s)
  const half = f.mul(0.5, f.mul(t, t))
  const series = f.mul(z, f.polynomial(z, LOG[f.precision]))
  return f.sub(half, f.add(f.mul(s, f.add(half, series)), rest))
}

/** k·log 2 + log(1 + t + rest), the rest below the last digit of t. */
function join(f: Lanes, k: Vector, t: Vector, rest: Vector | null = null): Vector {
  const { high, low } = ln2(f)
  const small = f.mul(k, low)
  return f.sub(f.mul(k, high), f.sub(shortOf(f, t, rest === null ? small : f.add(small, rest)), t))
}

/** log(1 + t) for √½ ≤ 1 + t < √2. */
function logNear1(f: Lanes, t: Vector): Vector {
  return f.sub(t, shortOf(f, t, 0))
}

/** log x − drop·log 2 for a positive normal x. */
export function logOf(f: Lanes, x: Vector, drop = 0): Vector {
  const { k, m } = takeApart(f, x)
  return join(f, drop === 0 ? k : f.sub(k, drop), f.sub(m, 1))
}

/** What a logarithm is at 0, below it, at ∞ and NaN; `subnormal` below the normal numbers. */
function atTheEdges(f: Lanes, x: Vector, subnormal: Vector): Vector {
  const positive = f.select(f.lt(x, 0), Number.NaN, subnormal)
  const finite = f.select(f.eq(x, 0), Number.NEGATIVE_INFINITY, positive)
  return f.select(f.lt(x, Number.POSITIVE_INFINITY), finite, x)
}

/** A logarithm that `put` makes of k and log(1 + t), for every x. */
function inBase(f: Lanes, x: Vector, put: (k: Vector, log: Vector) => Vector): Vector {
  const of = (y: Vector, drop: number): Vector => {
    const { k, m } = takeApart(f, y)
    return put(drop === 0 ? k : f.sub(k, drop), logNear1(f, f.sub(m, 1)))
  }
  return f.patch(of(x, 0), isUnusual(f, x), () => atTheEdges(f, x, of(f.mul(x, 2 ** 54), 54)))
}

function log(f: Lanes, x: Vector): Vector {
  return f.patch(logOf(f, x), isUnusual(f, x), () => {
    const up = f.pick(54, 24)
    return atTheEdges(f, x, logOf(f, f.mul(x, 2 ** up), up))
  })
}

/** log(1 + x) for finite x > −1: the rounding error of 1 + x joins t. */
function log1pOf(f: Lanes, x: Vector): Vector {
  const u = f.add(1, x)
  const added = f.sub(u, 1)
  const lost = f.add(f.sub(1, f.sub(u, added)), f.sub(x, added))
  const { k, m, inverse } = takeApart(f, u)
  const [a, b] = [f.sub(m, 1), f.mul(lost, inverse)]
  const t = f.add(a, b)
  return join(f, k, t, f.add(f.sub(a, t), b))
}

export function log1p(f: Lanes, x: Vector): Vector {
  const usual = f.and(f.lt(-1, x), f.lt(x, Number.POSITIVE_INFINITY))
  const result = f.patch(log1pOf(f, x), f.not(usual), () => {
    const below = f.select(f.eq(x, -1), Number.NEGATIVE_INFINITY, Number.NaN)
    return f.select(f.le(x, -1), below, x)
  })
  return f.copySign(result, x)
}

/** max(x, 0) + log(1 + exp(−|x|)). */
function softplus(f: Lanes, x: Vector): Vector {
  return f.add(f.max(x, 0), log1pOf(f, exp(f, f.neg(f.abs(x)))))
}

/** The larger one and log(1 + exp(−|a − b|)); equal ones, infinities among them, give a + log 2. */
function logaddexp(f: Lanes, a: Vector, b: Vector): Vector {
  const e = expNearer(f, f.neg(f.abs(f.sub(a, b))))
  const sum = f.add(f.max(a, b), f.select(f.eq(a, b), Math.LN2, log1pOf(f, e)))
  return f.select(f.or(f.isNaN(a), f.isNaN(b)), Number.NaN, sum)
}

export const logarithm: Formulas = {
  log,
  log1p,
  softplus,
  // The two terms of the sum may cancel, which takes the digits of f64
  ...inDoublePrecision({ logaddexp }, 'f64'),
  log2: (f, x) => inBase(f, x, (k, l) => f.add(k, f.mul(l, Math.LOG2E))),
  log10: (f, x) =>
    inBase(f, x, (k, l) => {
      const small = f.add(f.mul(k, LOG10_2[f.type].low), f.mul(l, Math.LOG10E))
      return f.add(f.mul(k, LOG10_2[f.type].high), small)
    }),
  logSigmoid: (f, x) => f.neg(softplus(f, f.neg(x))),
}
