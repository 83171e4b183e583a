/** Systems of linear equations and inverses, a batch of matrices at a time; computed in float64 whatever the dtype. */
import { allocate, dtypeOf, joinDTypes, NdArray } from '../data.ts'
import type { SolveArgs } from '../op.ts'
import { broadcastShapes, broadcastStrides, sizeOf } from '../shape.ts'
import { factorize, failed, load, SINGULAR, sideOf, substitute } from './linalg.ts'

/** A⁻¹, the solution of A·X = I. @throws DomainError for a singular matrix. */
export function inv(a: NdArray): NdArray {
  const n = sideOf('inv', a.shape)
  const batch = a.shape.slice(0, -2)
  const out = allocate(dtypeOf(a), a.data.length)
  const lu = new Float64Array(n * n)
  const x = new Float64Array(n * n)
  const order = new Int32Array(n)
  for (let e = 0; e < sizeOf(batch) && n > 0; e++) {
    load(lu, a, e * n * n, n)
    if (factorize(lu, n, order).singular) throw failed('inv', batch, e, SINGULAR)
    x.fill(0)
    for (let i = 0; i < n; i++) x[i * n + (order[i] as number)] = 1
    substitute(lu, n, x, n, true, true)
    substitute(lu, n, x, n, false, false)
    out.set(x, e * n * n)
  }
  return new NdArray(a.shape, out)
}

/** Transposed in place. */
function flip(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const held = a[i * n + j] as number
      a[i * n + j] = a[j * n + i] as number
      a[j * n + i] = held
    }
  }
}

/** Whether a triangle has a 0 on its diagonal. */
function hasZero(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (a[i * n + i] === 0) return true
  return false
}

/**
 * X of A·X = B or Aᵀ·X = B for B of as many rows, where `part` says which part of A is read; leading axes broadcast.
 * @throws DomainError for a singular matrix.
 */
export function solve(a: NdArray, b: NdArray, { part, transpose }: SolveArgs): NdArray {
  const op = part === 'full' ? 'solve' : 'triangularSolve'
  const n = sideOf(op, a.shape)
  const m = b.shape.at(-1) as number
  const batchA = a.shape.slice(0, -2)
  const batchB = b.shape.slice(0, -2)
  const batch = broadcastShapes(op, batchA, batchB)
  const shape = [...batch, n, m]
  const out = allocate(joinDTypes(a, b), sizeOf(shape))
  const [stepA, stepB] = [broadcastStrides(batchA, batch), broadcastStrides(batchB, batch)]
  const lu = new Float64Array(n * n)
  const x = new Float64Array(n * m)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  // A transposed lower triangle is an upper one.
  const lower = (part === 'lower') !== transpose
  let loaded = -1
  for (let e = 0; e < sizeOf(batch) && n > 0; e++) {
    let i = 0
    let j = 0
    for (let axis = batch.length - 1, rest = e; axis >= 0; axis--) {
      const size = batch[axis] as number
      i += (rest % size) * (stepA[axis] as number)
      j += (rest % size) * (stepB[axis] as number)
      rest = Math.floor(rest / size)
    }
    // A matrix that broadcasts is factorized once.
    if (i !== loaded) {
      load(lu, a, i * n * n, n)
      const singular = part === 'full' ? factorize(lu, n, order).singular : hasZero(lu, n)
      if (singular) throw failed(op, batchA, i, part === 'full' ? SINGULAR : ZERO_DIAGONAL)
      if (transpose) flip(lu, n)
      loaded = i
    }
    for (let r = 0; r < n; r++) {
      const from = (j * n + (transpose ? r : (order[r] as number))) * m
      for (let c = 0; c < m; c++) x[r * m + c] = b.data[from + c] as number
    }
    if (part === 'full') {
      // P·A = L·U, so Aᵀ·X = B is Uᵀ·Lᵀ·(P·X) = B.
      substitute(lu, n, x, m, true, !transpose)
      substitute(lu, n, x, m, false, transpose)
    } else substitute(lu, n, x, m, lower, false)
    for (let r = 0; r < n; r++) {
      const to = (e * n + (transpose ? (order[r] as number) : r)) * m
      for (let c = 0; c < m; c++) out[to + c] = x[r * m + c] as number
    }
  }
  return new NdArray(shape, out)
}

const ZERO_DIAGONAL =
  'is singular: there is a 0 on its diagonal. Check how it was made, and whether the other triangle was meant.'
