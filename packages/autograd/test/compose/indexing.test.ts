import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { at, gather, oneHot, type Range, scatterAdd, slice, take } from '../../src/compose/indexing.ts'
import { dtypeOf, toNdArray } from '../../src/data.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const x = counting(2, 3)

describe('slice', () => {
  const line = (...range: Range): unknown => toNested(slice(k, counting(5), [range]))
  it('reads ranges as Python does', () => {
    expect(line(1, 3)).toEqual([2, 3])
    expect(line(-2)).toEqual([4, 5])
    expect(line(null, -2)).toEqual([1, 2, 3])
    expect(line(undefined, undefined, 2)).toEqual([1, 3, 5])
    expect(line(null, null, -1)).toEqual([5, 4, 3, 2, 1])
    expect(line(3, 0, -2)).toEqual([4, 2])
    expect(line(-9, 9)).toEqual([1, 2, 3, 4, 5])
    expect(line(9, -9, -3)).toEqual([5, 2])
    expect(line(3, 1)).toEqual([])
    expect(line()).toEqual([1, 2, 3, 4, 5])
  })

  it('leaves the other axes whole', () => {
    expect(toNested(slice(k, x, [[1]]))).toEqual([[4, 5, 6]])
    expect(toNested(slice(k, x, [[], [0, 2]]))).toEqual([
      [1, 2],
      [4, 5],
    ])
    expect(toNested(slice(k, 5, []))).toBe(5)
    expect(shapeOf(slice(k, counting(0, 3), [[null, null, -1]]))).toEqual([0, 3])
  })

  it('refuses broken ranges', () => {
    expect(() => slice(k, counting(2), [[], []])).toThrow(
      new ShapeError('slice: 2 ranges for the shape [2]. Give at most one range an axis.'),
    )
    expect(() => line(0, 1, 0)).toThrow('slice: a step of 0 does not move. Use 1, or −1 for the reverse.')
    expect(() => line(0.5)).toThrow('slice: a bound is a whole number, got 0.5.')
    expect(() => line(0, Number.NaN)).toThrow('slice: a bound is a whole number, got NaN.')
  })
})

describe('at', () => {
  it('drops the axes that it indexes', () => {
    expect(toNested(at(k, x, 1, -1))).toBe(6)
    expect(toNested(at(k, x, -2))).toEqual([1, 2, 3])
    expect(toNested(at(k, x))).toEqual(toNested(x))
    expect(shapeOf(at(k, counting(2, 0), 1))).toEqual([0])
  })

  it('refuses what is not there', () => {
    expect(() => at(k, x, 2)).toThrow(
      new ShapeError('at: the index 2 is out of range on an axis of 2 elements; allowed are -2 to 1.'),
    )
    expect(() => at(k, x, 0, 0, 0)).toThrow('at: 3 indices for the shape [2, 3]. Give at most one index an axis.')
    expect(() => at(k, x, 0.5)).toThrow('at: the index 0.5 is out of range')
    expect(() => at(k, arr([]), 0)).toThrow(
      'at: the index 0 is out of range on an axis of 0 elements; the axis is empty.',
    )
  })
})

describe('gather and scatterAdd', () => {
  const indices = arr([
    [2, 0],
    [1, -1],
  ])
  it('read and add at indices along an axis', () => {
    expect(toNested(gather(k, x, 1, indices))).toEqual([
      [3, 1],
      [5, 6],
    ])
    expect(toNested(gather(k, x, 0, arr([[1, 0]])))).toEqual([[4, 2]])
    expect(toNested(gather(k, x, 1, arr([[0, 0, 1, 2, 2]])))).toEqual([[1, 1, 2, 3, 3]])
    const zero = arr([
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(toNested(scatterAdd(k, zero, 1, arr([[0, 0]]), arr([[5, 7]])))).toEqual([
      [12, 0, 0],
      [0, 0, 0],
    ])
    expect(toNested(scatterAdd(k, x, -1, indices, counting(3, 3)))).toEqual([
      [3, 2, 4],
      [4, 9, 11],
    ])
    expect(shapeOf(gather(k, x, 1, counting(2, 0)))).toEqual([2, 0])
    expect(toNested(scatterAdd(k, x, 1, counting(2, 0), counting(2, 0)))).toEqual(toNested(x))
  })

  it('add a scalar everywhere, in the dtype of the array', () => {
    const y = scatterAdd(k, arr([[1, 2]], 'float32'), 1, arr([[1, 1]]), 3)
    expect(toNested(y)).toEqual([[1, 8]])
    expect(dtypeOf(y)).toBe('float32')
  })

  it('refuse shapes and indices that do not fit', () => {
    expect(() => gather(k, x, 1, arr([0]))).toThrow(
      new ShapeError(
        'gather: indices of shape [1] do not fit [2, 3] along axis 1. The ranks agree, and no other axis is longer.',
      ),
    )
    expect(() => gather(k, x, 0, counting(1, 4))).toThrow(
      'gather: indices of shape [1, 4] do not fit [2, 3] along axis 0.',
    )
    expect(() => gather(k, x, 1, arr([[3]]))).toThrow('gather: the index 3 is out of range on an axis of 3 elements')
    expect(() => gather(k, 5, 0, 0)).toThrow('gather: axis 0 does not exist')
    expect(() => scatterAdd(k, x, 1, counting(3, 1), x)).toThrow(
      'scatterAdd: indices of shape [3, 1] do not fit [2, 3]',
    )
    expect(() => scatterAdd(k, x, 1, indices, arr([[1, 2]]))).toThrow(
      'scatterAdd: a src of shape [1, 2] does not cover the indices, [2, 2]. Give one element for each index.',
    )
  })
})

describe('take', () => {
  it('puts the shape of the indices in the place of the axis', () => {
    expect(toNested(take(k, x, arr([2, 0]), 1))).toEqual([
      [3, 1],
      [6, 4],
    ])
    expect(toNested(take(k, x, 1, 0))).toEqual([4, 5, 6])
    expect(toNested(take(k, x, -1))).toBe(6)
    expect(toNested(take(k, x, arr([[5, 0]])))).toEqual([[6, 1]])
    expect(shapeOf(take(k, x, arr([]), 0))).toEqual([0, 3])
    expect(() => take(k, x, 3, 1)).toThrow('take: the index 3 is out of range')
    expect(() => take(k, x, 0, 2)).toThrow('take: axis 2 does not exist')
  })
})

describe('oneHot', () => {
  it('makes a row for each index', () => {
    expect(toNested(oneHot(toNdArray(arr([2, 0])), 3))).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect(toNested(oneHot(toNdArray(1), 2))).toEqual([0, 1])
    expect(shapeOf(oneHot(toNdArray(counting(2, 0)), 3))).toEqual([2, 0, 3])
    expect(dtypeOf(oneHot(toNdArray(1), 2, 'float32'))).toBe('float32')
    expect(dtypeOf(oneHot(toNdArray(arr([1], 'float32')), 2))).toBe('float32')
  })

  it('refuses what is no class', () => {
    expect(() => oneHot(toNdArray(arr([3])), 3)).toThrow(
      new ShapeError('oneHot: the index 3 is none of 3 classes. They count from 0.'),
    )
    expect(() => oneHot(toNdArray(arr([-1])), 3)).toThrow('oneHot: the index -1 is none of 3 classes.')
    expect(() => oneHot(toNdArray(arr([0.5])), 3)).toThrow('oneHot: the index 0.5 is none of 3 classes.')
    expect(() => oneHot(toNdArray(0), 1.5)).toThrow(
      'oneHot: the number of classes is a whole number, 0 or more, got 1.5.',
    )
  })
})
