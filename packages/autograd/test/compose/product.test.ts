import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { cross, dot, kron, matmul, outer } from '../../src/compose/product.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

describe('matmul', () => {
  it('multiplies matrices and vectors by the rules of NumPy', () => {
    expect(toNested(matmul(k, counting(2, 3), counting(3, 2)))).toEqual([
      [22, 28],
      [49, 64],
    ])
    expect(toNested(matmul(k, counting(3), counting(3)))).toBe(14)
    expect(toNested(matmul(k, counting(2, 3), counting(3)))).toEqual([14, 32])
    expect(toNested(matmul(k, counting(2), counting(2, 3)))).toEqual([9, 12, 15])
    expect(toNested(matmul(k, counting(2, 1, 2), counting(2, 1)))).toEqual([[[5]], [[11]]])
    expect(shapeOf(matmul(k, counting(3), counting(5, 3, 4)))).toEqual([5, 4])
    expect(shapeOf(matmul(k, counting(5, 2, 3), counting(3)))).toEqual([5, 2])
    expect(shapeOf(matmul(k, counting(5, 1, 2, 3), counting(4, 3, 2)))).toEqual([5, 4, 2, 2])
  })

  it('keeps zero sizes', () => {
    expect(toNested(matmul(k, counting(1, 0), counting(0, 2)))).toEqual([[0, 0]])
    expect(toNested(matmul(k, arr([]), arr([])))).toBe(0)
    expect(shapeOf(matmul(k, counting(0, 3), counting(3)))).toEqual([0])
    expect(shapeOf(matmul(k, counting(4, 0, 2), counting(2, 3)))).toEqual([4, 0, 3])
  })

  it('refuses what does not fit', () => {
    expect(() => matmul(k, counting(2, 3), counting(4, 5))).toThrow(
      new ShapeError('matmul: the inner sizes differ, [2, 3] · [4, 5] (3 ≠ 4). Transpose one side, or reshape it.'),
    )
    expect(() => matmul(k, counting(3), counting(2))).toThrow('matmul: the inner sizes differ, [3] · [2] (3 ≠ 2).')
    expect(() => matmul(k, 2, counting(2))).toThrow('matmul: one side is a scalar, [] · [2]. Use mul to scale.')
    expect(() => matmul(k, counting(2, 1, 1), counting(3, 1, 1))).toThrow(
      'matmul: the shapes [2] and [3] do not broadcast',
    )
  })
})

describe('dot and outer', () => {
  it('multiply vectors', () => {
    expect(toNested(dot(k, counting(3), counting(3)))).toBe(14)
    expect(toNested(dot(k, counting(2, 2), counting(2)))).toEqual([5, 11])
    expect(toNested(dot(k, 2, counting(2)))).toEqual([2, 4])
    expect(toNested(outer(k, counting(2), counting(3)))).toEqual([
      [1, 2, 3],
      [2, 4, 6],
    ])
    expect(shapeOf(outer(k, counting(2, 2), 5))).toEqual([4, 1])
    expect(shapeOf(outer(k, arr([]), counting(2)))).toEqual([0, 2])
  })

  it('refuse what does not fit', () => {
    expect(() => dot(k, counting(2), counting(3))).toThrow('dot: the inner sizes differ, [2] · [3] (2 ≠ 3).')
    expect(() => dot(k, counting(2, 2, 2), counting(2))).toThrow(
      new ShapeError('dot: it takes vectors and matrices, got [2, 2, 2] · [2]. Use matmul or einsum.'),
    )
  })
})

describe('cross', () => {
  it('multiplies along the last axis, broadcasting', () => {
    expect(toNested(cross(k, arr([1, 0, 0]), arr([0, 1, 0])))).toEqual([0, 0, 1])
    expect(toNested(cross(k, arr([1, 2, 3]), counting(2, 3)))).toEqual([
      [0, 0, 0],
      [-3, 6, -3],
    ])
    expect(shapeOf(cross(k, counting(0, 3), counting(3)))).toEqual([0, 3])
  })

  it('needs size 3', () => {
    expect(() => cross(k, counting(2), counting(3))).toThrow(
      new ShapeError('cross: the last axes have size 3, got [2] and [3]. Transpose or pad them.'),
    )
    expect(() => cross(k, 1, counting(3))).toThrow('cross: the last axes have size 3, got [] and [3].')
    expect(() => cross(k, counting(2, 3), counting(4, 3))).toThrow(
      'cross: the shapes [2, 3] and [4, 3] do not broadcast',
    )
  })
})

describe('kron', () => {
  it('puts a block for each element', () => {
    expect(toNested(kron(k, arr([1, 2]), arr([1, 10])))).toEqual([1, 10, 2, 20])
    expect(toNested(kron(k, arr([[1, 2]]), counting(2, 1)))).toEqual([
      [1, 2],
      [2, 4],
    ])
    expect(toNested(kron(k, arr([1, 2]), counting(2, 1)))).toEqual([
      [1, 2],
      [2, 4],
    ])
    expect(toNested(kron(k, 2, 3))).toBe(6)
    expect(shapeOf(kron(k, counting(2, 0), counting(3, 2)))).toEqual([6, 0])
  })
})
