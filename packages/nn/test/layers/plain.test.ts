import { constant, DomainError, random, ShapeError, type Value, value, zeros } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { describe, expect, test } from 'vitest'
import { Adam, AvgPool2d, Conv1d, Conv2d, Dropout, Embedding, Flatten, MaxPool2d } from '../../src/index.ts'

const seeded = () => ({ random: random(1) })

describe('Flatten', () => {
  const x = zeros([2, 3, 4, 5])
  test.each<[Flatten, number[]]>([
    [new Flatten(), [2, 60]],
    [new Flatten(0), [120]],
    [new Flatten(1, 2), [2, 12, 5]],
    [new Flatten(-2), [2, 3, 20]],
    [new Flatten(2, 2), [2, 3, 4, 5]],
  ])('%#', (flatten, shape) => {
    expect(flatten.forward(x).shape).toEqual(shape)
  })

  test('of axes that are not there', () => {
    expect(() => new Flatten().forward([1, 2])).toThrow(
      'Flatten: no axes from 1 to -1 in an array of shape [2]. Choose axes that it has: new Flatten(start, end).',
    )
    expect(() => new Flatten(2, 1).forward(x)).toThrow(ShapeError)
    expect(() => new Flatten(0, 4).forward(x)).toThrow(ShapeError)
    expect(() => new Flatten(-5).forward(x)).toThrow(ShapeError)
  })
})

describe('Dropout', () => {
  const x = value(Array(10_000).fill(2))

  test('in training sets a share p to 0, and keeps the mean', () => {
    const y = new Dropout(0.2, seeded()).forward(x)
    expect(new Set(y.data)).toEqual(new Set([0, 2.5]))
    expect(y.mean().item()).toBeCloseTo(2, 1)
    y.sum().backward()
    expect(x.grad.toArray()).toEqual(Array.from(y.data, (n) => n / 2))
  })

  test('is repeatable, and new on every call', () => {
    const [a, b] = [new Dropout(0.5, seeded()), new Dropout(0.5, seeded())]
    const first = a.forward(x).toArray()
    expect(b.forward(x).toArray()).toEqual(first)
    expect(a.forward(x).toArray()).not.toEqual(first)
  })

  test('in evaluation, or with p = 0, does nothing', () => {
    expect(new Dropout(0.9).eval().forward(x)).toBe(x)
    expect(new Dropout(0).forward(x)).toBe(x)
  })

  test('may drop everything; other shares are refused', () => {
    expect(new Dropout(1).forward([1, Number.POSITIVE_INFINITY]).toArray()).toEqual([0, 0])
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => new Dropout(p)).toThrow(DomainError)
    expect(() => new Dropout(20)).toThrow('Dropout: the probability is 20. Give a number from 0 to 1')
  })
})

describe('Embedding', () => {
  test('learns the rows that are used, as often as they are', () => {
    const layer = new Embedding(4, 2, seeded())
    layer.forward([3, 1, 3]).sum().backward()
    expect(layer.weight.grad.toArray()).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
      [2, 2],
    ])
  })

  test('refuses what is no index', () => {
    const layer = new Embedding(4, 2)
    const program = compile((indices: Value) => layer.forward(indices))
    program(constant([0]))
    for (const index of [-1, 4, 0.5]) {
      const message = `Embedding: the index ${index} is none of 4. Indices are whole numbers, counted from 0 to 3.`
      expect(() => layer.forward([index])).toThrow(message)
      expect(() => layer.forward([index])).toThrow(ShapeError)
      expect(() => program(constant([index]))).toThrow(message)
    }
    expect(() => new Embedding(0, 2)).toThrow('Embedding: the number of indices is 0. Give a whole number, 1 or more.')
  })

  describe('with a padding index', () => {
    const padded = (paddingIndex: number, dtype: 'float32' | 'float64' = 'float64'): Embedding =>
      new Embedding(3, 2, { paddingIndex, dtype, ...seeded() })

    test('its row begins at 0, the others as without one', () => {
      const [{ weight }, plain] = [padded(1), new Embedding(3, 2, seeded()).weight]
      expect(weight.at(1).toArray()).toEqual([0, 0])
      for (const row of [0, 2]) expect(weight.at(row).toArray()).toEqual(plain.at(row).toArray())
      expect(padded(-1).weight.at(2).toArray()).toEqual([0, 0])
      expect(padded(-1).paddingIndex).toBe(2)
    })

    test('its row gets no gradient, and stays as it is in training', () => {
      const layer = padded(0, 'float32')
      const y = layer.forward([
        [2, 0],
        [0, 2],
      ])
      expect([y.shape, y.dtype]).toEqual([[2, 2, 2], 'float32'])
      y.sub(1).square().sum().backward()
      const { grad } = layer.weight
      expect(grad.at(0).toArray()).toEqual([0, 0])
      expect(grad.at(2).toArray()).toEqual(y.at(0, 0).sub(1).mul(4).toArray())
      new Adam(layer.parameters(), { learningRate: 1 }).step()
      expect(layer.weight.at(0).toArray()).toEqual([0, 0])
      expect(layer.weight.at(2).toArray()).not.toEqual(y.at(0, 0).toArray())
    })

    test('a row that was loaded is read, though not learnt', () => {
      const layer = padded(1).loadStateDict({
        weight: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      })
      const y = layer.forward(1)
      expect(y.toArray()).toEqual([3, 4])
      layer.forward([1, 2]).sum().backward()
      expect(layer.weight.grad.toArray()).toEqual([
        [0, 0],
        [0, 0],
        [1, 1],
      ])
    })

    test('that is none of the indices is refused', () => {
      for (const index of [3, -4, 0.5, null as never]) expect(() => padded(index)).toThrow(DomainError)
      expect(() => padded(3)).toThrow(
        'Embedding: paddingIndex is 3, of 3 indices. Give one of 0 to 2, or of −3 to −1 from the end.',
      )
    })
  })

  test('begins normal', () => {
    const { weight } = new Embedding(100, 100, seeded())
    expect(weight.mean().item()).toBeCloseTo(0, 1)
    expect(weight.std().item()).toBeCloseTo(1, 1)
  })
})

describe('sizes that no convolution or pooling has are refused when it is made', () => {
  test.each([
    ['Conv2d: stride is 0. Give a whole number, or 2 of them, 1 or more.', () => new Conv2d(1, 1, 2, { stride: 0 })],
    ['Conv2d: stride is [1, 0]. Give', () => new Conv2d(1, 1, 2, { stride: [1, 0] })],
    ['Conv2d: dilation is [1]. Give', () => new Conv2d(1, 1, 2, { dilation: [1] })],
    [
      'Conv2d: padding is -1. Give a whole number, or 2 of them, 0 or more.',
      () => new Conv2d(1, 1, 2, { padding: -1 }),
    ],
    ['Conv1d: stride is 0.5. Give a whole number, 1 or more.', () => new Conv1d(1, 1, 2, { stride: 0.5 })],
    ['MaxPool2d: the kernel is 0. Give', () => new MaxPool2d(0)],
    ['MaxPool2d: stride is 0. Give', () => new MaxPool2d(2, { stride: 0 })],
    ["AvgPool2d: padding is 'same'. Give", () => new AvgPool2d(2, { padding: 'same' as never })],
  ])('%s', (message, wrong) => {
    expect(wrong).toThrow(message)
    expect(wrong).toThrow(DomainError)
  })
})
