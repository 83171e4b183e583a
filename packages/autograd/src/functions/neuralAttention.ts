/** Attention, embedding and dropout. */
import type { AttentionOptions } from '../compose/neuralAttention.ts'
import type { Random } from '../random.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { readAll } from './operands.ts'

/**
 * softmax(q·kᵀ/√d)·v: for each query a mean of the values, weighted by how well the keys fit. q is [..., queries, d],
 * k [..., keys, d], v [..., keys, e]; leading axes broadcast. The mask, [queries, keys] or broadcasting against [...,
 * queries, keys], is 0 where a query does not see a key; with { causal: true } query i sees the keys up to i. A query
 * that sees no key gets zeros. Vaswani et al., Attention Is All You Need, 2017.
 * @throws ShapeError where the shapes do not fit.
 * @example scaledDotProductAttention([[1, 0]], [[9, 0], [9, 0]], [[2], [4]]) // [[3]]
 */
export function scaledDotProductAttention(
  q: Operand,
  k: Operand,
  v: Operand,
  options?: AttentionOptions<Operand>,
): Value {
  const [query, key, value] = readAll('scaledDotProductAttention', [q, k, v]) as [Value, Value, Value]
  return query.scaledDotProductAttention(key, value, options)
}

/**
 * The row of the weights [rows, features] at each index: the shape of the indices, then the features.
 * @throws ShapeError for an index that is not one of 0 … rows − 1, or weights of another rank.
 * @example embedding([[1, 2], [3, 4]], [1, 1, 0]) // [[3, 4], [3, 4], [1, 2]]
 */
export function embedding(weight: Operand, indices: Operand): Value {
  return readOperand('embedding', weight).embedding(indices)
}

/**
 * Sets each element to 0 with probability p, and divides the others by 1 − p, so that the mean stays: for training.
 * Srivastava et al., Dropout, 2014.
 * @throws DomainError unless 0 ≤ p ≤ 1.
 * @example dropout([1, 2, 3], 0.5, { random: random(1) })
 */
export function dropout(x: Operand, p: number, options: { readonly random: Pick<Random, 'uniform'> }): Value {
  return readOperand('dropout', x).dropout(p, options)
}
