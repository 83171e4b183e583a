/** The inverse circular functions, each reduced to a short polynomial around 0. */
import { ASIN, ATAN } from './coefficients.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Vector } from './lanes.ts'

const TAN_PI_8 = Math.SQRT2 - 1
const PI = { high: Math.PI, low: 1.2246467991473532e-16 }
const HALF_PI = { high: Math.PI / 2, low: PI.low / 2 }
const QUARTER_PI = { high: Math.PI / 4, low: PI.low / 4 }

/** atan a for a ≥ 0: 0 + atan a, π/4 + atan((a − 1)/(a + 1)) or π/2 + atan(−1/a). */
function positiveAtan(f: Lanes, a: Vector): Vector {
  const middle = f.lt(TAN_PI_8, a)
  const far = f.lt(Math.SQRT2 + 1, a)
  const above = f.select(far, -1, f.select(middle, f.sub(a, 1), a))
  const below = f.select(far, a, f.select(middle, f.add(a, 1), 1))
  const t = f.div(above, below)
  const z = f.mul(t, t)
  const rest = f.mul(f.mul(t, z), f.polynomial(z, ATAN[f.precision]))
  const base = (part: 'high' | 'low'): Vector => f.select(far, HALF_PI[part], f.and(middle, QUARTER_PI[part]))
  return f.add(base('high'), f.add(t, f.add(rest, base('low'))))
}

/** The angle of (x, y), from |y/x|; equal sizes, 0 and ∞ among them, need no quotient. */
function atan2(f: Lanes, y: Vector, x: Vector): Vector {
  const [height, width] = [f.abs(y), f.abs(x)]
  const same = f.eq(height, width)
  const ratio = f.select(same, f.and(f.ne(height, 0), 1), f.div(height, width))
  const angle = positiveAtan(f, ratio)
  const left = f.lt(f.copySign(1, x), 0)
  return f.copySign(f.select(left, f.sub(PI.high, f.sub(angle, PI.low)), angle), y)
}

/**
 * asin s = s + rest for s = a up to ½, and above it for s = √z, z = (1 − a)/2, where asin a = π/2 − 2·asin s. There
 * `lost` is what s lost by rounding.
 */
function arcParts(f: Lanes, a: Vector) {
  const far = f.lt(0.5, a)
  const z = f.select(far, f.mul(0.5, f.sub(1, a)), f.mul(a, a))
  const s = f.select(far, f.sqrt(z), a)
  const rest = f.mul(f.mul(s, z), f.polynomial(z, ASIN[f.precision]))
  // The square of the upper bits is exact
  const upper = f.and(s, -(1n << 27n))
  const lost = f.select(f.eq(s, 0), 0, f.div(f.sub(z, f.mul(upper, upper)), f.add(s, upper)))
  return { far, s, rest, upper, lost }
}

function asin(f: Lanes, x: Vector): Vector {
  const { far, s, rest, upper, lost } = arcParts(f, f.abs(x))
  const small = f.sub(f.add(rest, rest), f.sub(HALF_PI.low, f.add(lost, lost)))
  const beyond = f.sub(QUARTER_PI.high, f.sub(small, f.sub(QUARTER_PI.high, f.add(upper, upper))))
  return f.copySign(f.select(far, beyond, f.add(s, rest)), x)
}

function acos(f: Lanes, x: Vector): Vector {
  const { far, s, rest, upper, lost } = arcParts(f, f.abs(x))
  const near = f.sub(HALF_PI.high, f.sub(x, f.sub(HALF_PI.low, f.copySign(rest, x))))
  const right = f.mul(2, f.add(upper, f.add(rest, lost)))
  const left = f.sub(PI.high, f.mul(2, f.add(s, f.sub(rest, HALF_PI.low))))
  return f.select(far, f.select(f.lt(x, 0), left, right), near)
}

export const arcs: Formulas = inDoublePrecision({
  atan: (f, x) => f.copySign(positiveAtan(f, f.abs(x)), x),
  atan2,
  asin,
  acos,
})
