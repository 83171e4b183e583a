/** Square matrices one after another: reading, messages, and the elimination that most of linear algebra rests on. */
import type { NdArray } from '../data.ts'
import { DomainError, ShapeError, showShape } from '../errors.ts'
import type { Shape } from '../shape.ts'

/** Rounding errors below this many units, relative to what was subtracted, are no digits. */
const EPSILON = 2 ** -52

/** The side of the square matrices in the last two axes. @throws ShapeError */
export function sideOf(op: string, shape: Shape): number {
  const [rows, columns] = shape.slice(-2)
  if (columns !== undefined && rows === columns) return rows
  throw new ShapeError(
    `${op}: a square matrix is needed, got the shape ${showShape(shape)}. Its last two axes have the same size.`,
  )
}

/** The error that matrix number `index` of the leading axes causes. */
export function failed(op: string, batch: Shape, index: number, what: string): DomainError {
  let rest = index
  const place = batch.toReversed().map((n) => {
    const i = rest % n
    rest = (rest - i) / n
    return i
  })
  const which =
    batch.length === 0 ? 'the matrix' : `matrix ${showShape(place.reverse())} of the batch ${showShape(batch)}`
  return new DomainError(`${op}: ${which} ${what}`)
}

export const SINGULAR =
  'is singular: its rows depend on each other, to the last digits. Check how it was made, or add a small multiple of eye(n).'

/** Copies one n × n matrix to float64. */
export function load(to: Float64Array, { data }: NdArray, at: number, n: number): void {
  for (let i = 0; i < n * n; i++) to[i] = data[at + i] as number
}

/** Exchanges two rows of `width` numbers. */
export function swapRows(x: Float64Array, width: number, i: number, j: number): void {
  for (let c = 0; c < width; c++) {
    const held = x[i * width + c] as number
    x[i * width + c] = x[j * width + c] as number
    x[j * width + c] = held
  }
}

export interface Factors {
  /** Of the permutation, 1 or −1. */
  readonly sign: number
  /** A pivot is 0, or no larger than the rounding errors of the subtractions that it is left over from. */
  readonly singular: boolean
}

/**
 * P·A = L·U with partial pivoting, in place: L without its diagonal of ones below, U on and above the diagonal.
 * `order` receives the row of A that stands at each place.
 */
export function factorize(a: Float64Array, n: number, order: Int32Array): Factors {
  let sign = 1
  let singular = false
  for (let i = 0; i < n; i++) order[i] = i
  for (let k = 0; k < n; k++) {
    let top = k
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k] as number) > Math.abs(a[top * n + k] as number)) top = i
    }
    if (top !== k) {
      swapRows(a, n, top, k)
      const held = order[top] as number
      order[top] = order[k] as number
      order[k] = held
      sign = -sign
    }
    const pivot = a[k * n + k] as number
    let subtracted = 0
    for (let m = 0; m < k; m++) subtracted += Math.abs((a[k * n + m] as number) * (a[m * n + k] as number))
    if (Math.abs(pivot) <= n * EPSILON * subtracted) singular = true
    if (pivot === 0) continue
    for (let i = k + 1; i < n; i++) {
      const factor = (a[i * n + k] as number) / pivot
      a[i * n + k] = factor
      if (factor === 0) continue
      for (let j = k + 1; j < n; j++) a[i * n + j] = (a[i * n + j] as number) - factor * (a[k * n + j] as number)
    }
  }
  return { sign, singular }
}

/** Solves T·X = B in place of X = B [n, m], T the lower or upper triangle of a; `unit`: with ones on its diagonal. */
export function substitute(
  a: Float64Array,
  n: number,
  x: Float64Array,
  m: number,
  lower: boolean,
  unit: boolean,
): void {
  for (let step = 0; step < n; step++) {
    const i = lower ? step : n - 1 - step
    const [from, to] = lower ? [0, i] : [i + 1, n]
    for (let k = from; k < to; k++) {
      const factor = a[i * n + k] as number
      if (factor === 0) continue
      for (let c = 0; c < m; c++) x[i * m + c] = (x[i * m + c] as number) - factor * (x[k * m + c] as number)
    }
    if (unit) continue
    const pivot = a[i * n + i] as number
    for (let c = 0; c < m; c++) x[i * m + c] = (x[i * m + c] as number) / pivot
  }
}
