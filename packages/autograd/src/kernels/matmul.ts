/**
 * Matrix products in the three forms that are closed under differentiation: A·B, A·Bᵀ and Aᵀ·B. No transpose is ever
 * copied; each form has the loop order that reads both operands along their rows.
 */
import { allocate, type FloatArray, joinDTypes, NdArray } from '../data.ts'
import { ShapeError, showShape } from '../errors.ts'
import type { MatmulArgs } from '../op.ts'
import { broadcastShapes, broadcastStrides, sizeOf } from '../shape.ts'

type Product = (
  out: FloatArray,
  o: number,
  a: FloatArray,
  i: number,
  b: FloatArray,
  j: number,
  rows: number,
  inner: number,
  columns: number,
) => void

/** A·B: row by row of the result, four rows of B at a time. */
const plain: Product = (out, o, a, i, b, j, rows, inner, columns) => {
  for (let r = 0; r < rows; r++) {
    const to = o + r * columns
    const from = i + r * inner
    let k = 0
    for (; k + 4 <= inner; k += 4) {
      const a0 = a[from + k] as number
      const a1 = a[from + k + 1] as number
      const a2 = a[from + k + 2] as number
      const a3 = a[from + k + 3] as number
      const b0 = j + k * columns
      const b1 = b0 + columns
      const b2 = b1 + columns
      const b3 = b2 + columns
      for (let c = 0; c < columns; c++) {
        out[to + c] =
          (out[to + c] as number) +
          (a0 * (b[b0 + c] as number) + a1 * (b[b1 + c] as number)) +
          (a2 * (b[b2 + c] as number) + a3 * (b[b3 + c] as number))
      }
    }
    for (; k < inner; k++) {
      const a0 = a[from + k] as number
      const b0 = j + k * columns
      for (let c = 0; c < columns; c++) out[to + c] = (out[to + c] as number) + a0 * (b[b0 + c] as number)
    }
  }
}

/** A·Bᵀ: dot products of rows, four partial sums each. */
const rightTransposed: Product = (out, o, a, i, b, j, rows, inner, columns) => {
  for (let r = 0; r < rows; r++) {
    const from = i + r * inner
    for (let c = 0; c < columns; c++) {
      const other = j + c * inner
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let k = 0
      for (; k + 4 <= inner; k += 4) {
        s0 += (a[from + k] as number) * (b[other + k] as number)
        s1 += (a[from + k + 1] as number) * (b[other + k + 1] as number)
        s2 += (a[from + k + 2] as number) * (b[other + k + 2] as number)
        s3 += (a[from + k + 3] as number) * (b[other + k + 3] as number)
      }
      for (; k < inner; k++) s0 += (a[from + k] as number) * (b[other + k] as number)
      out[o + r * columns + c] = s0 + s1 + (s2 + s3)
    }
  }
}

/** Aᵀ·B: outer products of rows added up, four at a time. A is [inner, rows]. */
const leftTransposed: Product = (out, o, a, i, b, j, rows, inner, columns) => {
  let k = 0
  for (; k + 4 <= inner; k += 4) {
    const b0 = j + k * columns
    const b1 = b0 + columns
    const b2 = b1 + columns
    const b3 = b2 + columns
    for (let r = 0; r < rows; r++) {
      const from = i + k * rows + r
      const a0 = a[from] as number
      const a1 = a[from + rows] as number
      const a2 = a[from + 2 * rows] as number
      const a3 = a[from + 3 * rows] as number
      const to = o + r * columns
      for (let c = 0; c < columns; c++) {
        out[to + c] =
          (out[to + c] as number) +
          (a0 * (b[b0 + c] as number) + a1 * (b[b1 + c] as number)) +
          (a2 * (b[b2 + c] as number) + a3 * (b[b3 + c] as number))
      }
    }
  }
  for (; k < inner; k++) {
    for (let r = 0; r < rows; r++) {
      const a0 = a[i + k * rows + r] as number
      const to = o + r * columns
      for (let c = 0; c < columns; c++) out[to + c] = (out[to + c] as number) + a0 * (b[j + k * columns + c] as number)
    }
  }
}

/** Products of the last two axes, broadcast over all others. */
export function matmul(a: NdArray, b: NdArray, { transposeA, transposeB }: MatmulArgs): NdArray {
  const [rows, innerA] = lastTwo(a, transposeA)
  const [innerB, columns] = lastTwo(b, transposeB)
  if (innerA !== innerB) {
    const form = `${showShape(a.shape)}${transposeA ? 'ᵀ' : ''} · ${showShape(b.shape)}${transposeB ? 'ᵀ' : ''}`
    throw new ShapeError(
      `matmul: the inner sizes differ, ${form} (${innerA} ≠ ${innerB}). Transpose one side, or reshape it.`,
    )
  }
  const batchA = a.shape.slice(0, -2)
  const batchB = b.shape.slice(0, -2)
  const batch = broadcastShapes('matmul', batchA, batchB)
  const count = sizeOf(batch)
  const out = allocate(joinDTypes(a, b), count * rows * columns)
  const product = transposeA ? leftTransposed : transposeB ? rightTransposed : plain
  const stepA = broadcastStrides(batchA, batch)
  const stepB = broadcastStrides(batchB, batch)
  for (let e = 0; e < count; e++) {
    let i = 0
    let j = 0
    for (let axis = batch.length - 1, rest = e; axis >= 0; axis--) {
      const n = batch[axis] as number
      i += (rest % n) * (stepA[axis] as number)
      j += (rest % n) * (stepB[axis] as number)
      rest = Math.floor(rest / n)
    }
    product(out, e * rows * columns, a.data, i * rows * innerA, b.data, j * innerA * columns, rows, innerA, columns)
  }
  return new NdArray([...batch, rows, columns], out)
}

function lastTwo(x: NdArray, transposed: boolean): [number, number] {
  const [m, n] = x.shape.slice(-2) as [number, number]
  return transposed ? [n, m] : [m, n]
}
