/** Attention, embedding and dropout. */
import { filled, type NdArray } from '../data.ts'
import { DomainError, ShapeError, show, showShape } from '../errors.ts'
import { type Carrier, NN, NT } from '../op.ts'
import { broadcastShapes, type Shape } from '../shape.ts'
import { tril } from './diagonal.ts'

export interface AttentionOptions<T> {
  /** [queries, keys], or broadcasting against [..., queries, keys]: 0 where a query does not see a key. */
  readonly mask?: T | undefined
  /** Query i sees the keys 0 … i. */
  readonly causal?: boolean | undefined
}

function checkAttention(query: Shape, key: Shape, value: Shape): void {
  const from = (shape: Shape, end: number): number | undefined => shape[shape.length - end]
  const shapes = `${showShape(query)}, ${showShape(key)} and ${showShape(value)}`
  if (query.length < 2 || key.length < 2 || value.length < 2) {
    throw new ShapeError(
      `scaledDotProductAttention: queries, keys and values have shapes ${shapes}. Give [..., queries, features], [..., keys, features] and [..., keys, values].`,
    )
  }
  if (from(query, 1) !== from(key, 1) || from(key, 2) !== from(value, 2)) {
    const what =
      from(query, 1) === from(key, 1) ? 'keys and values differ in number' : 'queries and keys differ in size'
    throw new ShapeError(
      `scaledDotProductAttention: ${what}, the shapes are ${shapes}. Queries and keys share their last axis, keys and values the one before.`,
    )
  }
}

/** @throws DomainError for a number that is neither 0 nor 1: other libraries add their masks to the scores. */
export function checkMask({ data }: NdArray): void {
  const other = data.find((seen) => seen !== 0 && seen !== 1)
  if (other === undefined) return
  throw new DomainError(
    `scaledDotProductAttention: the mask holds ${other}. Give 1 where a query sees a key, and 0 where it does not.`,
  )
}

/**
 * softmax(q·kᵀ/√d)·v over the keys that each query sees; zeros for one that sees none. Vaswani et al., 2017.
 * @throws ShapeError where the shapes do not fit.
 */
export function scaledDotProductAttention<T>(
  k: Carrier<T>,
  query: T,
  key: T,
  value: T,
  { mask, causal = false }: AttentionOptions<T> = {},
): T {
  checkAttention(k.shape(query), k.shape(key), k.shape(value))
  const width = k.shape(query).at(-1) as number
  const scores = k.matmul(k.div(query, Math.sqrt(width)), key, NT)
  let seen = mask
  if (mask !== undefined) {
    const full = broadcastShapes('scaledDotProductAttention, the mask', k.shape(mask), k.shape(scores))
    if (full.length > k.shape(scores).length || full.some((n, d) => n !== k.shape(scores)[d])) {
      throw new ShapeError(
        `scaledDotProductAttention: the mask ${showShape(k.shape(mask))} is larger than the scores ${showShape(k.shape(scores))}. Give one number for each pair of query and key.`,
      )
    }
  }
  if (causal) {
    const past = tril(k, k.constant(filled(k.shape(scores).slice(-2), 1, 'float64')), 0)
    seen = mask === undefined ? past : k.mul(k.ne(mask, 0), past)
  }
  // Of −∞ the share is 0, also for a query that sees no key.
  const visible = seen === undefined ? scores : k.where(seen, scores, Number.NEGATIVE_INFINITY)
  return k.matmul(k.softmax(visible, [k.shape(scores).length - 1]), value, NN)
}

/** @throws ShapeError for an index that names no row. */
export function checkRows(weight: Shape, indices: NdArray): void {
  const [rows = 0] = weight
  if (weight.length !== 2) {
    throw new ShapeError(`embedding: the weights have shape ${showShape(weight)}. Give [rows, features].`)
  }
  for (const index of indices.data) {
    if (Number.isInteger(index) && index >= 0 && index < rows) continue
    throw new ShapeError(`embedding: the index ${index} is none of ${rows} rows. They count from 0.`)
  }
}

/** The row of the weights at each index. */
export function embedding<T>(k: Carrier<T>, weight: T, indices: T): T {
  return k.take(weight, indices, 0)
}

/** What dropout needs of a random generator: numbers from 0 up to, not including, 1. */
export interface Uniform<T> {
  uniform(shape: Shape): T
}

/**
 * Each element 0 with probability p, else divided by 1 − p, so that the mean stays. Srivastava et al., 2014.
 * @throws DomainError unless 0 ≤ p ≤ 1, or without a generator.
 */
export function dropout<T>(k: Carrier<T>, x: T, p: number, random: Uniform<T> | undefined): T {
  if (!(p >= 0 && p <= 1)) {
    throw new DomainError(`dropout: the probability is ${show(p)}. Give a number from 0 to 1.`)
  }
  if (typeof random?.uniform !== 'function') {
    throw new DomainError('dropout: no source of randomness. Give { random: random(seed) }.')
  }
  const kept = k.ge(random.uniform(k.shape(x)), p)
  return k.mulNoNan(x, k.cast(k.div(kept, p === 1 ? 1 : 1 - p), k.dtype(x)))
}
