import { type ArrayLike, random, relu, ShapeError, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type ActivationName, Layer, Linear, MLP, mseLoss, Neuron, Perceptron, Sequential } from '../src/index.ts'

describe('Neuron', () => {
  const neuron = new Neuron(2, { activation: 'tanh', random: random(1) })
  neuron.weight.assign([0.5, -0.25])
  neuron.bias?.assign(0.1)

  test('one example, a batch, scalar Values', () => {
    const expected = Math.tanh(0.5 * 3 + 0.25 + 0.1)
    expect(neuron.forward([3, -1]).item()).toBeCloseTo(expected, 15)
    expect(neuron.forward([3, -1]).shape).toEqual([])
    expect(
      neuron
        .forward([
          [3, -1],
          [0, 0],
        ])
        .toArray(),
    ).toEqual([expected, Math.tanh(0.1)])
    const x = value(3)
    const y = neuron.forward([x, -1])
    y.backward()
    expect(y.item()).toBeCloseTo(expected, 15)
    expect(x.grad.item()).toBeCloseTo(0.5 * (1 - expected ** 2), 15)
  })

  test('without bias', () => {
    const n = new Neuron(2, { bias: false, init: 'zeros' })
    expect(n.bias).toBeUndefined()
    expect(n.parameters()).toHaveLength(1)
    expect(n.forward([1, 2]).item()).toBe(0)
  })

  test('another number of inputs is refused', () => {
    expect(() => neuron.forward([1, 2, 3])).toThrow(
      'Neuron: it has 2 inputs, got an array of shape [3]. The last axis has size 2: one example [2], or a batch [n, 2].',
    )
    expect(() => neuron.forward(1)).toThrow(ShapeError)
  })
})

test('a Perceptron answers 0 or 1, and passes no gradient on', () => {
  const unit = new Perceptron(2)
  unit.weight.assign([1, 1])
  unit.bias?.assign(-1.5)
  const y = unit.forward([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])
  expect(y.toArray()).toEqual([0, 0, 0, 1])
  y.sum().backward()
  expect(unit.weight.grad.toArray()).toEqual([0, 0])
})

describe('a Layer of neurons and a Linear of the same weights', () => {
  const x = [
    [1, 2, 3],
    [-1, 0.5, 2],
  ]
  const layer = new Layer(3, 4, { random: random(5) })
  const linear = new Linear(3, 4, { random: random(5) })

  test('begin alike with the same random stream', () => {
    expect(layer.neurons.map(({ weight }) => weight.toArray())).toEqual(linear.weight.toArray())
    expect(layer.neurons.map(({ bias }) => bias?.item())).toEqual(linear.bias?.toArray())
  })

  test('give the same outputs and the same gradients', () => {
    const target = [
      [1, 0, 0, 1],
      [0, 1, 1, 0],
    ]
    const outputs = [layer, linear].map((module) => {
      const y = module.forward(x).tanh()
      mseLoss(y, target).backward()
      return y.toArray() as number[][]
    })
    expectNear(outputs[0], outputs[1])
    expectNear(
      layer.neurons.map(({ weight }) => weight.grad.toArray() as number[]),
      linear.weight.grad.toArray(),
    )
    expectNear(
      layer.neurons.map(({ bias }) => bias?.grad.item() ?? Number.NaN),
      linear.bias?.grad.toArray(),
    )
    expect(layer.forward([1, 2, 3]).shape).toEqual([4])
  })

  function expectNear(got: ArrayLike | undefined, expected: ArrayLike | undefined): void {
    const [a, b] = [value(got ?? 0), value(expected ?? 0)]
    expect(a.shape).toEqual(b.shape)
    expect(a.sub(b).abs().max().item()).toBeLessThan(1e-15)
  }
})

describe('Linear', () => {
  test('is x·Wᵀ + b, for any leading axes', () => {
    const linear = new Linear(2, 3, {
      init: () =>
        value([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
    })
    expect(linear.bias?.toArray()).toEqual([0, 0, 0])
    linear.bias?.assign([0, 0, 1])
    expect(linear.forward([1, 1]).toArray()).toEqual([3, 7, 12])
    expect(
      linear
        .forward([
          [1, 1],
          [0, 1],
        ])
        .toArray(),
    ).toEqual([
      [3, 7, 12],
      [2, 4, 7],
    ])
    expect(linear.forward([[[1, 1]], [[0, 1]]]).shape).toEqual([2, 1, 3])
  })

  test('checks its inputs and sizes', () => {
    expect(() => new Linear(2, 3).forward([[1, 2, 3]])).toThrow(
      'Linear: it has 2 inputs, got an array of shape [1, 3]. The last axis has size 2: one example [2], or a batch [n, 2].',
    )
    expect(() => new Linear(0, 3)).toThrow('Linear: the number of inputs is 0. Give a whole number, 1 or more.')
    expect(() => new Layer(2, 1.5)).toThrow('Layer: the number of outputs is 1.5. Give a whole number, 1 or more.')
  })
})

describe('MLP', () => {
  test('is Linear, activation, Linear, output', () => {
    const model = new MLP([2, 3, 1], { activation: 'relu', output: 'sigmoid', random: random(1) })
    const [first, second] = model.layers as [Linear, Linear]
    const same = new Sequential(first, relu, second, 'sigmoid')
    expect(
      model
        .forward([
          [1, -2],
          [3, 4],
        ])
        .toArray(),
    ).toEqual(
      same
        .forward([
          [1, -2],
          [3, 4],
        ])
        .toArray(),
    )
    expect(model.forward([1, -2]).shape).toEqual([1])
  })

  test('has tanh inside and a linear output unless told otherwise', () => {
    const model = new MLP([1, 1, 1], { init: () => value([[1]]) })
    expect(model.forward([2]).item()).toBe(Math.tanh(2))
  })

  test('reads plain arrays in its own dtype', () => {
    const model = new MLP([2, 2], { dtype: 'float32' })
    expect(model.forward([[0.1, 0.2]]).dtype).toBe('float32')
    expect(new Sequential('tanh', new Linear(2, 1, { dtype: 'float32' })).forward([0.1, 0.2]).dtype).toBe('float32')
  })

  test('needs two sizes and an activation that exists', () => {
    expect(() => new MLP([3])).toThrow('MLP: got 1 sizes. Give at least the inputs and the outputs: [4, 16, 3].')
    expect(() => new MLP([3, 1], { activation: 'tahn' as 'tanh' })).toThrow(
      "MLP: there is no activation 'tahn'. Use a function of one Value, or one of linear, step, sigmoid,",
    )
    expect(() => new Sequential('toString' as 'tanh')).toThrow("Sequential: there is no activation 'toString'.")
  })
})

test('every activation by its name', () => {
  const x = value([-2, -0.5, 0.5, 2])
  const expected: Record<ActivationName, (x: Value) => Value> = {
    linear: (v) => v,
    step: (v) => v.step(),
    sigmoid: (v) => v.sigmoid(),
    tanh: (v) => v.tanh(),
    relu: (v) => v.relu(),
    relu6: (v) => v.relu6(),
    leakyRelu: (v) => v.leakyRelu(),
    elu: (v) => v.elu(),
    selu: (v) => v.selu(),
    gelu: (v) => v.gelu(),
    silu: (v) => v.silu(),
    mish: (v) => v.mish(),
    softplus: (v) => v.softplus(),
    softsign: (v) => v.softsign(),
    logSigmoid: (v) => v.logSigmoid(),
    hardtanh: (v) => v.hardtanh(),
    hardSigmoid: (v) => v.hardSigmoid(),
    hardSwish: (v) => v.hardSwish(),
    softmax: (v) => v.softmax(),
    logSoftmax: (v) => v.logSoftmax(),
  }
  for (const [name, f] of Object.entries(expected)) {
    expect(new Sequential(name as ActivationName).forward(x).toArray(), name).toEqual(f(x).toArray())
  }
})
