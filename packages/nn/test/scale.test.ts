import { random, ShapeError } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { minMax, standardize } from '../src/index.ts'

const train = [
  [1, 100, 0.1],
  [2, 300, 0.1],
  [3, 200, 0.1],
]

describe('standardize', () => {
  const scaler = standardize(train)

  test('takes the training part to mean 0 and deviation 1, and a constant feature to 0', () => {
    const z = scaler.apply(train)
    for (const mean of z.mean({ axis: 0 }).data) expect(mean).toBeCloseTo(0, 15)
    const std = z.std({ axis: 0, correction: 0 }).data
    expect(std[0]).toBeCloseTo(1, 15)
    expect(std[1]).toBeCloseTo(1, 15)
    for (const t of z.slice([[0], [2]]).data) expect(t).toBeCloseTo(0, 15)
  })

  test('applies the same to other rows, and back', () => {
    expect(
      scaler
        .apply([[2, 200, 1]])
        .at(0, 0)
        .item(),
    ).toBe(0)
    expect(scaler.apply([3, 200, 1]).at(0).item()).toBeCloseTo(Math.sqrt(3 / 2), 15)
    const rows = random(1).normal([4, 3])
    expect(scaler.invert(scaler.apply(rows)).sub(rows).abs().max().item()).toBeLessThan(1e-12)
  })

  test('of one number an example', () => {
    expect(standardize([1, 3]).apply([1, 2, 3]).toArray()).toEqual([-1, 0, 1])
  })
})

describe('minMax', () => {
  test('takes the smallest to 0 and the largest to 1, and a constant feature to 0', () => {
    expect(minMax(train).apply(train).toArray()).toEqual([
      [0, 0, 0],
      [0.5, 1, 0],
      [1, 0.5, 0],
    ])
    expect(minMax([0, 10]).apply([20]).toArray()).toEqual([2])
  })

  test('or to a range of your own, and back', () => {
    const scaler = minMax(train, { low: -1, high: 1 })
    expect(scaler.apply(train).toArray()).toEqual([
      [-1, -1, -1],
      [0, 1, -1],
      [1, 0, -1],
    ])
    expect(scaler.invert(scaler.apply(train)).sub(train).abs().max().item()).toBeLessThan(1e-12)
  })
})

test('what does not fit is said', () => {
  expect(() => standardize(1)).toThrow('standardize: got an array of shape []. Give at least one row of features.')
  expect(() => minMax([])).toThrow('minMax: got an array of shape [0]. Give at least one row of features.')
  expect(() => minMax([1], { low: 1, high: 1 })).toThrow('minMax: the range 1 … 1 is empty. Give low below high.')
  expect(() => standardize(train).apply([[1, 2]])).toThrow(
    'standardize: it was fitted to rows of shape [3], got [1, 2]. Give rows of the same features.',
  )
  expect(() => standardize(train).invert(1)).toThrow(ShapeError)
})
