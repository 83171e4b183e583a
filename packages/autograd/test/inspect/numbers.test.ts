import { describe, expect, it } from 'vitest'
import { value } from '../../src/index.ts'
import { formatArgs, formatData, formatNumber, formatType } from '../../src/inspect/numbers.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-6, '-6'],
    [123_456_789, '123456789'],
    [24.704081632653061, '24.7041'],
    [645.5772594752186, '645.5773'],
    [0.5, '0.5'],
    [0.1 + 0.2, '0.3'],
    [Math.fround(0.1), '0.1'],
    [0.020408163, '0.02041'],
    [-0.000416493, '-0.0004165'],
    [0.00001234567, '1.2346e-5'],
    [1e-300, '1e-300'],
    [1234567.89, '1.2346e6'],
    [1e21, '1e21'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
  ])('writes %d as %s', (x, text) => {
    expect(formatNumber(x)).toBe(text)
  })
})

describe('formatData', () => {
  const show = (...args: Parameters<typeof value>): string => formatData(value(...args).raw)

  it('writes small arrays out and shortens large ones row by row', () => {
    expect(show(0.25)).toBe('0.25')
    expect(
      show([
        [1, 2],
        [3, 4],
      ]),
    ).toBe('[[1, 2], [3, 4]]')
    expect(show(Float64Array.from({ length: 9 }, (_, i) => i))).toBe('[0, 1, 2, …]')
    expect(
      show(
        Float64Array.from({ length: 20 }, (_, i) => i),
        { shape: [5, 4] },
      ),
    ).toBe('[[0, 1, 2, …], [4, 5, 6, …], [8, 9, 10, …], …]')
    expect(show([])).toBe('[]')
  })

  it('tells shape and dtype apart from the numbers', () => {
    expect(formatType(value(1).raw)).toBe('')
    expect(formatType(value([1]).raw)).toBe('shape [1]')
    expect(formatType(value([[1]], { dtype: 'float32' }).raw)).toBe('shape [1, 1], float32')
    expect(formatType(value(1, { dtype: 'float32' }).raw)).toBe('float32')
  })
})

describe('formatArgs', () => {
  it('shows what is plain and nothing else', () => {
    expect(formatArgs({ slope: 0.1, axes: [0, 1], f: () => 1, mode: 'same', keep: true, inner: {} })).toEqual([
      'slope = 0.1',
      'axes = [0, 1]',
      'mode = same',
      'keep = true',
    ])
    expect(formatArgs(undefined)).toEqual([])
  })
})
