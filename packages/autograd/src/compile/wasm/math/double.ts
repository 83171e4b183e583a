/** Numbers of twice the precision, as unevaluated sums high + low (Dekker, Numerische Mathematik 18, 1971). */
import type { Lanes, Vector } from './lanes.ts'

export interface Double {
  readonly high: Vector
  readonly low: Vector
}

/** a + b exactly, for any a and b (Knuth). */
export function twoSum(f: Lanes, a: Vector, b: Vector): Double {
  const high = f.add(a, b)
  const added = f.sub(high, a)
  return { high, low: f.add(f.sub(a, f.sub(high, added)), f.sub(b, added)) }
}

/** a + b exactly, for |a| ≥ |b| or a = 0. */
export function fastTwoSum(f: Lanes, a: Vector, b: Vector): Double {
  const high = f.add(a, b)
  return { high, low: f.add(f.sub(a, high), b) }
}

/** The upper 26 bits of an f64, whose square and product with other halves are exact, and the rest. */
function halves(f: Lanes, x: Vector): Double {
  const high = f.and(x, -(1n << 27n))
  return { high, low: f.sub(x, high) }
}

/** a·b, to 106 bits, where neither the product nor its low part leaves the normal numbers. */
export function twoProduct(f: Lanes, a: Vector, b: Vector): Double {
  const high = f.mul(a, b)
  const x = halves(f, a)
  const y = a === b ? x : halves(f, b)
  const cross = f.add(f.mul(x.high, y.low), f.mul(x.low, y.high))
  return { high, low: f.add(f.add(f.sub(f.mul(x.high, y.high), high), cross), f.mul(x.low, y.low)) }
}
