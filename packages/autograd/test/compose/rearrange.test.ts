import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { flip, repeat, roll, tile } from '../../src/compose/rearrange.ts'
import { ShapeError } from '../../src/errors.ts'
import { counting, shapeOf, toNested } from './support.ts'

const x = counting(2, 3)

describe('flip', () => {
  it('reverses along all, one or several axes', () => {
    expect(toNested(flip(k, x))).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ])
    expect(toNested(flip(k, x, -1))).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ])
    expect(toNested(flip(k, x, [0]))).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ])
    expect(toNested(flip(k, 5))).toBe(5)
    expect(shapeOf(flip(k, counting(2, 0)))).toEqual([2, 0])
    expect(() => flip(k, x, 2)).toThrow('flip: axis 2 does not exist')
  })
})

describe('roll', () => {
  it('rotates along an axis, or in row-major order', () => {
    expect(toNested(roll(k, x, 1, 1))).toEqual([
      [3, 1, 2],
      [6, 4, 5],
    ])
    expect(toNested(roll(k, x, -4, -1))).toEqual([
      [2, 3, 1],
      [5, 6, 4],
    ])
    expect(toNested(roll(k, x, [1, 1], [0, 1]))).toEqual([
      [6, 4, 5],
      [3, 1, 2],
    ])
    expect(toNested(roll(k, x, 1))).toEqual([
      [6, 1, 2],
      [3, 4, 5],
    ])
    expect(toNested(roll(k, x, 3, 1))).toEqual(toNested(x))
    expect(shapeOf(roll(k, counting(2, 0), 1, 1))).toEqual([2, 0])
    expect(toNested(roll(k, 5, 1))).toBe(5)
  })

  it('refuses broken shifts, and lists that do not match', () => {
    expect(() => roll(k, x, 0.5, 0)).toThrow(new ShapeError('roll: the shift is a whole number, got 0.5.'))
    expect(() => roll(k, x, [1, 2], 0)).toThrow(
      'roll: the shifts [1, 2] do not go with the axes [0]. Give one shift for each axis.',
    )
    expect(() => roll(k, x, 1, 2)).toThrow('roll: axis 2 does not exist')
  })
})

describe('tile', () => {
  it('lays copies along the axes, as NumPy', () => {
    expect(toNested(tile(k, counting(2), 3))).toEqual([1, 2, 1, 2, 1, 2])
    expect(toNested(tile(k, counting(2), [2, 2]))).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ])
    expect(toNested(tile(k, counting(2, 1), 2))).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(toNested(tile(k, 5, [2]))).toEqual([5, 5])
    expect(toNested(tile(k, 5, []))).toBe(5)
    expect(shapeOf(tile(k, x, [0, 2]))).toEqual([0, 6])
    expect(shapeOf(tile(k, counting(0, 3), [2, 2]))).toEqual([0, 6])
  })

  it('refuses broken counts', () => {
    expect(() => tile(k, x, [1, -1])).toThrow(
      new ShapeError('tile: a number of repetitions is a whole number, 0 or more, got -1.'),
    )
  })
})

describe('repeat', () => {
  it('repeats each element', () => {
    expect(toNested(repeat(k, x, 2, 1))).toEqual([
      [1, 1, 2, 2, 3, 3],
      [4, 4, 5, 5, 6, 6],
    ])
    expect(toNested(repeat(k, x, 2, -2))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [4, 5, 6],
      [4, 5, 6],
    ])
    expect(toNested(repeat(k, counting(2, 1), 2))).toEqual([1, 1, 2, 2])
    expect(toNested(repeat(k, 5, 2))).toEqual([5, 5])
    expect(shapeOf(repeat(k, x, 0, 1))).toEqual([2, 0])
    expect(shapeOf(repeat(k, counting(2, 0), 3, 1))).toEqual([2, 0])
  })

  it('refuses broken counts', () => {
    expect(() => repeat(k, x, 1.5, 0)).toThrow(
      new ShapeError('repeat: the number of repetitions is a whole number, 0 or more, got 1.5.'),
    )
    expect(() => repeat(k, x, 2, 2)).toThrow('repeat: axis 2 does not exist')
  })
})
