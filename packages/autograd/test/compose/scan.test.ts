import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { cummax, cummin, cumprod, cumsum } from '../../src/compose/scan.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const nan = Number.NaN

describe('cumsum and cumprod', () => {
  it('run along one axis', () => {
    expect(toNested(cumsum(k, counting(2, 3), 1))).toEqual([
      [1, 3, 6],
      [4, 9, 15],
    ])
    expect(toNested(cumsum(k, counting(2, 3), -2))).toEqual([
      [1, 2, 3],
      [5, 7, 9],
    ])
    expect(toNested(cumprod(k, counting(7), 0))).toEqual([1, 2, 6, 24, 120, 720, 5040])
    expect(toNested(cumprod(k, counting(3, 2), 0))).toEqual([
      [1, 2],
      [3, 8],
      [15, 48],
    ])
    expect(toNested(cumprod(k, arr([2, 0, 3, 0]), 0))).toEqual([2, 0, 0, 0])
  })

  it('keep zero sizes', () => {
    expect(shapeOf(cumsum(k, counting(2, 0), 1))).toEqual([2, 0])
    expect(shapeOf(cumprod(k, counting(2, 0), 1))).toEqual([2, 0])
    expect(shapeOf(cumprod(k, counting(0, 3), 1))).toEqual([0, 3])
  })

  it('need an axis', () => {
    const message = 'axis 0 does not exist in an array of rank 0; a scalar has no axes.'
    expect(() => cumsum(k, 1, 0)).toThrow(new ShapeError(`cumsum: ${message}`))
    expect(() => cumprod(k, 1, 0)).toThrow(new ShapeError(`cumprod: ${message}`))
    expect(() => cummax(k, 1, 0)).toThrow(new ShapeError(`cummax: ${message}`))
    expect(() => cummin(k, 1, 0)).toThrow(new ShapeError(`cummin: ${message}`))
  })
})

describe('cummax and cummin', () => {
  it('give values and places, the last of equals, and keep a NaN', () => {
    const x = arr([2, 3, 3, 1, nan, 9])
    const high = cummax(k, x, 0)
    expect(toNested(high.values)).toEqual([2, 3, 3, 3, nan, nan])
    expect(toNested(high.indices).toString()).toBe('0,1,2,2,4,4')
    const low = cummin(k, arr([2, 3, 2, 1]), -1)
    expect(toNested(low.values)).toEqual([2, 2, 2, 1])
    expect(toNested(low.indices)).toEqual([0, 0, 2, 3])
  })

  it('go along any axis, also an empty one', () => {
    const x = arr([
      [1, 5],
      [4, 2],
    ])
    expect(toNested(cummax(k, x, 0).values)).toEqual([
      [1, 5],
      [4, 5],
    ])
    expect(toNested(cummin(k, x, 1).values)).toEqual([
      [1, 1],
      [4, 2],
    ])
    expect(shapeOf(cummax(k, counting(2, 0), 1).values)).toEqual([2, 0])
  })
})
