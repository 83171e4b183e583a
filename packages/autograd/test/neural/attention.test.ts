/** Attention, embedding and dropout: against values from outside, at the borders, and by what they refuse. */
import { describe, expect, it } from 'vitest'
import {
  constant,
  dropout,
  embedding,
  grad,
  ones,
  random,
  scaledDotProductAttention,
  type Value,
  value,
} from '../../src/index.ts'
import { checkGradients } from '../../src/testing/index.ts'
import { read, testReference } from './reference.ts'
import { refusals } from './refusals.ts'

testReference({
  embedding: ({ index }, x) => x.embedding(read(index)),
  scaledDotProductAttention: ({ causal, mask }, q, k, v) =>
    q.scaledDotProductAttention(k as Value, v as Value, { causal, mask: mask && read(mask) }),
})

const array = (...shape: number[]): Value =>
  constant(
    Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => Math.cos(1 + 2.3 * i)),
    { shape },
  )

describe('scaledDotProductAttention', () => {
  const [q, k, v] = [array(2, 3, 4), array(2, 3, 4), array(2, 3, 2)]

  it('gives zeros to a query that sees no key, and no gradient', () => {
    const mask = [
      [1, 1, 0],
      [0, 0, 0],
      [0, 1, 1],
    ]
    const live = [q, k, v].map((x) => value(x)) as [Value, Value, Value]
    const y = scaledDotProductAttention(...live, { mask })
    expect(y.slice([[], [1, 2]]).data.every((x) => x === 0)).toBe(true)
    y.square().sum().backward()
    for (const x of live) expect(x.grad.data.every(Number.isFinite)).toBe(true)
    expect(live[0].grad.slice([[], [1, 2]]).data.every((x) => x === 0)).toBe(true)
  })

  it('joins a mask with the causal one', () => {
    const mask = ones([2, 3, 3]).mul([1, 0, 1])
    const both = scaledDotProductAttention(q, k, v, { mask, causal: true })
    const joined = scaledDotProductAttention(q, k, v, { mask: mask.tril() })
    expect(both.toArray()).toEqual(joined.toArray())
  })

  it('broadcasts leading axes, and stays float32', () => {
    const one = q.at(0)
    const y = scaledDotProductAttention(one, k, v)
    expect(y.at(0).toArray()).toEqual(scaledDotProductAttention(one, k.at(0), v.at(0)).toArray())
    const narrow = value([[1, 2]], { dtype: 'float32' })
    expect(narrow.scaledDotProductAttention([[1, 1]], [[3]], { causal: true, mask: [[1]] }).dtype).toBe('float32')
  })

  it('has derivatives of second order', () => {
    const mask = [
      [1, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]
    const loss = (a: Value, b: Value, c: Value): Value => scaledDotProductAttention(a, b, c, { mask }).tanh().sum()
    expect(checkGradients(loss, [q, k, v], { order: 2 })).toMatchObject({ ok: true })
  })
})

describe('embedding', () => {
  it('adds the gradients of a row that is read several times', () => {
    const rows = grad((w: Value) =>
      embedding(w, [2, 0, 2])
        .mul([[1], [10], [100]])
        .sum(),
    )([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(rows.toArray()).toEqual([
      [10, 10],
      [0, 0],
      [101, 101],
    ])
  })
})

describe('dropout', () => {
  it('keeps the mean, and is the same for the same seed', () => {
    const x = ones([10_000])
    const y = dropout(x, 0.25, { random: random(3) })
    expect([...new Set(y.data)].sort()).toEqual([0, 1 / 0.75])
    expect(y.mean().item()).toBeCloseTo(1, 1)
    expect(dropout(x, 0.25, { random: random(3) }).toArray()).toEqual(y.toArray())
  })

  it('passes the gradient where it passed the number', () => {
    const x = value([1, 2, 3, 4, 5, 6], { dtype: 'float32' })
    const y = x.dropout(0.5, { random: random(1) })
    y.sum().backward()
    expect([y.dtype, x.grad.dtype]).toEqual(['float32', 'float32'])
    expect(y.toArray()).toEqual(x.mul(x.grad).toArray())
    expect(new Set(x.grad.data)).toEqual(new Set([0, 2]))
  })

  it('drops nothing with p = 0, and everything with p = 1, NaN too', () => {
    const x = [1, Number.NaN, Number.POSITIVE_INFINITY]
    expect(dropout(x, 0, { random: random(1) }).toArray()).toEqual(x)
    expect(dropout(x, 1, { random: random(1) }).toArray()).toEqual([0, 0, 0])
  })
})

const [q, k, v] = [array(3, 4), array(5, 4), array(5, 2)]
refusals([
  [
    'scaledDotProductAttention: queries, keys and values have shapes [4], [5, 4] and [5, 2]. Give [..., queries, features]',
    () => scaledDotProductAttention(array(4), k, v),
  ],
  [
    'scaledDotProductAttention: queries and keys differ in size, the shapes are',
    () => scaledDotProductAttention(v, k, v),
  ],
  ['scaledDotProductAttention: keys and values differ in number, the shapes', () => scaledDotProductAttention(q, k, q)],
  [
    'scaledDotProductAttention, the mask: the shapes [3, 4] and [3, 5] do not broadcast',
    () => scaledDotProductAttention(q, k, v, { mask: array(3, 4) }),
  ],
  [
    'scaledDotProductAttention: the mask [2, 3, 5] is larger than the scores [3, 5].',
    () => scaledDotProductAttention(q, k, v, { mask: array(2, 3, 5) }),
  ],
  [
    'scaledDotProductAttention: the mask holds -Infinity. Give 1 where a query sees a key, and 0 where it does not.',
    () => scaledDotProductAttention(q, k, v, { mask: [0, 0, 0, 0, Number.NEGATIVE_INFINITY] }),
  ],
  ['embedding: the index 5 is none of 5 rows. They count from 0.', () => embedding(k, [1, 5])],
  ['embedding: the index -1 is none of 5 rows.', () => embedding(k, [-1])],
  ['embedding: the index 0.5 is none of 5 rows.', () => embedding(k, 0.5)],
  ['embedding: the weights have shape [2]. Give [rows, features].', () => embedding([1, 2], [0])],
  ['dropout: the probability is 1.5. Give a number from 0 to 1.', () => dropout([1], 1.5, { random: random(1) })],
  ['dropout: no source of randomness. Give { random: random(seed) }.', () => value([1]).dropout(0.5)],
])
