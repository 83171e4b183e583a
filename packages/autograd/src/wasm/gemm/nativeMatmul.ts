/** Eager matrix products in WebAssembly, in blocks that fit in its memory. */
import type { DType, FloatArray } from '../../data.ts'
import { ACCUMULATE, TRANSPOSE_A, TRANSPOSE_B } from './gemm.ts'
import { nativeOf } from './native.ts'

/** Rows, columns and depth of a block at most: three blocks of float64 take 24 MiB. A multiple of what `gemm` sums. */
const EDGE = 1024

/** One matrix, row after row, from an element on. */
interface Operand {
  readonly data: FloatArray
  readonly at: number
}

export interface Product {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/**
 * Whether a product is worth copying its operands. Measured on x86-64 with Node 20: in both types a call and three copies
 * cost as much as some 1,000 products in plain loops; 64 × 16 × 16 takes a fifth of their time, 512³ a tenth.
 */
export function paysNative({ rows, inner, columns }: Product): boolean {
  return rows * inner * columns > 1500
}

/** out = op(A)·op(B) from its element `o` on. Returns false, and does nothing, where there is no WebAssembly. */
export function nativeMatmul(dtype: DType, out: FloatArray, o: number, a: Operand, b: Operand, size: Product): boolean {
  const native = nativeOf(dtype)
  if (native === undefined) return false
  const { rows, inner, columns, transposeA, transposeB } = size
  const { bytes, base } = native
  const [m, n, k] = [Math.min(rows, EDGE), Math.min(columns, EDGE), Math.min(inner, EDGE)]
  const [atA, atB] = [base / bytes, base / bytes + m * k]
  const atC = atB + k * n
  const view = native.view((atC + m * n) * bytes)
  const strideA = transposeA ? rows : inner
  const strideB = transposeB ? inner : columns
  const flags = (transposeA ? TRANSPOSE_A : 0) | (transposeB ? TRANSPOSE_B : 0)
  for (let j = 0; j < columns; j += EDGE) {
    const width = Math.min(columns - j, EDGE)
    for (let p = 0; p < inner; p += EDGE) {
      const depth = Math.min(inner - p, EDGE)
      const fromB = b.at + (transposeB ? j * inner + p : p * columns + j)
      const ldb = transposeB ? depth : width
      copy(b.data, fromB, strideB, view, atB, ldb, transposeB ? width : depth, ldb)
      for (let i = 0; i < rows; i += EDGE) {
        const height = Math.min(rows - i, EDGE)
        const fromA = a.at + (transposeA ? p * rows + i : i * inner + p)
        const lda = transposeA ? height : depth
        copy(a.data, fromA, strideA, view, atA, lda, transposeA ? depth : height, lda)
        const to = o + i * columns + j
        if (p > 0) copy(out, to, columns, view, atC, width, height, width)
        const own = flags | (p > 0 ? ACCUMULATE : 0)
        native.gemm(atA * bytes, atB * bytes, atC * bytes, height, width, depth, lda, ldb, width, own, 0)
        copy(view, atC, width, out, to, columns, height, width)
      }
    }
  }
  return true
}

/** Copies rows of numbers; those that lie one after the other at once. */
function copy(
  from: FloatArray,
  at: number,
  stride: number,
  to: FloatArray,
  start: number,
  step: number,
  rows: number,
  columns: number,
): void {
  if (stride === columns && step === columns) {
    to.set(from.subarray(at, at + rows * columns), start)
    return
  }
  for (let r = 0; r < rows; r++) to.set(from.subarray(at + r * stride, at + r * stride + columns), start + r * step)
}
