import { random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type Initializer, init, Linear, MLP, Neuron } from '../src/index.ts'

const shape = [200, 300]

function spread(make: Initializer, of: readonly number[] = shape): { bound: number; std: number } {
  const x = make(of, random(1), 'float64')
  return { bound: x.abs().max().item(), std: x.std().item() }
}

describe('the spread of first weights', () => {
  // A uniform distribution on ±b has the deviation b/√3.
  test.each([
    ['fanInUniform', init.fanInUniform(), 1 / Math.sqrt(300)],
    ['uniform', init.uniform(-0.5, 0.5), 0.5],
    ['xavierUniform', init.xavierUniform(), Math.sqrt(6 / 500)],
    ['xavierUniform(2)', init.xavierUniform(2), 2 * Math.sqrt(6 / 500)],
    ['heUniform', init.heUniform(), Math.sqrt(6 / 300)],
  ])('%s', (_name, make, bound) => {
    const found = spread(make)
    expect(found.bound).toBeLessThanOrEqual(bound)
    expect(found.bound).toBeGreaterThan(0.99 * bound)
    expect(found.std / (bound / Math.sqrt(3))).toBeCloseTo(1, 1)
  })

  test.each([
    ['normal', init.normal(0, 0.3), 0.3],
    ['xavierNormal', init.xavierNormal(), Math.sqrt(2 / 500)],
    ['heNormal', init.heNormal(), Math.sqrt(2 / 300)],
  ])('%s', (_name, make, std) => {
    expect(spread(make).std / std).toBeCloseTo(1, 1)
  })

  test('of a kernel counts its positions, of a single unit its inputs', () => {
    expect(spread(init.fanInUniform(), [50, 10, 5, 2]).bound).toBeLessThanOrEqual(0.1)
    expect(spread(init.fanInUniform(), [50, 10, 5, 2]).bound).toBeGreaterThan(0.099)
    expect(spread(init.fanInUniform(), [10_000]).bound).toBeLessThanOrEqual(0.01)
  })

  test('constants', () => {
    expect(init.zeros()([2], random(1), 'float64').toArray()).toEqual([0, 0])
    expect(init.constant(1.5)([2], random(1), 'float32').dtype).toBe('float32')
  })
})

describe('Linear and MLP', () => {
  test("begin as PyTorch's Linear: weight and bias uniform on ±1/√inputs", () => {
    const { weight, bias } = new Linear(400, 300, { random: random(1) })
    for (const x of [weight, bias]) {
      expect(x?.abs().max().item()).toBeLessThanOrEqual(0.05)
      expect(x?.abs().max().item()).toBeGreaterThan(0.049)
    }
  })

  test('with an initialiser of their own begin with bias 0', () => {
    const linear = new Linear(3, 2, { init: 'he', random: random(1) })
    expect(linear.bias?.toArray()).toEqual([0, 0])
    expect(linear.weight.toArray()).toEqual(init.heUniform()([2, 3], random(1), 'float64').toArray())
    const ones = new MLP([2, 2, 1], { init: init.constant(1) })
    expect(ones.parameters().map((p) => p.toArray())).toEqual([
      [
        [1, 1],
        [1, 1],
      ],
      [0, 0],
      [[1, 1]],
      [0],
    ])
    const xavier = new Linear(3, 2, { init: 'xavier', random: random(1) })
    expect(xavier.weight.toArray()).toEqual(init.xavierUniform()([2, 3], random(1), 'float64').toArray())
    expect(new Neuron(2, { init: 'zeros' }).weight.toArray()).toEqual([0, 0])
    const plain = new Linear(3, 2, { init: 'uniform', random: random(1) })
    expect(plain.weight.toArray()).toEqual(new Linear(3, 2, { random: random(1) }).weight.toArray())
  })

  test('with the same seed begin alike; two layers without one do not', () => {
    const weights = (seed: number) => new MLP([3, 4, 2], { random: random(seed) }).parameters().map((p) => p.toArray())
    expect(weights(1)).toEqual(weights(1))
    expect(weights(1)).not.toEqual(weights(2))
    expect(new Linear(3, 3).weight.toArray()).not.toEqual(new Linear(3, 3).weight.toArray())
  })

  test('an unknown initialiser is refused', () => {
    expect(() => new Linear(1, 1, { init: 'xaver' as 'xavier' })).toThrow(
      "Linear: there is no initialiser 'xaver'. Use one of uniform, xavier, he, zeros, or a function as init.xavierNormal() makes.",
    )
  })
})
