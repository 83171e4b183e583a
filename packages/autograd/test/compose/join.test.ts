import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { concat, split, stack } from '../../src/compose/join.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

describe('concat', () => {
  it('lays arrays end to end', () => {
    expect(toNested(concat(k, [counting(2), counting(1)]))).toEqual([1, 2, 1])
    expect(toNested(concat(k, [counting(2, 1), counting(2, 2)], -1))).toEqual([
      [1, 1, 2],
      [2, 3, 4],
    ])
    expect(shapeOf(concat(k, [counting(0, 2), counting(3, 2)]))).toEqual([3, 2])
    expect(toNested(concat(k, [arr([])]))).toEqual([])
  })

  it('refuses what does not fit', () => {
    expect(() => concat(k, [])).toThrow(new ShapeError('concat: the list is empty. Give at least one array.'))
    expect(() => concat(k, [1, 2])).toThrow('concat: a scalar has no axes. Use stack, which makes a new one.')
    expect(() => concat(k, [counting(2, 3), counting(2, 4)])).toThrow(
      'concat: [2, 3] and [2, 4] do not fit together along axis 0. All other sizes must agree.',
    )
    expect(() => concat(k, [counting(2), counting(2, 1)])).toThrow('concat: [2] and [2, 1] do not fit together')
    expect(() => concat(k, [counting(2)], 1)).toThrow('concat: axis 1 does not exist')
  })
})

describe('stack', () => {
  it('makes a new axis', () => {
    expect(toNested(stack(k, [1, 2, 3]))).toEqual([1, 2, 3])
    expect(toNested(stack(k, [counting(2), counting(2)], 1))).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(shapeOf(stack(k, [counting(2, 3), counting(2, 3)], -1))).toEqual([2, 3, 2])
    expect(shapeOf(stack(k, [arr([]), arr([])]))).toEqual([2, 0])
  })

  it('refuses different shapes', () => {
    expect(() => stack(k, [])).toThrow(new ShapeError('stack: the list is empty. Give at least one array.'))
    expect(() => stack(k, [counting(2), counting(3)])).toThrow('stack: the shapes [2] and [3] differ. All must agree.')
    expect(() => stack(k, [1, 2], 1)).toThrow(
      'stack, counted in the result: axis 1 does not exist in an array of rank 1',
    )
  })
})

describe('split', () => {
  const parts = (x: ReturnType<typeof split<ReturnType<typeof arr>>>): unknown => x.map(toNested)
  it('cuts into equal parts or given sizes', () => {
    expect(parts(split(k, counting(4), 2))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(parts(split(k, counting(2, 3), [1, 0, 2], -1))).toEqual([
      [[1], [4]],
      [[], []],
      [
        [2, 3],
        [5, 6],
      ],
    ])
    expect(parts(split(k, arr([]), 2))).toEqual([[], []])
    expect(parts(split(k, arr([]), []))).toEqual([])
  })

  it('refuses to lose elements', () => {
    expect(() => split(k, counting(4), 3)).toThrow(
      new ShapeError('split: 4 elements do not make 3 equal parts. Give a list of sizes instead.'),
    )
    expect(() => split(k, counting(4), 0)).toThrow('split: 4 elements do not make 0 equal parts.')
    expect(() => split(k, counting(4), [1, 2])).toThrow(
      'split: the sizes [1, 2] add up to 3, the axis has 4. Cover it exactly.',
    )
    expect(() => split(k, counting(4), [5, -1])).toThrow('split: a size is a whole number, 0 or more, got -1.')
    expect(() => split(k, counting(4), 1.5)).toThrow('split: the number of parts is a whole number')
    expect(() => split(k, 1, 1)).toThrow('split: axis 0 does not exist')
  })
})
