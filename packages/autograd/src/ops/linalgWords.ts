/** What the rules of linear algebra say of the matrices in the last two axes. */
import { allocate, NdArray } from '../data.ts'
import type { Carrier } from '../op.ts'

/** The matrices transposed. */
export function flip<T>(k: Carrier<T>, x: T | number): T {
  const rank = k.shape(x).length
  return k.transpose(x, [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2])
}

/** One number a matrix, to be multiplied with all its elements. */
export function perMatrix<T>(k: Carrier<T>, x: T | number): T {
  return k.reshape(x, [...k.shape(x), 1, 1])
}

/** A constant n × n matrix in the dtype of `like`, with one number below, one on and one above the diagonal. */
export function banded<T>(k: Carrier<T>, like: T | number, n: number, below: number, on: number, above: number): T {
  const data = allocate(k.dtype(like), n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) data[i * n + j] = j < i ? below : j === i ? on : above
  }
  return k.constant(new NdArray([n, n], data))
}
