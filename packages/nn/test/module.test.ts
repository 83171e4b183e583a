import {
  DomainError,
  type Operand,
  random,
  ShapeError,
  UnsupportedError,
  type Value,
  value,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type Input, Linear, MLP, Module, mseLoss, Sequential, SGD } from '../src/index.ts'

class Line extends Module {
  readonly slope: Value = value(2)
  readonly seen: Value = zeros([2])
  readonly parts2: readonly unknown[] = [new Linear(1, 1), [value(1)], 'text', 3]
  override forward(x: Input): Value {
    return this.slope.mul(x as Operand)
  }
}

class Ring extends Module {
  readonly weight: Value = value([1, 2])
  inner: Ring | undefined
  owner: Module | undefined
  shared: Value | undefined
}

describe('parameters', () => {
  test('of a class of your own: every field that requires a gradient, in order, through lists and modules', () => {
    const line = new Line()
    expect(line.namedParameters().map(([name]) => name)).toEqual([
      'slope',
      'parts2.0.weight',
      'parts2.0.bias',
      'parts2.1.0',
    ])
    expect(line.parameters()[0]).toBe(line.slope)
    expect(Object.keys(line.stateDict())).toEqual(['slope', 'seen', 'parts2.0.weight', 'parts2.0.bias', 'parts2.1.0'])
    expect(line.forward(3).item()).toBe(6)
  })

  test('of an MLP: weight, bias, layer by layer', () => {
    const model = new MLP([4, 16, 3])
    expect(model.parameters().map(({ shape }) => shape)).toEqual([[16, 4], [16], [3, 16], [3]])
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.1.weight',
      'layers.1.bias',
    ])
  })

  test("of a Sequential: PyTorch's names, functions counted in", () => {
    const model = new Sequential(new Linear(2, 3), 'relu', new Linear(3, 1, { bias: false }))
    expect(model.namedParameters().map(([name]) => name)).toEqual(['0.weight', '0.bias', '2.weight'])
  })

  test('a shared one counts once, and modules may point back', () => {
    const outer = new Ring()
    const inner = new Ring()
    outer.inner = inner
    inner.owner = outer
    outer.shared = inner.weight
    expect(outer.namedParameters().map(([name]) => name)).toEqual(['weight', 'inner.weight'])
    expect(Object.keys(outer.stateDict())).toEqual(['weight', 'inner.weight', 'shared'])
  })
})

test('zeroGrad forgets every gradient', () => {
  const model = new MLP([2, 3, 1])
  mseLoss(model.forward([1, 2]), [0]).backward()
  expect(model.parameters().every(({ hasGrad }) => hasGrad)).toBe(true)
  model.zeroGrad()
  expect(model.parameters().some(({ hasGrad }) => hasGrad)).toBe(false)
})

test('train and eval reach every module inside', () => {
  const inner = new Linear(1, 1)
  const model = new Sequential(inner, 'tanh')
  expect(model.eval()).toBe(model)
  expect([model.training, inner.training]).toEqual([false, false])
  model.train()
  expect([model.training, inner.training]).toEqual([true, true])
})

describe('the state', () => {
  test('goes round, also through JSON', () => {
    const model = new MLP([2, 3, 1], { random: random(1) })
    const copy = new MLP([2, 3, 1], { random: random(2) })
    copy.loadStateDict(model.stateDict())
    expect(copy.forward([1, 2]).toArray()).toEqual(model.forward([1, 2]).toArray())
    const text = JSON.stringify(Object.entries(model.stateDict()).map(([name, x]) => [name, x.toArray()]))
    const third = new MLP([2, 3, 1], { random: random(3) })
    third.loadStateDict(Object.fromEntries(JSON.parse(text)))
    expect(third.forward([1, 2]).toArray()).toEqual(model.forward([1, 2]).toArray())
  })

  test('is a snapshot: training on does not change it', () => {
    const model = new Linear(2, 1, { random: random(1) })
    const before = model.stateDict()
    const numbers = before.weight?.toArray()
    model.forward([1, 2]).sum().backward()
    new SGD(model.parameters(), { learningRate: 1 }).step()
    expect(model.weight.toArray()).not.toEqual(numbers)
    expect(before.weight?.toArray()).toEqual(numbers)
    expect(before.weight?.requiresGrad).toBe(false)
    model.loadStateDict(before)
    expect(model.weight.toArray()).toEqual(numbers)
  })

  test('shares no numbers with the module', () => {
    const model = new Linear(2, 1, { random: random(1) })
    const { weight } = model.stateDict()
    const before = model.weight.toArray()
    expect(weight?.data).not.toBe(model.weight.data)
    weight?.data.fill(99)
    expect(model.weight.toArray()).toEqual(before)
  })

  test('keeps the dtype of the module', () => {
    const model = new Linear(2, 1, { dtype: 'float32' })
    model.loadStateDict(new Linear(2, 1).stateDict())
    expect(model.weight.dtype).toBe('float32')
    expect(model.weight.data).toBeInstanceOf(Float32Array)
  })

  test('that does not fit is refused, whole', () => {
    const model = new Linear(2, 1, { random: random(1) })
    const before = model.weight.toArray()
    const { weight, bias } = new Linear(2, 1, { random: random(2) }).stateDict() as { weight: Value; bias: Value }
    expect(() => model.loadStateDict({ weight })).toThrow(
      'loadStateDict: the state lacks bias. Give the stateDict() of a module built alike.',
    )
    expect(() => model.loadStateDict({ weight, bias, extra: bias })).toThrow(
      'loadStateDict: the state has also extra. Give the stateDict() of a module built alike.',
    )
    expect(() => model.loadStateDict({})).toThrow(DomainError)
    expect(() => model.loadStateDict({ weight, bias: [1, 2] })).toThrow(
      'loadStateDict: bias is [2] in the state, [1] in the module. Build the module with the same sizes.',
    )
    expect(() => model.loadStateDict({ weight, bias: [1, 2] })).toThrow(ShapeError)
    expect(model.weight.toArray()).toEqual(before)
  })
})

test('a module without forward says so', () => {
  expect(() => new Ring().forward(1)).toThrow(UnsupportedError)
  expect(() => new Ring().forward(1)).toThrow(
    'Ring: forward is not written. Override forward(x) in the class that extends Module.',
  )
})
