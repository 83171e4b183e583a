/** Reductions of one block of numbers each. Sums are pairwise, so that long ones keep their digits. */
import type { Data, FloatArray } from '../data.ts'
import { type Block, eachBlock, foldBlocks } from './blocks.ts'

/** Sum of n elements from `at`, `stride` apart, by halves: the rounding error grows with log n. */
function pairwiseSum(x: FloatArray, at: number, stride: number, n: number): number {
  if (n <= 128) {
    let s = 0
    for (let e = 0; e < n; e++) s += x[at + e * stride] as number
    return s
  }
  const half = n >> 1
  return pairwiseSum(x, at, stride, half) + pairwiseSum(x, at + half * stride, stride, n - half)
}

export function sum(x: Data, axes: readonly number[], keepDims: boolean): Data {
  return typeof x === 'number' ? x : foldBlocks(x, axes, keepDims, pairwiseSum)
}

/** Σx/n; where the sum overflows, Σ(x·s)/(n·s) with a power of two s ≤ 1/n, which costs no digits. */
function average(x: FloatArray, at: number, stride: number, n: number): number {
  const total = pairwiseSum(x, at, stride, n)
  if (Math.abs(total) !== Number.POSITIVE_INFINITY) return total / n
  const s = 2 ** -Math.ceil(Math.log2(n))
  let scaled = 0
  for (let e = 0; e < n; e++) scaled += (x[at + e * stride] as number) * s
  return scaled / (n * s)
}

export function mean(x: Data, axes: readonly number[], keepDims: boolean): Data {
  return typeof x === 'number' ? x : foldBlocks(x, axes, keepDims, average)
}

function largest(x: FloatArray, at: number, stride: number, n: number): number {
  let m = Number.NEGATIVE_INFINITY
  for (let e = 0; e < n; e++) {
    const t = x[at + e * stride] as number
    if (!(t <= m)) m = t
    if (t !== t) return t
  }
  return m
}

export function max(x: Data, axes: readonly number[], keepDims: boolean): Data {
  return typeof x === 'number' ? x : foldBlocks(x, axes, keepDims, largest)
}

/** √Σx², scaled by the largest element where squares would overflow or vanish. */
function euclidean(x: FloatArray, at: number, stride: number, n: number): number {
  let squares = 0
  for (let e = 0; e < n; e++) {
    const t = x[at + e * stride] as number
    squares += t * t
  }
  if (squares > 1e-280 && squares < Number.POSITIVE_INFINITY) return Math.sqrt(squares)
  let scale = 0
  for (let e = 0; e < n; e++) {
    const t = Math.abs(x[at + e * stride] as number)
    if (!(t <= scale)) scale = t
  }
  if (scale === 0 || scale !== scale || scale === Number.POSITIVE_INFINITY) return scale
  let scaled = 0
  for (let e = 0; e < n; e++) {
    const t = (x[at + e * stride] as number) / scale
    scaled += t * t
  }
  return scale * Math.sqrt(scaled)
}

export function norm(x: Data, axes: readonly number[], keepDims: boolean): Data {
  return foldBlocks(x, axes, keepDims, euclidean)
}

/** x/‖x‖, 0 for 0, from elements scaled by the largest. */
const unitBlock: Block = (out, x, at, stride, n) => {
  let scale = 0
  for (let e = 0; e < n; e++) scale = Math.max(scale, Math.abs(x[at + e * stride] as number))
  if (scale === 0) return
  let squares = 0
  for (let e = 0; e < n; e++) {
    const value = x[at + e * stride] as number
    const finite = scale < Number.POSITIVE_INFINITY || scale !== scale
    const t = finite ? value / scale : Math.abs(value) === scale ? Math.sign(value) : 0
    squares += t * t
    out[at + e * stride] = t
  }
  const length = Math.sqrt(squares)
  for (let e = 0; e < n; e++) out[at + e * stride] = (out[at + e * stride] as number) / length
}

export function unit(x: Data, axes: readonly number[]): Data {
  return eachBlock(x, axes, unitBlock)
}

/**
 * log Σexp(x) = m + log1p(Σ′exp(x − m)), m one of the largest elements and Σ′ the sum over all others, so that a small
 * rest beside a dominant element keeps its digits.
 */
export function logSumExpOf(x: FloatArray, at: number, stride: number, n: number): number {
  const m = largest(x, at, stride, n)
  if (n === 0 || m !== m || m === Number.POSITIVE_INFINITY) return m
  return m + Math.log1p(restOf(x, at, stride, n, m))
}

/** Σ exp(x − m) over all elements but one of those that equal m. */
export function restOf(x: FloatArray, at: number, stride: number, n: number, m: number): number {
  let rest = 0
  let seen = false
  for (let e = 0; e < n; e++) {
    const t = x[at + e * stride] as number
    if (t !== m) rest += Math.exp(t - m)
    else if (seen) rest += 1
    else seen = true
  }
  return rest
}

export { largest as largestOf }

export function logSumExp(x: Data, axes: readonly number[], keepDims: boolean): Data {
  return foldBlocks(x, axes, keepDims, logSumExpOf)
}
