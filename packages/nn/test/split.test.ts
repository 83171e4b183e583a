import { random } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trainTestSplit } from '../src/index.ts'

const labels = [...new Array<number>(50).fill(0), ...new Array<number>(30).fill(1), ...new Array<number>(20).fill(2)]
const x = labels.map((label, i) => [i, label])

function count(y: readonly number[]): number[] {
  return [0, 1, 2].map((label) => y.filter((other) => other === label).length)
}

describe('trainTestSplit', () => {
  test('every example goes to one part, with its target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.boolean(), fc.nat(), (testSize, stratify, seed) => {
        const { train, test: held } = trainTestSplit(x, labels, { testSize, stratify, random: random(seed) })
        const rows = [...(train.x.toArray() as number[][]), ...(held.x.toArray() as number[][])]
        expect(held.y.size).toBe(testSize)
        expect(rows.map(([, label]) => label)).toEqual([
          ...(train.y.toArray() as number[]),
          ...(held.y.toArray() as number[]),
        ])
        expect(rows.map(([i]) => i as number).toSorted((a, b) => a - b)).toEqual(labels.map((_, i) => i))
      }),
    )
  })

  test('a fraction is rounded up; a quarter unless told otherwise', () => {
    expect(trainTestSplit(x, labels, { testSize: 0.2 }).test.y.size).toBe(20)
    expect(trainTestSplit(x, labels, { testSize: 0.201 }).test.y.size).toBe(21)
    expect(trainTestSplit(x, labels).test.y.size).toBe(25)
    // In floating point 0.07·100 is an ulp above 7.
    expect(trainTestSplit(x, labels, { testSize: 0.07 }).test.y.size).toBe(7)
  })

  test('keeps the proportions of the classes when asked', () => {
    const { train, test: held } = trainTestSplit(x, labels, { testSize: 0.2, stratify: true })
    expect(count(held.y.toArray() as number[])).toEqual([10, 6, 4])
    expect(count(train.y.toArray() as number[])).toEqual([40, 24, 16])
    const oneHot = labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)))
    const other = trainTestSplit(x, oneHot, { testSize: 10, stratify: labels })
    expect(other.test.y.sum({ axis: 0 }).toArray()).toEqual([5, 3, 2])
    // The parts are mixed, not class after class.
    expect(train.y.toArray()).not.toEqual((train.y.toArray() as number[]).toSorted((a, b) => a - b))
  })

  test('leaves every class something to train on, where it can', () => {
    const few = [0, 0, 0, 0, 0, 0, 0, 1, 2]
    for (let seed = 0; seed < 5; seed++) {
      const { train } = trainTestSplit(few, few, { testSize: 5, stratify: true, random: random(seed) })
      expect(new Set(train.y.data)).toEqual(new Set([0, 1, 2]))
    }
    // One example a class: some class has to go.
    expect(trainTestSplit([0, 1, 2], [0, 1, 2], { testSize: 1, stratify: true }).test.y.size).toBe(1)
  })

  test('is the same each time for the same seed, and without one', () => {
    const held = (seed?: number) =>
      trainTestSplit(x, labels, seed === undefined ? {} : { random: random(seed) }).test.x.toArray()
    expect(held(1)).toEqual(held(1))
    expect(held()).toEqual(held())
    expect(held(1)).not.toEqual(held(2))
  })

  test.each([
    ['trainTestSplit: x has 2 rows, y has 1. Give one target for each example.', () => trainTestSplit([1, 2], [1])],
    [
      'trainTestSplit: a testSize of 1 leaves no training or no test part of 1 examples.',
      () => trainTestSplit([1], [1], { testSize: 1 }),
    ],
    [
      'trainTestSplit: a testSize of 0 leaves no training or no test part of 2 examples. Give a fraction between 0 and 1, or a whole number below 2.',
      () => trainTestSplit([1, 2], [1, 2], { testSize: 0 }),
    ],
    [
      'trainTestSplit: stratify needs one label an example, a list of 2. Give { stratify: labels } when y holds something else.',
      () => trainTestSplit([1, 2], [[1], [2]], { testSize: 1, stratify: true }),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message)
  })
})
