import { random, value } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batches } from '../src/index.ts'

const x = Array.from({ length: 7 }, (_, i) => [i, 10 * i])
const y = x.map(([a]) => a as number)

describe('batches', () => {
  test('in order, the last one smaller', () => {
    const all = [...batches(x, y, { batchSize: 3 })]
    expect(all.map((batch) => batch.x.shape)).toEqual([
      [3, 2],
      [3, 2],
      [1, 2],
    ])
    expect(all.flatMap((batch) => batch.y.toArray())).toEqual(y)
  })

  test('every example once, with its own target, whatever the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.boolean(), fc.nat(), (batchSize, shuffle, seed) => {
        const all = [...batches(x, y, { batchSize, shuffle, random: random(seed) })]
        const rows = all.flatMap((batch) => batch.x.toArray() as number[][])
        const targets = all.flatMap((batch) => batch.y.toArray() as number[])
        expect(rows.map(([a]) => a)).toEqual(targets)
        expect(targets.toSorted((a, b) => a - b)).toEqual(y)
      }),
    )
  })

  test('shuffled by the stream: the same seed, the same order; the next call, another', () => {
    const order = (stream = random(1)) =>
      [...batches(x, y, { batchSize: 2, shuffle: true, random: stream })].flatMap((b) => b.y.toArray())
    expect(order()).toEqual(order())
    expect(order()).not.toEqual(y)
    const stream = random(1)
    expect(order(stream)).not.toEqual(order(stream))
    const free = () => [...batches(x, y, { batchSize: 1, shuffle: true })].map((b) => b.y.item())
    expect(free()).not.toEqual(free())
  })

  test('full, and 32 unless told otherwise', () => {
    expect([...batches(x, y, { batchSize: 'full' })]).toHaveLength(1)
    expect([...batches(x, y)]).toHaveLength(1)
    const many = Array.from({ length: 70 }, (_, i) => i)
    expect([...batches(many, many)].map((b) => b.y.size)).toEqual([32, 32, 6])
    expect([...batches(value([1, 2], { dtype: 'float32' }), [0, 1], { batchSize: 1 })][0]?.x.dtype).toBe('float32')
  })

  test.each([
    ['batches: x has 2 rows, y has 3. Give one target for each example.', () => batches([1, 2], [1, 2, 3])],
    ['batches: x has no rows: it is a scalar. Give at least one example, one a row.', () => batches(1, [1])],
    ['batches: y has 0 rows. Give at least one example, one a row.', () => batches([1], [])],
    ["batches: batchSize is 0. Give 'full', or a whole number, 1 or more.", () => batches([1], [1], { batchSize: 0 })],
    [
      "batches: batchSize is 1.5. Give 'full', or a whole number, 1 or more.",
      () => batches([1], [1], { batchSize: 1.5 }),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message)
  })
})
