import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { argmax, argmin, logSumExp, max, mean, min, norm, prod, sum } from '../../src/compose/reduce.ts'
import { dtypeOf } from '../../src/data.ts'
import { DomainError, ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const inf = Number.POSITIVE_INFINITY
const x = counting(2, 3)

describe('sum and mean', () => {
  it('take every form of axes', () => {
    expect(toNested(sum(k, x))).toBe(21)
    expect(toNested(sum(k, x, { axis: 0 }))).toEqual([5, 7, 9])
    expect(toNested(sum(k, x, { axis: -1 }))).toEqual([6, 15])
    expect(toNested(sum(k, x, { axis: [1, 0] }))).toBe(21)
    expect(toNested(sum(k, x, { axis: [] }))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(toNested(sum(k, x, { axis: 1, keepDims: true }))).toEqual([[6], [15]])
    expect(toNested(sum(k, x, { axis: undefined, keepDims: true }))).toEqual([[21]])
    expect(toNested(sum(k, 5))).toBe(5)
    expect(toNested(mean(k, x, { axis: 0 }))).toEqual([2.5, 3.5, 4.5])
    expect(toNested(mean(k, counting(2, 3, 2), { axis: [0, 2] }))).toEqual([4.5, 6.5, 8.5])
    expect(toNested(mean(k, 5, { keepDims: true }))).toBe(5)
  })

  it('are exact in the ordinary', () => {
    expect(toNested(mean(k, arr([0.1, 0.2, 0.3, 0.4, 0.5])))).toBe(1.5 / 5)
    expect(toNested(mean(k, arr([1e-300, 3e-300])))).toBe(2e-300)
  })

  it('do not overflow inside', () => {
    expect(toNested(mean(k, arr([1e308, 1.5e308, 1.7e308])))).toBe(1.4e308)
  })

  it('are 0 and NaN over nothing', () => {
    expect(toNested(sum(k, arr([])))).toBe(0)
    expect(toNested(mean(k, arr([])))).toBe(Number.NaN)
    expect(toNested(mean(k, arr([[], []]), { axis: 1 }))).toEqual([Number.NaN, Number.NaN])
    expect(shapeOf(mean(k, arr([[], []]), { axis: 0 }))).toEqual([0])
  })

  it('keep float32', () => {
    expect(dtypeOf(mean(k, arr([1, 2, 4], 'float32')))).toBe('float32')
  })

  it('refuse axes that do not exist', () => {
    expect(() => sum(k, x, { axis: 2 })).toThrow(
      'sum: axis 2 does not exist in an array of rank 2; allowed are -2 to 1.',
    )
    expect(() => mean(k, x, { axis: [0, -2] })).toThrow('mean: axis 0 is named twice. Name each axis once.')
    expect(() => mean(k, 1, { axis: 0 })).toThrow('a scalar has no axes')
  })
})

describe('max and min', () => {
  it('take every form of axes', () => {
    const y = arr([
      [3, -1, 2],
      [0, 7, -5],
    ])
    expect(toNested(max(k, y))).toBe(7)
    expect(toNested(min(k, y))).toBe(-5)
    expect(toNested(max(k, y, { axis: 0 }))).toEqual([3, 7, 2])
    expect(toNested(min(k, y, { axis: 1, keepDims: true }))).toEqual([[-1], [-5]])
    expect(toNested(min(k, arr([1, Number.NaN])))).toBe(Number.NaN)
    expect(toNested(max(k, arr([-inf, -inf])))).toBe(-inf)
    expect(shapeOf(max(k, counting(2, 0, 3), { axis: 0 }))).toEqual([0, 3])
  })

  it('have no value over nothing', () => {
    const message =
      'there is nothing to reduce, the shape [2, 0] has zero elements over the axes [1]. Give it at least one.'
    expect(() => max(k, counting(2, 0), { axis: 1 })).toThrow(new ShapeError(`max: ${message}`))
    expect(() => min(k, counting(2, 0), { axis: 1 })).toThrow(new ShapeError(`min: ${message}`))
  })
})

describe('prod', () => {
  it('takes every form of axes', () => {
    expect(toNested(prod(k, x))).toBe(720)
    expect(toNested(prod(k, x, { axis: 0 }))).toEqual([4, 10, 18])
    expect(toNested(prod(k, x, { axis: -1, keepDims: true }))).toEqual([[6], [120]])
    expect(toNested(prod(k, counting(2, 3, 2), { axis: [0, 2] }))).toEqual([112, 1080, 3960])
    expect(toNested(prod(k, 5))).toBe(5)
    expect(toNested(prod(k, counting(7)))).toBe(5040)
  })

  it('is 1 over nothing', () => {
    expect(toNested(prod(k, arr([])))).toBe(1)
    expect(toNested(prod(k, counting(2, 0), { axis: 1 }))).toEqual([1, 1])
    expect(shapeOf(prod(k, counting(2, 0), { axis: 0 }))).toEqual([0])
  })
})

describe('norm and logSumExp', () => {
  it('know three norms', () => {
    const y = arr([
      [3, -4],
      [0, -12],
    ])
    expect(toNested(norm(k, y))).toBe(13)
    expect(toNested(norm(k, y, { axis: 1 }))).toEqual([5, 12])
    expect(toNested(norm(k, y, { ord: 1, axis: 0 }))).toEqual([3, 16])
    expect(toNested(norm(k, y, { ord: inf, axis: 1, keepDims: true }))).toEqual([[4], [12]])
    expect(toNested(norm(k, -3))).toBe(3)
    expect(toNested(norm(k, arr([3e200, 4e200])))).toBeCloseTo(5e200, -187)
    expect(toNested(norm(k, arr([])))).toBe(0)
  })

  it('refuse other orders', () => {
    expect(() => norm(k, x, { ord: 3 })).toThrow(new DomainError('norm: there is no ord 3. Use 1, 2 or Infinity.'))
    expect(() => norm(k, arr([]), { ord: inf })).toThrow('norm: there is nothing to reduce')
  })

  it('sum exponentials', () => {
    expect(toNested(logSumExp(k, arr([1000, 1000])))).toBeCloseTo(1000 + Math.LN2, 12)
    expect(toNested(logSumExp(k, arr([[0, 0]]), { axis: 1, keepDims: true }))).toEqual([[Math.LN2]])
    expect(toNested(logSumExp(k, arr([])))).toBe(-inf)
  })
})

describe('argmax and argmin', () => {
  const y = arr([
    [3, 9, 2],
    [0, 7, 9],
  ])
  it('count into the flattened array, or along one axis', () => {
    expect(toNested(argmax(k, y))).toBe(1)
    expect(toNested(argmin(k, y))).toBe(3)
    expect(toNested(argmax(k, y, { keepDims: true }))).toEqual([[1]])
    expect(toNested(argmax(k, y, { axis: 0 }))).toEqual([0, 0, 1])
    expect(toNested(argmin(k, y, { axis: -1, keepDims: true }))).toEqual([[2], [0]])
    expect(toNested(argmax(k, y, { axis: [1] }))).toEqual([1, 2])
    expect(toNested(argmax(k, 5))).toBe(0)
    expect(toNested(argmin(k, arr([1, Number.NaN, 0])))).toBe(1)
  })

  it('refuse several axes, and no elements', () => {
    expect(() => argmax(k, y, { axis: [0, 1] })).toThrow(
      new ShapeError(
        'argmax: it goes along one axis, got [0, 1]. Name one, or none for the index into the flattened array.',
      ),
    )
    expect(() => argmin(k, y, { axis: [] })).toThrow('argmin: it goes along one axis, got []')
    expect(() => argmax(k, arr([]))).toThrow('argmax: there is nothing to reduce, the shape [0] has zero elements')
    expect(() => argmin(k, counting(3, 0), { axis: 1 })).toThrow('argmin: there is nothing to reduce')
  })
})
