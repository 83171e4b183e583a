/** Right triangles: lengths and angles whose squares would overflow. */

/** √(a² + b²) without overflow inside: the larger one times √(1 + ratio²). */
export function hypotenuse(a: number, b: number): number {
  const x = Math.abs(a)
  const y = Math.abs(b)
  if (x === Number.POSITIVE_INFINITY || y === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  if (x !== x || y !== y) return Number.NaN
  const large = x > y ? x : y
  if (large === 0) return 0
  const ratio = (x > y ? y : x) / large
  return large * Math.sqrt(1 + ratio * ratio)
}

/** a/√(a² + b²), 0 at the origin, the limit at infinity. */
export function cosine(a: number, b: number): number {
  if (a === 0 && b === b) return 0
  if (Math.abs(a) === Number.POSITIVE_INFINITY) {
    return Math.abs(b) === Number.POSITIVE_INFINITY ? Math.sign(a) * Math.SQRT1_2 : Math.sign(a) * (b === b ? 1 : b)
  }
  const ratio = b / a
  if (Math.abs(ratio) <= 1) return Math.sign(a) / Math.sqrt(1 + ratio * ratio)
  const inverse = a / Math.abs(b)
  return inverse / Math.sqrt(1 + inverse * inverse)
}
