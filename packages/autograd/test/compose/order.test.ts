import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { argsort, sort, topk } from '../../src/compose/order.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const nan = Number.NaN
const x = arr([
  [3, 1, 2],
  [0, 7, 7],
])

describe('sort and argsort', () => {
  it('order along an axis, the last unless named', () => {
    expect(toNested(sort(k, x))).toEqual([
      [1, 2, 3],
      [0, 7, 7],
    ])
    expect(toNested(sort(k, x, { axis: 0, descending: true }))).toEqual([
      [3, 7, 7],
      [0, 1, 2],
    ])
    expect(toNested(argsort(k, x))).toEqual([
      [1, 2, 0],
      [0, 1, 2],
    ])
    expect(toNested(argsort(k, x, { descending: true }))).toEqual([
      [0, 2, 1],
      [1, 2, 0],
    ])
    expect(toNested(sort(k, arr([2, nan, 1])))).toEqual([1, 2, nan])
    expect(toNested(sort(k, arr([2, nan, 1]), { descending: true }))).toEqual([nan, 2, 1])
    expect(shapeOf(sort(k, counting(2, 0)))).toEqual([2, 0])
    expect(shapeOf(argsort(k, counting(0, 2), { axis: 0 }))).toEqual([0, 2])
  })

  it('need an axis', () => {
    expect(() => sort(k, 1)).toThrow('sort: axis -1 does not exist in an array of rank 0; a scalar has no axes.')
    expect(() => argsort(k, x, { axis: 2 })).toThrow('argsort: axis 2 does not exist')
  })
})

describe('topk', () => {
  it('gives the largest and where they stood', () => {
    const { values, indices } = topk(k, x, 2)
    expect(toNested(values)).toEqual([
      [3, 2],
      [7, 7],
    ])
    expect(toNested(indices)).toEqual([
      [0, 2],
      [1, 2],
    ])
    expect(toNested(topk(k, x, 1, { axis: 0 }).values)).toEqual([[3, 7, 7]])
    expect(shapeOf(topk(k, x, 0).values)).toEqual([2, 0])
  })

  it('refuses more than there are', () => {
    const message = 'topk: axis 1 of [2, 3] has no 4 largest elements. Ask for 0 to 3.'
    expect(() => topk(k, x, 4)).toThrow(new ShapeError(message))
    expect(() => topk(k, x, 1.5)).toThrow('topk: axis 1 of [2, 3] has no 1.5 largest elements.')
    expect(() => topk(k, x, -1)).toThrow(ShapeError)
  })
})
