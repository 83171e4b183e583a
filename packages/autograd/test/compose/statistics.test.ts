import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { median, std, variance } from '../../src/compose/statistics.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const nan = Number.NaN
const x = arr([
  [1, 2, 6],
  [3, 5, 10],
])

describe('variance and std', () => {
  it('correct by one degree of freedom unless told otherwise', () => {
    expect(toNested(variance(k, x))).toBeCloseTo(10.7, 12)
    expect(toNested(variance(k, x, { axis: 0 }))).toEqual([2, 4.5, 8])
    expect(toNested(variance(k, x, { axis: 0, correction: 0 }))).toEqual([1, 2.25, 4])
    expect(toNested(variance(k, x, { axis: 1, keepDims: true }))).toEqual([[7], [13]])
    expect(toNested(std(k, x, { axis: 1, keepDims: true, correction: 0 }))).toEqual([
      [expect.closeTo(Math.sqrt(14 / 3), 14)],
      [expect.closeTo(Math.sqrt(26 / 3), 14)],
    ])
    expect(toNested(std(k, arr([1000, 1001, 1002])))).toBe(1)
    expect(toNested(std(k, arr([2, 4]), { correction: 0.5 }))).toBeCloseTo(Math.sqrt(2 / 1.5), 14)
  })

  it('keep the digits of a small spread around a large mean', () => {
    expect(toNested(variance(k, arr([1e8, 1e8 + 1, 1e8 + 2]), { correction: 0 }))).toBeCloseTo(2 / 3, 14)
  })

  it('are exactly 0 for equal elements', () => {
    expect(toNested(std(k, arr([0.1, 0.1, 0.1])))).toBe(0)
    expect(toNested(variance(k, arr([0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7])))).toBe(0)
    expect(toNested(std(k, arr([1e300, 2e300]), { correction: 0 }))).toBeCloseTo(5e299, -286)
  })

  it('do not overflow inside', () => {
    expect(toNested(std(k, arr([1e308, 1e308])))).toBe(0)
  })

  it('are NaN without a degree of freedom', () => {
    expect(toNested(variance(k, 5))).toBe(nan)
    expect(toNested(std(k, 5))).toBe(nan)
    expect(toNested(std(k, 5, { correction: 0 }))).toBe(0)
    expect(toNested(std(k, arr([1, 2]), { correction: 2 }))).toBe(nan)
    expect(toNested(variance(k, arr([1, 2]), { correction: 3 }))).toBe(nan)
    expect(toNested(std(k, arr([])))).toBe(nan)
    expect(toNested(variance(k, counting(2, 0), { axis: 1, correction: 0 }))).toEqual([nan, nan])
    expect(shapeOf(std(k, counting(2, 0), { axis: 0 }))).toEqual([0])
  })
})

describe('median', () => {
  it('is the middle, or the mean of the middle two', () => {
    expect(toNested(median(k, x))).toBe(4)
    expect(toNested(median(k, x, { axis: 1 }))).toEqual([2, 5])
    expect(toNested(median(k, x, { axis: -2, keepDims: true }))).toEqual([[2, 3.5, 8]])
    expect(toNested(median(k, counting(2, 3, 2), { axis: [0, 2] }))).toEqual([4.5, 6.5, 8.5])
    expect(toNested(median(k, counting(2, 3, 2), { axis: [2, 0], keepDims: true }))).toEqual([[[4.5], [6.5], [8.5]]])
    expect(toNested(median(k, x, { axis: [] }))).toEqual(toNested(x))
    expect(toNested(median(k, 5))).toBe(5)
    expect(toNested(median(k, arr([1.5e308, 1.5e308])))).toBe(1.5e308)
  })

  it('is NaN where there is one', () => {
    expect(
      toNested(
        median(
          k,
          arr([
            [1, nan, 2],
            [1, 3, 2],
          ]),
          { axis: 1 },
        ),
      ),
    ).toEqual([nan, 2])
  })

  it('has no value over nothing', () => {
    expect(() => median(k, arr([]))).toThrow(
      new ShapeError(
        'median: there is nothing to reduce, the shape [0] has zero elements over the axes [0]. Give it at least one.',
      ),
    )
  })
})
