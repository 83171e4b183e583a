import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { broadcastTo, flatten, reshape, squeeze, transpose, unsqueeze } from '../../src/compose/shape.ts'
import { ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

const x = counting(2, 3)

describe('reshape and flatten', () => {
  it('keep the elements in order', () => {
    expect(toNested(reshape(k, x, [3, 2]))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(shapeOf(reshape(k, x, [3, -1, 1]))).toEqual([3, 2, 1])
    expect(shapeOf(reshape(k, counting(0, 3), [-1, 3]))).toEqual([0, 3])
    expect(toNested(reshape(k, 5, [1, -1]))).toEqual([[5]])
    expect(toNested(reshape(k, arr([[5]]), []))).toBe(5)
    expect(toNested(flatten(k, x))).toEqual([1, 2, 3, 4, 5, 6])
    expect(toNested(flatten(k, 5))).toEqual([5])
  })

  it('refuse shapes that do not hold them', () => {
    expect(() => reshape(k, x, [4, 2])).toThrow(
      new ShapeError(
        'reshape: [2, 3] has 6 elements, [4, 2] has 8. Give a shape of the same size, or −1 for one of its sizes.',
      ),
    )
    expect(() => reshape(k, x, [-1, -1])).toThrow(
      'reshape: [-1, -1] leaves 2 sizes open. One size may be −1, the others are given.',
    )
    expect(() => reshape(k, x, [-1, 4])).toThrow(
      'reshape: no size fits the −1 in [-1, 4], 6 elements are not a multiple of 4. Change the other sizes.',
    )
    expect(() => reshape(k, arr([]), [0, -1])).toThrow(
      'reshape: beside a size of 0 any size fits the −1 in [0, -1]. Give it as a number.',
    )
    expect(() => reshape(k, x, [1.5, 4])).toThrow('reshape: [1.5, 4] is not a shape.')
    expect(() => reshape(k, x, [-1, -2])).toThrow('reshape: [-2] is not a shape.')
  })
})

describe('transpose', () => {
  it('reverses the axes, or orders them', () => {
    expect(toNested(transpose(k, x))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    expect(shapeOf(transpose(k, counting(2, 3, 4), [1, -1, 0]))).toEqual([3, 4, 2])
    expect(toNested(transpose(k, counting(2, 1, 2), [2, 0, 1]))).toEqual([
      [[1], [3]],
      [[2], [4]],
    ])
    expect(shapeOf(transpose(k, counting(0, 3)))).toEqual([3, 0])
    expect(toNested(transpose(k, 5))).toBe(5)
  })

  it('refuses what is no order of the axes', () => {
    expect(() => transpose(k, x, [0])).toThrow(
      new ShapeError('transpose: the axes [0] do not order an array of rank 2. Name each of its axes once.'),
    )
    expect(() => transpose(k, x, [0, -2])).toThrow('transpose: axis 0 is named twice. Name each axis once.')
    expect(() => transpose(k, x, [0, 2])).toThrow('transpose: axis 2 does not exist in an array of rank 2')
  })
})

describe('squeeze and unsqueeze', () => {
  it('drop and add axes of size 1', () => {
    expect(shapeOf(squeeze(k, counting(1, 2, 1, 3)))).toEqual([2, 3])
    expect(shapeOf(squeeze(k, counting(1, 2, 1), 0))).toEqual([2, 1])
    expect(shapeOf(squeeze(k, counting(1, 2, 1), [0, -1]))).toEqual([2])
    expect(toNested(squeeze(k, arr([[5]])))).toBe(5)
    expect(shapeOf(squeeze(k, counting(1, 0)))).toEqual([0])
    expect(shapeOf(unsqueeze(k, x, 0))).toEqual([1, 2, 3])
    expect(shapeOf(unsqueeze(k, x, 2))).toEqual([2, 3, 1])
    expect(shapeOf(unsqueeze(k, x, -1))).toEqual([2, 3, 1])
    expect(shapeOf(unsqueeze(k, x, -3))).toEqual([1, 2, 3])
    expect(toNested(unsqueeze(k, 5, 0))).toEqual([5])
  })

  it('refuse other sizes and places', () => {
    expect(() => squeeze(k, x, 1)).toThrow(
      new ShapeError('squeeze: axis 1 of [2, 3] has size 3. Only axes of size 1 can be dropped.'),
    )
    expect(() => squeeze(k, x, 2)).toThrow('squeeze: axis 2 does not exist')
    expect(() => unsqueeze(k, x, 3)).toThrow(
      'unsqueeze, counted in the result: axis 3 does not exist in an array of rank 3; allowed are -3 to 2.',
    )
  })
})

describe('broadcastTo', () => {
  it('stretches sizes of 1 and adds leading axes', () => {
    expect(toNested(broadcastTo(k, arr([[1], [2]]), [2, 2, 3]))).toEqual([
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    ])
    expect(toNested(broadcastTo(k, 5, [2]))).toEqual([5, 5])
    expect(shapeOf(broadcastTo(k, x, [4, 2, 3]))).toEqual([4, 2, 3])
    expect(shapeOf(broadcastTo(k, arr([[1], [2]]), [2, 0]))).toEqual([2, 0])
  })

  it('refuses to change another size', () => {
    const rule = 'Aligned at the right, each size stays or is 1.'
    expect(() => broadcastTo(k, x, [4, 3])).toThrow(
      new ShapeError(`broadcastTo: [2, 3] does not stretch to [4, 3]. ${rule}`),
    )
    expect(() => broadcastTo(k, x, [3])).toThrow(`broadcastTo: [2, 3] does not stretch to [3]. ${rule}`)
    expect(() => broadcastTo(k, x, [2, 1])).toThrow('does not stretch')
    expect(() => broadcastTo(k, x, [-1, 3])).toThrow('broadcastTo: [-1, 3] is not a shape.')
  })
})
