import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { diag, diagonal, trace, tril, triu } from '../../src/compose/diagonal.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

describe('diag and diagonal', () => {
  it('make a matrix of a vector', () => {
    expect(toNested(diag(k, arr([1, 2])))).toEqual([
      [1, 0],
      [0, 2],
    ])
    expect(toNested(diag(k, arr([1, 2]), 1))).toEqual([
      [0, 1, 0],
      [0, 0, 2],
      [0, 0, 0],
    ])
    expect(toNested(diag(k, arr([1]), -2))).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ])
    expect(shapeOf(diag(k, arr([])))).toEqual([0, 0])
    expect(toNested(diag(k, arr([]), 1))).toEqual([[0]])
  })

  it('read the diagonal of a matrix', () => {
    const x = counting(2, 3)
    expect(toNested(diag(k, x))).toEqual([1, 5])
    expect(toNested(diag(k, x, 2))).toEqual([3])
    expect(toNested(diag(k, x, -1))).toEqual([4])
    expect(toNested(diag(k, x, 5))).toEqual([])
    expect(toNested(diag(k, x, -5))).toEqual([])
    expect(toNested(diag(k, counting(0, 3)))).toEqual([])
    expect(toNested(diagonal(k, counting(2, 2, 2)))).toEqual([
      [1, 4],
      [5, 8],
    ])
  })

  it('refuse other ranks', () => {
    expect(() => diag(k, 5)).toThrow(
      new ShapeError('diag: a vector or a matrix is needed, got the shape []. Reshape it.'),
    )
    expect(() => diag(k, counting(2, 2, 2))).toThrow('diag: a vector or a matrix is needed, got the shape [2, 2, 2].')
    expect(() => diag(k, arr([1]), 0.5)).toThrow('diag: the offset is a whole number, got 0.5.')
    expect(() => diagonal(k, arr([1]))).toThrow('diagonal: a matrix is needed, got the shape [1].')
  })
})

describe('trace', () => {
  it('adds the diagonal up', () => {
    expect(toNested(trace(k, counting(3, 3)))).toBe(15)
    expect(toNested(trace(k, counting(2, 3)))).toBe(6)
    expect(toNested(trace(k, counting(0, 0)))).toBe(0)
    expect(() => trace(k, counting(2, 2, 2))).toThrow(
      new ShapeError("trace: a matrix is needed, got the shape [2, 2, 2]. For a batch use einsum('...ii')."),
    )
  })
})

describe('tril and triu', () => {
  it('keep one triangle', () => {
    const x = counting(2, 3)
    expect(toNested(tril(k, x))).toEqual([
      [1, 0, 0],
      [4, 5, 0],
    ])
    expect(toNested(tril(k, x, 1))).toEqual([
      [1, 2, 0],
      [4, 5, 6],
    ])
    expect(toNested(triu(k, x))).toEqual([
      [1, 2, 3],
      [0, 5, 6],
    ])
    expect(toNested(triu(k, x, -1))).toEqual(toNested(x))
    expect(toNested(tril(k, counting(2, 1, 2)))).toEqual([[[1, 0]], [[3, 0]]])
    expect(shapeOf(triu(k, counting(2, 0, 3)))).toEqual([2, 0, 3])
  })

  it('let no NaN out of the other one', () => {
    const x = arr([
      [1, Number.NaN],
      [2, 3],
    ])
    expect(toNested(tril(k, x))).toEqual([
      [1, 0],
      [2, 3],
    ])
  })

  it('refuse vectors and broken diagonals', () => {
    expect(() => tril(k, arr([1]))).toThrow(
      new ShapeError('tril: a matrix is needed, got the shape [1]. Give an array of at least 2 axes.'),
    )
    expect(() => triu(k, 5)).toThrow('triu: a matrix is needed, got the shape [].')
    expect(() => tril(k, counting(2, 2), 0.5)).toThrow('tril: the diagonal is a whole number, got 0.5.')
    expect(() => triu(k, counting(2, 2), 0.5)).toThrow('triu: the diagonal is a whole number, got 0.5.')
  })
})
