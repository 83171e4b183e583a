/** What fits where a Value does, and which dtype comes out when operands meet. */
import { describe, expect, test } from 'vitest'
import * as adjoint from '../src/index.ts'
import { concat, einsum, oneHot, scatterAdd, stack, Value, value, where, zeros } from '../src/index.ts'
import {
  allSamples,
  binarySamples,
  extremeSamples,
  productSamples,
  reductionSamples,
  type Sample,
  scanSamples,
  softmaxSamples,
  unarySamples,
} from './samples.ts'

const functions = adjoint as unknown as Record<string, (...args: readonly unknown[]) => unknown>

function call({ name }: Sample, x: unknown, rest: readonly unknown[]): Value {
  const result = functions[name]?.(x, ...rest)
  if (result instanceof Value) return result
  if (Array.isArray(result)) return result[0] as Value
  // The first of several results.
  return Object.values(result as Readonly<Record<string, Value>>)[0] as Value
}

function named(samples: readonly Sample[]): (readonly [string, Sample])[] {
  return samples.map((sample) => [
    `${sample.name}(${['x', ...sample.rest.map((x) => JSON.stringify(x))].join(', ')})`,
    sample,
  ])
}

/** Of a float32 operand: indices are exact in float64, and a choice has the dtype of what is chosen. */
function narrowed({ name }: Sample): 'float32' | 'float64' {
  return ['argmax', 'argmin', 'argsort', 'where'].includes(name) ? 'float64' : 'float32'
}

function typeOf({ shape, dtype }: Value): unknown {
  return [shape, dtype]
}

function expectClose(got: Value, wanted: Value): void {
  expect(got.shape).toEqual(wanted.shape)
  got.data.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted.data[i] as number, 5)
  })
}

describe('one operand', () => {
  const flat = (x: unknown): x is readonly number[] => Array.isArray(x) && typeof x[0] === 'number'
  const vectors = allSamples.filter(({ input }) => flat(input))

  test.each(named(allSamples))('%s: a nested array is float64, a float32 Value stays float32', (_, sample) => {
    const wide = call(sample, sample.input, sample.rest)
    const narrow = call(sample, value(sample.input, { dtype: 'float32' }), sample.rest)
    expect([wide.dtype, narrow.dtype]).toEqual(['float64', narrowed(sample)])
    expectClose(narrow, wide)
  })

  test.each(named(vectors))('%s: typed arrays', (_, sample) => {
    const nested = call(sample, sample.input, sample.rest)
    const input = sample.input as readonly number[]
    const wide = call(sample, Float64Array.from(input), sample.rest)
    const narrow = call(sample, Float32Array.from(input), sample.rest)
    expect(wide.toArray()).toEqual(nested.toArray())
    expect([wide.dtype, narrow.dtype]).toEqual(['float64', narrowed(sample)])
    expectClose(narrow, nested)
  })

  test.each(named([...unarySamples, ...binarySamples]))('%s: a number', (_, sample) => {
    const x = (sample.input as readonly number[])[1] as number
    const rest = binarySamples.includes(sample) ? [2] : sample.rest
    const result = call(sample, x, rest)
    expect([result.shape, result.dtype, result.requiresGrad]).toEqual([[], 'float64', false])
    expect(result.item()).toBe(call(sample, [x], rest).item())
  })

  test.each(named(reductionSamples.concat(extremeSamples)))('%s: a number is its own reduction', (_, { name }) => {
    const result = functions[name]?.(3) as Value
    expect(result.shape).toEqual([])
    expect(result.item()).toBe({ variance: Number.NaN, std: Number.NaN, argmax: 0, argmin: 0 }[name] ?? 3)
  })
})

const f32 = value(Float32Array.of(0.25, 0.5, 2), { label: 'f32' })
const f64 = value([0.25, 0.5, 2])
const numbers = [0.5, 1.5, 2.5]

/** `[left, right, the dtype of what they give]` */
const meetings: readonly (readonly [string, unknown, unknown, 'float32' | 'float64'])[] = [
  ['array ∘ float32', numbers, f32, 'float32'],
  ['float32 ∘ array', f32, numbers, 'float32'],
  ['Float64Array ∘ float32', Float64Array.from(numbers), f32, 'float32'],
  ['float32 ∘ Float64Array', f32, Float64Array.from(numbers), 'float32'],
  ['Float32Array ∘ float64', Float32Array.from(numbers), f64, 'float64'],
  ['float32 ∘ float32', f32, f32, 'float32'],
  ['float32 ∘ float64', f32, f64, 'float64'],
  ['float64 ∘ float32', f64, f32, 'float64'],
  ['float64 ∘ array', f64, numbers, 'float64'],
  ['Float32Array ∘ array', Float32Array.from(numbers), numbers, 'float32'],
  ['array ∘ Float32Array', numbers, Float32Array.from(numbers), 'float32'],
  ['Float32Array ∘ Float64Array', Float32Array.from(numbers), Float64Array.from(numbers), 'float64'],
  ['array ∘ array', numbers, numbers, 'float64'],
]
/** Where a scalar may stand. */
const scalarMeetings: typeof meetings = [
  ['number ∘ float32', 2, f32, 'float32'],
  ['float32 ∘ number', f32, 2, 'float32'],
  ['number ∘ float64', 2, f64, 'float64'],
  ['number ∘ number', 2, 3, 'float64'],
  ['number ∘ Float32Array', 2, Float32Array.from(numbers), 'float32'],
  ['scalar float64 Value ∘ float32', value(2), f32, 'float64'],
  ['float32 ∘ scalar float64 Value', f32, value(2), 'float64'],
  ['scalar float32 Value ∘ number', value(2, { dtype: 'float32' }), 3, 'float32'],
  ['scalar float32 Value ∘ array', value(2, { dtype: 'float32' }), numbers, 'float32'],
]

type Pair = (a: never, b: never) => Value

const pairs: readonly (readonly [string, Pair])[] = [
  ...[...binarySamples, ...productSamples].map(({ name }) => [name, functions[name] as unknown as Pair] as const),
  ['concat', (a, b) => concat([a, b], 0)],
  ['stack', (a, b) => stack([a, b], 1)],
  ['where', (a, b) => where([1, 0, 1], a, b)],
  ['einsum', (a, b) => einsum('i,i->', a, b)],
  ['scatterAdd', (a, b) => scatterAdd(a, 0, [2, 2, 0], b)],
]
const scalarPairs: readonly (readonly [string, Pair])[] = [
  ...binarySamples.map(({ name }) => [name, functions[name] as unknown as Pair] as const),
  ['where', (a, b) => where([1, 0, 1], a, b)],
  ['outer', adjoint.outer as Pair],
  ['kron', adjoint.kron as Pair],
]

function expectMeetings(pair: Pair, cases: typeof meetings): void {
  const got = cases.map(([meeting, a, b]) => [meeting, pair(a as never, b as never).dtype])
  expect(got).toEqual(cases.map(([meeting, , , dtype]) => [meeting, dtype]))
}

describe('operands that meet', () => {
  test.each(pairs)('%s: arrays take the dtype of the Value', (_, pair) => {
    expectMeetings(pair, meetings)
  })

  test.each(scalarPairs)('%s: numbers have no say, Values do', (_, pair) => {
    expectMeetings(pair, scalarMeetings)
  })

  test('an array is rounded to float32 before it meets a float32 Value', () => {
    expect(adjoint.sub([0.1], value(Float32Array.of(0.1))).item()).toBe(0)
    expect(adjoint.sub(value(Float32Array.of(0.1)), [0.1]).item()).toBe(0)
  })

  test('lists take the dtype that all of their Values have', () => {
    expect(concat([numbers, f32, numbers]).dtype).toBe('float32')
    expect(concat([f32, numbers, f64]).dtype).toBe('float64')
    expect(
      concat([f32, [0.1], f64])
        .at(3)
        .item(),
    ).toBe(0.1)
    expect(einsum('i,i,i->i', numbers, f32, numbers).dtype).toBe('float32')
  })

  test('a gradient has the dtype of its Value', () => {
    const x = value(Float32Array.of(1, 2))
    const y = value([3, 4])
    adjoint.sum(adjoint.mul(x, y)).backward()
    expect([x.grad.dtype, y.grad.dtype]).toEqual(['float32', 'float64'])
  })

  test('oneHot takes the dtype of its indices, or the one that is asked for', () => {
    expect(oneHot([2, 0], 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect([oneHot([0], 2).dtype, oneHot(Float32Array.of(0), 2).dtype]).toEqual(['float64', 'float32'])
    expect(typeOf(oneHot(1, 2, { dtype: 'float32' }))).toEqual([[2], 'float32'])
    expect(() => oneHot([0], 2, { dtype: 'int8' as 'float32' })).toThrow(/oneHot: the dtype 'int8' is unknown/)
  })

  test('a Value of another copy of the package is named as such', () => {
    const foreign = { requiresGrad: true } as unknown as Value
    expect(() => adjoint.add(foreign, 1)).toThrow(/^add: got .* another copy of @adjoint\/autograd/)
    expect(() => adjoint.add(1, foreign)).toThrow(/another copy/)
    expect(() => where(1, foreign, 2)).toThrow(/^where: .*another copy/)
  })
})

describe('zero-size arrays', () => {
  const empty = (dtype: 'float64' | 'float32') => value(new Float64Array(0), { shape: [0, 3], dtype })

  test.each(named(unarySamples))('%s passes them on', (_, sample) => {
    for (const dtype of ['float64', 'float32'] as const) {
      expect(typeOf(call(sample, empty(dtype), sample.rest))).toEqual([[0, 3], dtype])
    }
  })

  test.each(named(binarySamples))('%s broadcasts them', (_, sample) => {
    expect(typeOf(call(sample, empty('float32'), [2]))).toEqual([[0, 3], 'float32'])
    expect(call(sample, 2, [empty('float64')]).shape).toEqual([0, 3])
    expect(call(sample, empty('float64'), [[1, 2, 3]]).shape).toEqual([0, 3])
    expect(call(sample, [[[1]], [[2]]], [empty('float64')]).shape).toEqual([2, 0, 3])
    expect(() => call(sample, empty('float64'), [[1, 2]])).toThrow(adjoint.ShapeError)
  })

  test.each(named(reductionSamples))('%s over nothing', (_, sample) => {
    const neutral = { sum: 0, prod: 1, norm: 0, logSumExp: Number.NEGATIVE_INFINITY }[sample.name] ?? Number.NaN
    expect(call(sample, empty('float64'), []).item()).toBe(neutral)
    expect(call(sample, empty('float64'), [{ axis: 0, keepDims: true }]).toArray()).toEqual([
      [neutral, neutral, neutral],
    ])
    expect(typeOf(call(sample, empty('float32'), [{ axis: 1 }]))).toEqual([[0], 'float32'])
  })

  test.each(named(extremeSamples))('%s: nothing has no extreme, no rows have no extremes', (_, sample) => {
    const [options] = sample.rest as [object]
    const inner = call(sample, empty('float32'), [{ ...options, axis: 1 }])
    expect(typeOf(inner)).toEqual([[0], narrowed(sample)])
    expect(() => call(sample, empty('float64'), [{ ...options, axis: 0 }])).toThrow(adjoint.ShapeError)
    expect(() => call(sample, empty('float64'), [{ ...options, axis: undefined }])).toThrow(adjoint.ShapeError)
  })

  test.each(named([...scanSamples, ...softmaxSamples]))('%s along either axis', (_, sample) => {
    expect(call(sample, empty('float64'), [0]).shape).toEqual([0, 3])
    expect(call(sample, empty('float64'), [1]).shape).toEqual([0, 3])
  })

  test('gradients of them are zero-size, and pass through', () => {
    const x = empty('float64')
    adjoint.sum(adjoint.tanh(adjoint.mul(x, [1, 2, 3]))).backward()
    expect(x.grad.shape).toEqual([0, 3])
    const y = value([1, 2, 3])
    adjoint.sum(adjoint.mul(zeros([0, 3]), y)).backward()
    expect(y.grad.toArray()).toEqual([0, 0, 0])
  })
})
