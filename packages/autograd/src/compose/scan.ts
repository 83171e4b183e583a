/** Running sums, products and extremes along one axis. */
import type { Carrier } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import { along } from './parts.ts'

/** Running extremes, and where each was last met. */
export interface Extremes<T> {
  readonly values: T
  readonly indices: T
}

export function cumsum<T>(k: Carrier<T>, x: T, axis: number): T {
  return k.cumsum(x, normalizeAxis('cumsum', axis, k.shape(x).length))
}

/**
 * Running products: after step s each element holds the product of the 2ˢ elements that end with it (Hillis and Steele,
 * 1986). No division, so zeros are right at every order.
 */
export function cumprod<T>(k: Carrier<T>, x: T, axis: number): T {
  const shape = k.shape(x)
  const d = normalizeAxis('cumprod', axis, shape.length)
  const n = shape[d] as number
  let y = x
  for (let span = 1; span < n; span *= 2) {
    const longer = k.mul(along(k, y, d, span, n - span), along(k, y, d, 0, n - span))
    y = k.concat([along(k, y, d, 0, span), longer], d)
  }
  return y
}

/** The largest element so far and its index, the last of equals; a NaN stays. */
export function cummax<T>(k: Carrier<T>, x: T, axis: number): Extremes<T> {
  const d = normalizeAxis('cummax', axis, k.shape(x).length)
  const indices = k.cumargmax(x, d)
  return { values: k.gather(x, indices, d), indices }
}

/** The smallest element so far and its index, the last of equals; a NaN stays. */
export function cummin<T>(k: Carrier<T>, x: T, axis: number): Extremes<T> {
  const d = normalizeAxis('cummin', axis, k.shape(x).length)
  const indices = k.cumargmax(k.neg(x), d)
  return { values: k.gather(x, indices, d), indices }
}
