/** Where nothing is possible: softmax, its logarithm and logSumExp of elements that are all −∞, as attention uses them. */
import { describe, expect, it } from 'vitest'
import {
  grad,
  hvp,
  jvp,
  logSoftmax,
  logSumExp,
  matmul,
  scaledDotProductAttention,
  softmax,
  transpose,
  type Value,
  value,
  where,
} from '../../src/index.ts'

const { NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most, NaN: none } = Number
const nothing = [least, least, least]
const zeros = [0, 0, 0]

describe('a row of −∞', () => {
  it('has shares of 0, whose logarithms are −∞', () => {
    expect(softmax(nothing).toArray()).toEqual(zeros)
    expect(logSoftmax(nothing).toArray()).toEqual(nothing)
    expect(logSumExp(nothing).item()).toBe(least)
    expect(softmax([[least], [least]], 0).toArray()).toEqual([[0], [0]])
    expect(softmax(value(nothing, { dtype: 'float32' })).toArray()).toEqual(zeros)
  })

  it('gets no gradient from shares and sum, in no mode and no order', () => {
    const weighted = (x: Value): Value => softmax(x).mul([1, 2, 3]).sum()
    expect(grad(weighted)(nothing).data.every((g) => g === 0)).toBe(true)
    expect(jvp(weighted, [nothing], [[1, 2, 3]]).tangent.item()).toBe(0)
    expect(hvp(weighted)(nothing, [1, 2, 3]).data.every((g) => g === 0)).toBe(true)
    expect(grad((x: Value) => logSumExp(x))(nothing).toArray()).toEqual(zeros)
  })

  it('leaves the gradient of each logarithm with its own element: ∂(xᵢ − logSumExp)/∂xᵢ is 1', () => {
    const weighted = (x: Value): Value => logSoftmax(x).gather(0, [0]).sum()
    expect(grad(weighted)(nothing).toArray()).toEqual([1, 0, 0])
  })

  it('is left alone by its neighbours', () => {
    const x = [nothing, [0, 0, least]]
    expect(softmax(x).toArray()).toEqual([zeros, [0.5, 0.5, 0]])
    expect(logSoftmax(x).toArray()).toEqual([nothing, [-Math.LN2, -Math.LN2, least]])
  })
})

it('attention written out with softmax gives zeros where the function does', () => {
  const [query, key, v] = [
    [[1], [2]],
    [[1], [3]],
    [[5], [7]],
  ]
  const mask = [
    [0, 0],
    [1, 0],
  ]
  const scores = matmul(query, transpose(key))
  const byHand = where(mask, scores, least).softmax().matmul(v)
  expect(byHand.toArray()).toEqual([[0], [5]])
  expect(scaledDotProductAttention(query, key, v, { mask }).toArray()).toEqual([[0], [5]])
})

it('+∞ takes everything, and NaN spoils its row', () => {
  expect(softmax([most, 0, most]).toArray()).toEqual([0.5, 0, 0.5])
  expect(softmax([least, none]).toArray()).toEqual([none, none])
  expect(logSoftmax([least, none]).toArray()).toEqual([none, none])
})
