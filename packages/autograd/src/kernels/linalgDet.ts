/** Determinants, and how far matrices are from having a full rank. */
import { allocate, type Data, dtypeOf, filled, NdArray } from '../data.ts'
import { sizeOf } from '../shape.ts'
import { factorize, failed, load, SINGULAR, sideOf, swapRows } from './linalg.ts'

/** ± the product of the pivots. */
export function det(a: NdArray): Data {
  const n = sideOf('det', a.shape)
  const batch = a.shape.slice(0, -2)
  const count = sizeOf(batch)
  const out = allocate(dtypeOf(a), count)
  const lu = new Float64Array(n * n)
  const order = new Int32Array(n)
  for (let e = 0; e < count; e++) {
    load(lu, a, e * n * n, n)
    let product: number = factorize(lu, n, order).sign
    for (let i = 0; i < n; i++) product *= lu[i * n + i] as number
    out[e] = product
  }
  return batch.length === 0 ? filled(batch, out[0] as number, dtypeOf(a)) : new NdArray(batch, out)
}

/** The sign and log|det| of each matrix, side by side. @throws DomainError for a singular matrix. */
export function slogdet(a: NdArray): NdArray {
  const n = sideOf('slogdet', a.shape)
  const batch = a.shape.slice(0, -2)
  const count = sizeOf(batch)
  const out = allocate(dtypeOf(a), 2 * count)
  const lu = new Float64Array(n * n)
  const order = new Int32Array(n)
  for (let e = 0; e < count; e++) {
    load(lu, a, e * n * n, n)
    const factors = factorize(lu, n, order)
    if (factors.singular) throw failed('slogdet', batch, e, SINGULAR)
    let { sign } = factors
    let log = 0
    for (let i = 0; i < n; i++) {
      sign *= Math.sign(lu[i * n + i] as number)
      log += Math.log(Math.abs(lu[i * n + i] as number))
    }
    out[2 * e] = sign
    out[2 * e + 1] = log
  }
  return new NdArray([...batch, 2], out)
}

/** The power of 2 that brings the largest of the n numbers into [½, 1); 1 for zeros. */
function scaleOf(x: Float64Array, at: number, step: number, n: number): number {
  let top = 0
  for (let i = 0; i < n; i++) top = Math.max(top, Math.abs(x[at + i * step] as number))
  return top > 0 && top < Number.POSITIVE_INFINITY
    ? 2 ** -Math.min(1000, Math.max(-1000, Math.ceil(Math.log2(top))))
    : 1
}

/** How many small pivots are followed exactly by the derivatives of det. */
export const FOLLOWED = 6

/**
 * F and H, [2, n, n] for each matrix, with which A + Fᵀ·H is regular. Rows and columns are scaled to largest elements of
 * 1, then eliminated with complete pivoting until what remains is small; a 1 at each place of its diagonal makes the
 * remainder diagonally dominant. F and H hold the row and the column of each such 1, unscaled, in their first rows; they
 * are 0 where nothing is missing.
 */
export function lift(a: NdArray): NdArray {
  const n = sideOf('lift', a.shape)
  const batch = a.shape.slice(0, -2)
  const count = sizeOf(batch)
  const out = allocate(dtypeOf(a), 2 * count * n * n)
  const x = new Float64Array(n * n)
  for (let e = 0; e < count; e++) {
    load(x, a, e * n * n, n)
    const scaleRow = Array.from({ length: n }, (_, i) => scaleOf(x, i * n, 1, n))
    for (let i = 0; i < n * n; i++) x[i] = (x[i] as number) * (scaleRow[Math.floor(i / n)] as number)
    const scaleColumn = Array.from({ length: n }, (_, j) => scaleOf(x, j, n, n))
    for (let i = 0; i < n * n; i++) x[i] = (x[i] as number) * (scaleColumn[i % n] as number)
    const { rows, columns, rank } = eliminate(x, n)
    for (let i = rank; i < n; i++) {
      const [row, column] = [rows[i] as number, columns[i] as number]
      const at = 2 * e * n * n + (i - rank) * n
      out[at + row] = 1 / (scaleRow[row] as number)
      out[at + n * n + column] = 1 / (scaleColumn[column] as number)
    }
  }
  return new NdArray([...batch, 2, n, n], out)
}

/** Elimination with complete pivoting, until a few rows are left that are small, or many that are nothing. */
function eliminate(x: Float64Array, n: number): { rows: number[]; columns: number[]; rank: number } {
  const rows = Array.from({ length: n }, (_, i) => i)
  const columns = rows.slice()
  for (let k = 0; k < n; k++) {
    let [top, left, most] = [k, k, 0]
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) {
        const size = Math.abs(x[i * n + j] as number)
        if (size > most) [top, left, most] = [i, j, size]
      }
    }
    if (most < (n - k <= FOLLOWED ? 0.5 / (n - k) : n * 1e-13)) return { rows, columns, rank: k }
    swapRows(x, n, k, top)
    for (let i = 0; i < n; i++) exchange(x, i * n + k, i * n + left)
    exchange(rows, k, top)
    exchange(columns, k, left)
    for (let i = k + 1; i < n; i++) {
      const factor = (x[i * n + k] as number) / (x[k * n + k] as number)
      for (let j = k; j < n; j++) x[i * n + j] = (x[i * n + j] as number) - factor * (x[k * n + j] as number)
    }
  }
  return { rows, columns, rank: n }
}

function exchange(x: Float64Array | number[], i: number, j: number): void {
  const held = x[i] as number
  x[i] = x[j] as number
  x[j] = held
}
