import { random, ShapeError, type Value, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  BatchNorm,
  Conv2d,
  Dropout,
  Embedding,
  Flatten,
  GRU,
  type Input,
  Linear,
  MaxPool2d,
  MLP,
  Module,
  Sequential,
  TransformerEncoderLayer,
} from '../src/index.ts'

const images = zeros([2, 1, 12, 12])
const build = (): Sequential =>
  new Sequential(
    new Conv2d(1, 4, 3, { bias: false }),
    new BatchNorm(4),
    'relu',
    new MaxPool2d(2),
    new Flatten(),
    new Dropout(0.5, { random: random(1) }),
    new Linear(100, 10),
  )

describe('the summary', () => {
  test('of an MLP needs no example', () => {
    expect(new MLP([4, 16, 3]).summary()).toBe(
      [
        'MLP',
        '  layer     type    output   parameters',
        '  layers.0  Linear  [1, 16]          80',
        '  layers.1  Linear  [1, 3]           51',
        '131 parameters',
      ].join('\n'),
    )
  })

  test('shows the shapes that an example gives', () => {
    expect(build().summary(images)).toBe(
      [
        'Sequential',
        '  layer  type       output          parameters',
        '  0      Conv2d     [2, 4, 10, 10]          36',
        '  1      BatchNorm  [2, 4, 10, 10]           8',
        '  3      MaxPool2d  [2, 4, 5, 5]             0',
        '  4      Flatten    [2, 100]                 0',
        '  5      Dropout    [2, 100]                 0',
        '  6      Linear     [2, 10]               1010',
        '1054 parameters',
      ].join('\n'),
    )
  })

  test('leaves the shapes out where no example can be guessed', () => {
    const [head, first] = build().summary().split('\n').slice(1)
    expect([head, first]).toEqual(['  layer  type       parameters', '  0      Conv2d             36'])
    expect(new Module().summary()).toBe(
      'Module\n  layer     type    parameters\n  (itself)  Module           0\n0 parameters',
    )
  })

  test('leaves the model as it was', () => {
    const model = build()
    model.modules.forEach((part, i) => {
      if (part instanceof Module) part.training = i % 2 === 0
    })
    const [before, modes] = [JSON.stringify(model.stateDict()), training(model)]
    model.summary(images)
    expect(JSON.stringify(model.stateDict())).toBe(before)
    expect(training(model)).toEqual(modes)
    expect(model.modules.some((part) => Object.hasOwn(part, 'forward'))).toBe(false)
    // The example does not fit: the same holds.
    expect(() => model.summary([1, 2])).toThrow(ShapeError)
    expect(training(model)).toEqual(modes)
    expect(model.modules.some((part) => Object.hasOwn(part, 'forward'))).toBe(false)
  })

  function training({ modules }: Sequential): unknown[] {
    return modules.map((part) => part instanceof Module && part.training)
  }

  test('shows modules inside of modules, the output of a recurrent layer, and parts that are not used', () => {
    class Speaker extends Module {
      readonly embed = new Embedding(5, 3)
      readonly recurrent = new GRU(3, 2)
      readonly spare = new Linear(1, 1)
      readonly readOut = new Linear(2, 5)
      // A method that is a field is left in place.
      override forward = (x: Input): Value => this.readOut.forward(this.recurrent.forward(this.embed.forward(x)).output)
    }
    const speaker = new Speaker()
    expect(speaker.summary([[0], [4]])).toBe(
      [
        'Speaker',
        '  layer      type       output     parameters',
        '  embed      Embedding  [2, 1, 3]          15',
        '  recurrent  GRU        [2, 1, 2]          42',
        '  spare      Linear     not used            2',
        '  readOut    Linear     [2, 1, 5]          15',
        '74 parameters',
      ].join('\n'),
    )
    expect(speaker.forward([[0]]).shape).toEqual([1, 1, 5])
    const lines = new TransformerEncoderLayer(4, 2, { feedForward: 3 }).summary().split('\n')
    expect(lines[2]).toBe('  self_attn           MultiHeadAttention  [1, 1, 4]          60')
    expect(lines.at(-1)).toBe('127 parameters')
  })

  test('counts a shared parameter once', () => {
    const shared = new Linear(2, 2)
    expect(new Sequential(shared, 'tanh', shared).summary().split('\n').at(-1)).toBe('6 parameters')
    class Tied extends Module {
      readonly weight: Value = shared.weight
    }
    expect(new Sequential(shared, new Tied()).summary().split('\n').at(-1)).toBe('6 parameters')
  })
})
