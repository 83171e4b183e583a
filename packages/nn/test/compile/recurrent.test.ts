/** Recurrent layers compile to loops over their steps, and give what they give step by step. */
import { arange, constant, grad, hvp, random, type Value, valueAndGrad, vmap } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { describe, expect, test } from 'vitest'
import { Adam, GRU, LSTM, type LSTMState, type Recurrence, type RecurrentOptions, RNN } from '../../src/index.ts'

type Layer = RNN | GRU | LSTM
type Make = (options?: RecurrentOptions) => Layer
const kinds: Readonly<Record<string, Make>> = {
  RNN: (options) => new RNN(3, 4, { random: random(1), ...options }),
  GRU: (options) => new GRU(3, 4, { random: random(1), ...options }),
  LSTM: (options) => new LSTM(3, 4, { random: random(1), ...options }),
}
const targets = ['wasm', 'js'] as const
const numbers = (seed: number, ...shape: number[]): Value => random(seed).normal(shape)

/** The output, then the parts of the state. `given` is cut into as many parts as the state has. */
function run(layer: Layer, x: Value, given: readonly Value[] = []): Value[] {
  const [hidden, cell] = given
  if (!(layer instanceof LSTM)) {
    const { output, state } = layer.forward(x, hidden)
    return [output, state]
  }
  const begin = hidden === undefined || cell === undefined ? undefined : { hidden, cell }
  const { output, state }: Recurrence<LSTMState> = layer.forward(x, begin)
  return [output, state.hidden, state.cell]
}

/** One number that depends on everything that a layer gives, unevenly. */
function toll(layer: Layer, x: Value, given: readonly Value[] = []): Value {
  return run(layer, x, given)
    .map((part, i) =>
      part
        .mul(i + 1)
        .sin()
        .mul(arange(part.size).cos().reshape(part.shape))
        .sum(),
    )
    .reduce((sum, part) => sum.add(part))
}

function expectSame(got: readonly Value[], wanted: readonly Value[], tolerance = 1e-12): void {
  expect(got.map(({ shape, dtype }) => [shape, dtype])).toEqual(wanted.map(({ shape, dtype }) => [shape, dtype]))
  for (const [i, part] of wanted.entries()) {
    const others = (got[i] as Value).data
    const far = Array.from(part.data, (y, k) => Math.abs(y - (others[k] ?? NaN)))
    expect(Math.max(...far)).toBeLessThan(tolerance)
  }
}

const forms: readonly (readonly [string, RecurrentOptions, Value])[] = [
  ['one layer', {}, numbers(2, 5, 2, 3)],
  ['a single step', {}, numbers(2, 1, 2, 3)],
  ['no batch', {}, numbers(2, 4, 3)],
  ['no bias', { bias: false }, numbers(2, 5, 2, 3)],
  ['three layers', { layers: 3 }, numbers(2, 5, 2, 3)],
  ['both directions', { bidirectional: true }, numbers(2, 5, 2, 3)],
  ['all at once, the batch first', { layers: 2, bidirectional: true, batchFirst: true }, numbers(2, 2, 6, 3)],
]

describe.each(Object.entries(kinds))('%s', (_name, make) => {
  const parts = make() instanceof LSTM ? 2 : 1
  const begin = (options: RecurrentOptions, x: Value): Value[] => {
    const rows = (options.layers ?? 1) * (options.bidirectional ? 2 : 1)
    const batch = x.rank === 2 ? [] : [x.shape[options.batchFirst ? 0 : 1] as number]
    return Array.from({ length: parts }, (_, i) => numbers(3 + i, rows, ...batch, 4))
  }

  test.each(forms)('%s: output, state, gradients', (_form, options, x) => {
    const layer = make(options)
    const given = begin(options, x)
    const parameters = layer.parameters()
    const slopes = (input: Value, state: Value[]): Value[] => {
      layer.zeroGrad()
      const { value, grad: to } = valueAndGrad(toll, { argument: [1, 2] })(layer, input, state)
      toll(layer, input, state).backward()
      return [value, to[0], ...(to[1] ?? []), ...parameters.map((parameter) => parameter.grad)]
    }
    const forward = (input: Value, state?: Value[]): Value[] => run(layer, input, state)
    const wanted = [forward(x), forward(x, given), slopes(x, given)] as const
    for (const target of targets) {
      const compiled = compile(forward, { target })
      expectSame(compiled(x), wanted[0])
      expectSame(compiled(x, given), wanted[1])
      const programs = compile(slopes, { target })
      for (const got of [programs(x, given), programs(x, given)]) expectSame(got, wanted[2], 1e-11)
    }
  })

  test('float32', () => {
    const layer = make({ dtype: 'float32', layers: 2, bidirectional: true })
    const x = constant(numbers(2, 5, 2, 3), { dtype: 'float32' })
    const slope = grad((input: Value) => toll(layer, input))
    expectSame(compile((input: Value) => run(layer, input))(x), run(layer, x), 1e-6)
    expectSame([compile(slope)(x)], [slope(x)], 1e-5)
  })

  test('mixed precision: float64 where anything is', () => {
    const narrow = (x: Value): Value => constant(x, { dtype: 'float32' })
    const x = numbers(2, 5, 2, 3)
    const options = { bidirectional: true, layers: 2 }
    const given = begin(options, x)
    const cases = [
      ['float64', narrow(x), []],
      ['float32', x, given.map(narrow)],
      ['float32', narrow(x), given],
    ] as const
    for (const [dtype, input, state] of cases) {
      const layer = make({ ...options, dtype })
      const slopes = (v: Value): Value[] => [...run(layer, v, state), grad((w: Value) => toll(layer, w, state))(v)]
      expectSame(compile(slopes)(input), slopes(input), 1e-5)
    }
  })

  test('second derivatives, and many examples by vmap', () => {
    const layer = make({ layers: 2, bidirectional: true })
    const x = numbers(2, 4, 2, 3)
    const curve = (input: Value, along: Value): Value => hvp((v: Value) => toll(layer, v))(input, along)
    expectSame([compile(curve)(x, x.cos())], [curve(x, x.cos())], 1e-10)
    const each = vmap((input: Value) => toll(layer, input))
    expectSame([compile(each)(numbers(2, 3, 4, 2, 3))], [each(numbers(2, 3, 4, 2, 3))])
  })

  test.each(targets)('five steps of Adam with dropout between the layers, in %s', (target) => {
    const options = { layers: 3, bidirectional: true, dropout: 0.4 }
    const x = numbers(2, 6, 2, 3)
    const five = (compiled: boolean): Value[] => {
      const layer = make({ ...options, random: random(5) })
      const optimizer = new Adam(layer.parameters(), { learningRate: 0.02 })
      const eager = (input: Value): Value => {
        optimizer.zeroGrad()
        const loss = toll(layer, input)
        loss.backward()
        optimizer.step()
        return loss
      }
      const step = compiled ? compile(eager, { target }) : eager
      return [...Array.from({ length: 5 }, () => step(x)), ...layer.parameters()]
    }
    expectSame(five(true), five(false), 1e-10)
  })

  test('a program for many steps is as long as one for few', () => {
    const layer = make({ layers: 2, bidirectional: true })
    const optimizer = new Adam(layer.parameters())
    const step = compile((x: Value) => {
      optimizer.zeroGrad()
      const loss = run(layer, x)[0]?.square().mean() as Value
      loss.backward()
      optimizer.step()
      return loss
    })
    const [few = 0, many = 0] = [10, 100].map((steps) => {
      step(numbers(2, steps, 2, 3))
      return step.explain().length
    })
    expect(many / few).toBeLessThan(1.05)
  })
})

test('the activation of an RNN', () => {
  const layer = new RNN(3, 4, { random: random(1), activation: 'relu', bidirectional: true })
  const slopes = (x: Value): Value[] => [...run(layer, x), grad((v: Value) => toll(layer, v))(x)]
  expectSame(compile(slopes)(numbers(2, 5, 2, 3)), slopes(numbers(2, 5, 2, 3)))
})

test('dropout draws the same numbers, call after call', () => {
  const make = () => new GRU(3, 4, { layers: 3, bidirectional: true, dropout: 0.5, random: random(1) })
  const [layer, twin] = [make(), make()]
  const x = numbers(2, 5, 2, 3)
  const compiled = compile((input: Value) => run(layer, input))
  const first = compiled(x)
  expectSame(first, run(twin, x))
  expectSame(compiled(x), run(twin, x))
  expect(compiled(x)[0]?.toArray()).not.toEqual(first[0]?.toArray())
})
