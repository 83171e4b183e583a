import { random, type Value, value, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adam,
  BatchNorm,
  Conv1d,
  Conv2d,
  crossEntropyLoss,
  Dropout,
  Embedding,
  Flatten,
  GRU,
  GroupNorm,
  LayerNorm,
  Linear,
  LSTM,
  loadSafetensors,
  MaxPool2d,
  type Module,
  MultiHeadAttention,
  RMSNorm,
  RNN,
  Sequential,
  saveSafetensors,
  TransformerEncoderLayer,
} from '../../src/index.ts'

describe('every layer', () => {
  const every: readonly [string, (options: { dtype: 'float32' | 'float64' }) => Module<unknown>, Value][] = [
    ['Embedding', (o) => new Embedding(3, 2, o), zeros([4])],
    ['LayerNorm', (o) => new LayerNorm(3, o), zeros([4, 3])],
    ['RMSNorm', (o) => new RMSNorm(3, o), zeros([4, 3])],
    ['GroupNorm', (o) => new GroupNorm(1, 3, o), zeros([4, 3])],
    ['BatchNorm', (o) => new BatchNorm(3, o), zeros([4, 3])],
    ['Conv1d', (o) => new Conv1d(2, 3, 2, o), zeros([2, 4])],
    ['Conv2d', (o) => new Conv2d(2, 3, 2, o), zeros([2, 4, 4])],
    ['RNN', (o) => new RNN(2, 3, o), zeros([4, 2])],
    ['GRU', (o) => new GRU(2, 3, { ...o, layers: 2 }), zeros([4, 2])],
    ['LSTM', (o) => new LSTM(2, 3, { ...o, bidirectional: true }), zeros([4, 2])],
    ['MultiHeadAttention', (o) => new MultiHeadAttention(4, 2, o), zeros([3, 4])],
    ['TransformerEncoderLayer', (o) => new TransformerEncoderLayer(4, 2, { ...o, feedForward: 5 }), zeros([3, 4])],
  ]

  test.each(every)('%s keeps float32, reads plain arrays so, and goes through a file', (name, make, x) => {
    const layer = make({ dtype: 'float32' })
    const plain = name === 'Embedding' ? x : (x.toArray() as number[][])
    const result = layer.forward(plain) as Value | { output: Value }
    expect(('output' in result ? result.output : result).dtype).toBe('float32')
    expect(layer.parameters().every(({ dtype }) => dtype === 'float32')).toBe(true)
    const copy = loadSafetensors(saveSafetensors(layer), make({ dtype: 'float64' }))
    expect(JSON.stringify(copy.stateDict())).toBe(JSON.stringify(layer.stateDict()))
    expect(copy.parameters().every(({ dtype }) => dtype === 'float64')).toBe(true)
  })
})

test('a small network of them learns to tell stripes apart', () => {
  const stream = random(4)
  const model = new Sequential(
    new Conv2d(1, 4, 3, { padding: 1, random: stream }),
    new BatchNorm(4),
    'relu',
    new MaxPool2d(2),
    new Flatten(),
    new Dropout(0.1, { random: stream }),
    new Linear(36, 2, { random: stream }),
  )
  const classes = Array.from({ length: 32 }, (_, i) => i % 2)
  const stripes = classes.map((across, n) => [
    Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => (((across === 1 ? i : j) + (n >> 1)) % 3 === 0 ? 1 : 0)),
    ),
  ])
  const x = value(stripes)
    .detach()
    .add(stream.normal([32, 1, 6, 6], 0, 0.3))
  const optimizer = new Adam(model.parameters(), { learningRate: 0.02 })
  for (let step = 0; step < 30; step++) {
    optimizer.zeroGrad()
    crossEntropyLoss(model.forward(x), classes).backward()
    optimizer.step()
  }
  const guesses = model.eval().forward(stripes).argmax({ axis: 1 }).toArray()
  expect(guesses).toEqual(classes)
})
