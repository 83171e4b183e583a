import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { type PadMode, pad } from '../../src/compose/pad.ts'
import { dtypeOf } from '../../src/data.ts'
import { DomainError, ShapeError } from '../../src/errors.ts'
import { arr, counting, shapeOf, toNested } from './support.ts'

describe('pad', () => {
  it('fills with a number', () => {
    const x = counting(1, 2)
    const margins = [
      [1, 0],
      [0, 2],
    ] as const
    expect(toNested(pad(k, x, margins))).toEqual([
      [0, 0, 0, 0],
      [1, 2, 0, 0],
    ])
    expect(toNested(pad(k, x, margins, 7))).toEqual([
      [7, 7, 7, 7],
      [1, 2, 7, 7],
    ])
    expect(toNested(pad(k, arr([Number.NaN]), [[1, 1]], -1))).toEqual([-1, Number.NaN, -1])
    expect(dtypeOf(pad(k, arr([1], 'float32'), [[1, 1]], 0.1))).toBe('float32')
  })

  it('takes fewer pairs as leading axes', () => {
    expect(toNested(pad(k, counting(2, 1), [[1, 0]]))).toEqual([[0], [1], [2]])
    expect(toNested(pad(k, 5, []))).toBe(5)
    expect(toNested(pad(k, counting(2, 1), [[1, 0]], 0, 'replicate'))).toEqual([[1], [1], [2]])
  })

  it('mirrors, repeats the edge, and goes round', () => {
    const x = counting(3)
    expect(toNested(pad(k, x, [[2, 1]], 0, 'reflect'))).toEqual([3, 2, 1, 2, 3, 2])
    expect(toNested(pad(k, x, [[5, 0]], 0, 'reflect'))).toEqual([2, 1, 2, 3, 2, 1, 2, 3])
    expect(toNested(pad(k, counting(1), [[1, 2]], 0, 'reflect'))).toEqual([1, 1, 1, 1])
    expect(toNested(pad(k, x, [[2, 1]], 0, 'replicate'))).toEqual([1, 1, 1, 2, 3, 3])
    expect(toNested(pad(k, x, [[2, 4]], 0, 'circular'))).toEqual([2, 3, 1, 2, 3, 1, 2, 3, 1])
    expect(
      toNested(
        pad(
          k,
          counting(2, 2),
          [
            [0, 1],
            [1, 0],
          ],
          0,
          'reflect',
        ),
      ),
    ).toEqual([
      [2, 1, 2],
      [4, 3, 4],
      [2, 1, 2],
    ])
  })

  it('fills empty arrays, where there is something to fill them with', () => {
    expect(toNested(pad(k, arr([]), [[1, 1]], 3))).toEqual([3, 3])
    expect(shapeOf(pad(k, arr([]), [[0, 0]], 0, 'replicate'))).toEqual([0])
    expect(() => pad(k, arr([]), [[1, 0]], 0, 'circular')).toThrow(
      new ShapeError("pad: axis 0 of [0] has no element to fill a margin with in mode 'circular'. Use 'constant'."),
    )
  })

  it('refuses broken margins and modes', () => {
    const x = counting(2)
    expect(() => pad(k, x, [[-1, 0]])).toThrow(
      new ShapeError(
        'pad: [-1, 0] is no pair of margins. Give [before, after], whole numbers, 0 or more; slice cuts off.',
      ),
    )
    expect(() => pad(k, x, [[0.5, 0]])).toThrow('pad: [0.5, 0] is no pair of margins.')
    expect(() =>
      pad(k, x, [
        [1, 1],
        [1, 1],
      ]),
    ).toThrow('pad: 2 pairs for the shape [2]. Give at most one [before, after] an axis.')
    expect(() => pad(k, x, [[1, 1]], 0, 'edge' as PadMode)).toThrow(
      new DomainError("pad: there is no mode 'edge'. Use 'constant', 'reflect', 'replicate' or 'circular'."),
    )
  })
})
