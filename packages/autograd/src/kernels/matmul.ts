/**
 * Matrix products in the three forms that are closed under differentiation: A·B, A·Bᵀ and Aᵀ·B. No transpose is ever
 * copied; each form has the loop order that reads both operands along their rows. Aᵀ·Bᵀ is for compiled programs, which
 * read operands as they lie in memory.
 */
import { allocate, dtypeOf, type FloatArray, joinDTypes, NdArray } from '../data.ts'
import { ShapeError, showShape } from '../errors.ts'
import type { MatmulArgs } from '../op.ts'
import { broadcastShapes, broadcastStrides, sizeOf } from '../shape.ts'
import { nativeMatmul, type Product, paysNative } from '../wasm/gemm/nativeMatmul.ts'

type Loops = (
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

/**
 * Two rows of the result as combinations of the rows of B, four of these at a time: each number that is loaded is used
 * more than once. In A a row begins `down` after the one before, and its elements are `across` apart.
 */
function combine(
  out: FloatArray,
  o: number,
  a: FloatArray,
  i: number,
  down: number,
  across: number,
  b: FloatArray,
  j: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  const paired = rows - (rows % 2)
  for (let r = 0; r < paired; r += 2) {
    const to = o + r * columns
    const too = to + columns
    let k = 0
    for (; k + 4 <= inner; k += 4) {
      const from = i + r * down + k * across
      const a0 = a[from] as number
      const a1 = a[from + across] as number
      const a2 = a[from + 2 * across] as number
      const a3 = a[from + 3 * across] as number
      const c0 = a[from + down] as number
      const c1 = a[from + down + across] as number
      const c2 = a[from + down + 2 * across] as number
      const c3 = a[from + down + 3 * across] as number
      const b0 = j + k * columns
      const b1 = b0 + columns
      const b2 = b1 + columns
      const b3 = b2 + columns
      for (let c = 0; c < columns; c++) {
        const x0 = b[b0 + c] as number
        const x1 = b[b1 + c] as number
        const x2 = b[b2 + c] as number
        const x3 = b[b3 + c] as number
        out[to + c] = (out[to + c] as number) + (a0 * x0 + a1 * x1) + (a2 * x2 + a3 * x3)
        out[too + c] = (out[too + c] as number) + (c0 * x0 + c1 * x1) + (c2 * x2 + c3 * x3)
      }
    }
    for (; k < inner; k++) {
      addRow(out, to, a[i + r * down + k * across] as number, b, j + k * columns, columns)
      addRow(out, too, a[i + (r + 1) * down + k * across] as number, b, j + k * columns, columns)
    }
  }
  if (paired < rows) combineLast(out, o + paired * columns, a, i + paired * down, across, b, j, inner, columns)
}

/** One row of the result, the last of an odd number. */
function combineLast(
  out: FloatArray,
  to: number,
  a: FloatArray,
  i: number,
  across: number,
  b: FloatArray,
  j: number,
  inner: number,
  columns: number,
): void {
  let k = 0
  for (; k + 4 <= inner; k += 4) {
    const a0 = a[i + k * across] as number
    const a1 = a[i + (k + 1) * across] as number
    const a2 = a[i + (k + 2) * across] as number
    const a3 = a[i + (k + 3) * across] as number
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
  for (; k < inner; k++) addRow(out, to, a[i + k * across] as number, b, j + k * columns, columns)
}

function addRow(out: FloatArray, to: number, factor: number, b: FloatArray, from: number, columns: number): void {
  for (let c = 0; c < columns; c++) out[to + c] = (out[to + c] as number) + factor * (b[from + c] as number)
}

const plain: Loops = (out, o, a, i, b, j, rows, inner, columns) =>
  combine(out, o, a, i, inner, 1, b, j, rows, inner, columns)

/** Aᵀ·B: A is [inner, rows]. */
const leftTransposed: Loops = (out, o, a, i, b, j, rows, inner, columns) =>
  combine(out, o, a, i, 1, rows, b, j, rows, inner, columns)

/** A·Bᵀ: dot products of two rows of A with four of B at a time, the rest one by one. */
const rightTransposed: Loops = (out, o, a, i, b, j, rows, inner, columns) => {
  const paired = rows - (rows % 2)
  const fours = columns - (columns % 4)
  for (let r = 0; r < paired; r += 2) {
    const p = i + r * inner
    const q = p + inner
    for (let c = 0; c < fours; c += 4) {
      const b0 = j + c * inner
      const b1 = b0 + inner
      const b2 = b1 + inner
      const b3 = b2 + inner
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let t0 = 0
      let t1 = 0
      let t2 = 0
      let t3 = 0
      for (let k = 0; k < inner; k++) {
        const x = a[p + k] as number
        const y = a[q + k] as number
        const u0 = b[b0 + k] as number
        const u1 = b[b1 + k] as number
        const u2 = b[b2 + k] as number
        const u3 = b[b3 + k] as number
        s0 += x * u0
        s1 += x * u1
        s2 += x * u2
        s3 += x * u3
        t0 += y * u0
        t1 += y * u1
        t2 += y * u2
        t3 += y * u3
      }
      const to = o + r * columns + c
      out[to] = s0
      out[to + 1] = s1
      out[to + 2] = s2
      out[to + 3] = s3
      out[to + columns] = t0
      out[to + columns + 1] = t1
      out[to + columns + 2] = t2
      out[to + columns + 3] = t3
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < paired ? fours : 0; c < columns; c++) {
      out[o + r * columns + c] = dot(a, i + r * inner, b, j + c * inner, inner)
    }
  }
}

/** Aᵀ·Bᵀ: A is [inner, rows], B is [columns, inner]. */
const bothTransposed: Loops = (out, o, a, i, b, j, rows, inner, columns) => {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += (a[i + k * rows + r] as number) * (b[j + c * inner + k] as number)
      out[o + r * columns + c] = sum
    }
  }
}

/** Four partial sums, so that no addition waits for the one before. */
function dot(a: FloatArray, i: number, b: FloatArray, j: number, n: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let k = 0
  for (; k + 4 <= n; k += 4) {
    s0 += (a[i + k] as number) * (b[j + k] as number)
    s1 += (a[i + k + 1] as number) * (b[j + k + 1] as number)
    s2 += (a[i + k + 2] as number) * (b[j + k + 2] as number)
    s3 += (a[i + k + 3] as number) * (b[j + k + 3] as number)
  }
  for (; k < n; k++) s0 += (a[i + k] as number) * (b[j + k] as number)
  return s0 + s1 + (s2 + s3)
}

/** One product, of the matrices that begin at elements o, i, j: in WebAssembly where that pays, else in plain loops. */
function multiply(out: NdArray, o: number, a: NdArray, i: number, b: NdArray, j: number, size: Product): void {
  if (paysNative(size)) {
    const done = nativeMatmul(dtypeOf(out), out.data, o, { data: a.data, at: i }, { data: b.data, at: j }, size)
    if (done) return
  }
  const { rows, inner, columns, transposeA, transposeB } = size
  const loops = transposeA ? (transposeB ? bothTransposed : leftTransposed) : transposeB ? rightTransposed : plain
  loops(out.data, o, a.data, i, b.data, j, rows, inner, columns)
}

/** Products of the last two axes, broadcast over all others. */
export function matmul(a: NdArray, b: NdArray, { transposeA, transposeB }: MatmulArgs): NdArray {
  const rows = fromEnd(a, transposeA ? 1 : 2)
  const innerA = fromEnd(a, transposeA ? 2 : 1)
  const innerB = fromEnd(b, transposeB ? 1 : 2)
  const columns = fromEnd(b, transposeB ? 2 : 1)
  if (innerA !== innerB) {
    const form = `${showShape(a.shape)}${transposeA ? 'ᵀ' : ''} · ${showShape(b.shape)}${transposeB ? 'ᵀ' : ''}`
    throw new ShapeError(
      `matmul: the inner sizes differ, ${form} (${innerA} ≠ ${innerB}). Transpose one side, or reshape it.`,
    )
  }
  const size = { rows, inner: innerA, columns, transposeA, transposeB }
  const dtype = joinDTypes(a, b)
  if (a.shape.length === 2 && b.shape.length === 2) {
    const out = new NdArray([rows, columns], allocate(dtype, rows * columns))
    multiply(out, 0, a, 0, b, 0, size)
    return out
  }
  const batchA = a.shape.slice(0, -2)
  const batchB = b.shape.slice(0, -2)
  const batch = broadcastShapes('matmul', batchA, batchB)
  const count = sizeOf(batch)
  const out = new NdArray([...batch, rows, columns], allocate(dtype, count * rows * columns))
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
    multiply(out, e * rows * columns, a, i * rows * innerA, b, j * innerA * columns, size)
  }
  return out
}

function fromEnd({ shape }: NdArray, axis: number): number {
  return shape[shape.length - axis] as number
}
