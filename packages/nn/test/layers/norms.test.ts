import { random, ShapeError, type Value, value, vmap } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { BatchNorm, Conv1d, Conv2d, GroupNorm, LayerNorm } from '../../src/index.ts'

const seeded = () => ({ random: random(1) })

describe('BatchNorm', () => {
  const x = [
    [1, 10],
    [3, 30],
  ]

  test('by the batch in training, by what was gathered in evaluation', () => {
    const layer = new BatchNorm(2, { eps: 0 })
    expect(layer.forward(x).toArray()).toEqual([
      [-1, -1],
      [1, 1],
    ])
    // A tenth of the batch: mean 2 and 20, unbiased variance 2 and 200.
    expect(layer.running?.mean.toArray()).toEqual([0.2, 2])
    expect(layer.running?.variance.toArray()).toEqual([1.1, 20.9])
    layer.eval()
    expect(layer.forward([[0.2, 2]]).toArray()).toEqual([[0, 0]])
    expect(layer.running?.batches.item()).toBe(1)
  })

  test('the running statistics are state, not parameters; a graph keeps those that it was made with', () => {
    const layer = new BatchNorm(2)
    expect(layer.namedParameters().map(([name]) => name)).toEqual(['weight', 'bias'])
    const y = layer.eval().forward(value(x)).sum()
    layer.train().forward(x)
    y.backward()
    expect(layer.bias?.grad.toArray()).toEqual([2, 2])
  })

  test('inside vmap, where there is no batch, in training: named, with nothing changed', () => {
    const layer = new BatchNorm(2)
    const before = JSON.stringify(layer.stateDict())
    const examples = random(1).normal([3, 4, 2])
    expect(() => vmap((input: Value) => layer.forward(input))(examples)).toThrow(
      'BatchNorm: inside vmap the input stands for every example, so there is no batch to gather running statistics of. Call model.eval() before',
    )
    expect(JSON.stringify(layer.stateDict())).toBe(before)
    const y = vmap((input: Value) => layer.eval().forward(input))(examples)
    expect(y.at(1).toArray()).toEqual(layer.forward(examples.at(1)).toArray())
  })

  test('refuses other channels, and a batch of one number', () => {
    expect(() => new BatchNorm(3).forward(x)).toThrow(
      'BatchNorm: it has 3 channels, got an array of shape [2, 2]. Give [batch, 3, …].',
    )
    const layer = new BatchNorm(2)
    expect(() => layer.forward([[1, 2]])).toThrow(ShapeError)
    expect(layer.running?.batches.item()).toBe(0)
    expect(() => new BatchNorm(2, { momentum: 2 })).toThrow(
      'BatchNorm: momentum is 2. Give a number from 0 to 1, or null.',
    )
  })
})

describe('convolutions and norms', () => {
  test('begin as in PyTorch: uniform on ±1/√(inputs · taps), for the bias too; factors 1 and summands 0', () => {
    const { weight, bias } = new Conv2d(8, 200, [5, 4], { groups: 2, ...seeded() })
    expect(weight.shape).toEqual([200, 4, 5, 4])
    for (const x of [weight, bias as Value]) {
      expect(x.abs().max().item()).toBeLessThanOrEqual(1 / Math.sqrt(80))
      expect(x.abs().max().item()).toBeGreaterThan(0.95 / Math.sqrt(80))
    }
    for (const norm of [new LayerNorm(2), new GroupNorm(1, 2), new BatchNorm(2)]) {
      expect([norm.weight?.toArray(), norm.bias?.toArray()]).toEqual([
        [1, 1],
        [0, 0],
      ])
    }
  })

  test('say what they take', () => {
    expect(() => new Conv2d(3, 4, 3, { groups: 2 })).toThrow('Conv2d: 3 input channels do not divide into 2 groups.')
    expect(() => new Conv1d(2, 3, 3, { groups: 2 })).toThrow('Conv1d: 3 output channels do not divide into 2 groups.')
    expect(() => new Conv2d(1, 1, [3])).toThrow('Conv2d: the kernel has 1 sizes. Give one number, or 2.')
    expect(() => new Conv1d(1, 1, 0)).toThrow('Conv1d: the number of taps of the kernel is 0.')
    expect(() => new GroupNorm(3, 4)).toThrow('GroupNorm: 4 channels do not divide into 3 groups. Choose a divisor.')
    expect(() => new LayerNorm([3, 0])).toThrow('LayerNorm: the number of features is 0.')
    expect(() => new LayerNorm(3).forward([1, 2])).toThrow(ShapeError)
  })
})
