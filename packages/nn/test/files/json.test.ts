import { AutogradError, constant, DomainError, random, type Value } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromJSON, Linear, Sequential, toJSON } from '../../src/index.ts'

test('the text is fixed', () => {
  const state = {
    '0.weight': [[1, -2.5]],
    '0.bias': constant([0.5], { dtype: 'float32' }),
    n: [Number.NaN, -0, 1 / 0, -1 / 0],
  }
  expect(toJSON(state)).toBe(
    '{"0.weight":{"dtype":"float64","shape":[1,2],"data":[1,-2.5]},' +
      '"0.bias":{"dtype":"float32","shape":[1],"data":[0.5]},' +
      '"n":{"dtype":"float64","shape":[4],"data":["NaN","-0","Infinity","-Infinity"]}}',
  )
})

test('a module goes round, as text and as what JSON.parse makes of it', () => {
  const build = (seed: number): Sequential => new Sequential(new Linear(2, 3, { random: random(seed) }), 'tanh')
  const model = build(1)
  const copy = build(2)
  expect(fromJSON(toJSON(model), copy)).toBe(copy)
  expect(copy.forward([1, 2]).toArray()).toEqual(model.forward([1, 2]).toArray())
  expect(
    fromJSON(JSON.parse(toJSON(model)), build(3))
      .forward([1, 2])
      .toArray(),
  ).toEqual(model.forward([1, 2]).toArray())
})

test('nested arrays by name are read as they are', () => {
  const { a, b, c, d } = fromJSON('{"a":[[1,2],[3,4]],"b":5,"c":[],"d":[[],[]]}')
  expect(a?.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(b?.toArray()).toBe(5)
  expect([c?.shape, d?.shape]).toEqual([[0], [2, 0]])
})

test('any state goes round, bit for bit', () => {
  const tensor = fc.array(fc.double()).map((data) => constant(data))
  const single = fc.array(fc.float()).map((data) => constant(data, { dtype: 'float32', shape: [1, data.length] }))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(tensor, single)), (state) => {
      const read = fromJSON(toJSON(state))
      expect(Object.keys(read).sort()).toEqual(Object.keys(state).sort())
      for (const [name, x] of Object.entries(state)) {
        const got = read[name] as Value
        expect([got.shape, got.dtype]).toEqual([x.shape, x.dtype])
        expect(got.data.every((n, i) => Object.is(n, x.data[i]))).toBe(true)
      }
    }),
  )
})

describe('a bad text is refused by naming its fault', () => {
  const field = { dtype: 'float64', shape: [2], data: [1, 2] }
  test.each<[string, string]>([
    ['', 'the text is no JSON'],
    ['{"a":NaN}', 'the text is no JSON'],
    ['[1]', 'the text is no JSON object'],
    ['null', 'the text is no JSON object'],
    ['[{"a":1},{"a":2}]', 'the text is no JSON object'],
    ['{"a":1,"a":2}', "the text names 'a' twice"],
    ['{"a":null}', "'a' holds 'null', which is no number"],
    ['{"a":"1"}', `'a' holds '"1"', which is no number`],
    ['{"a":[[1],[2,3]]}', "the rows of 'a' differ"],
    ['{"a":[[1],2]}', "the rows of 'a' differ"],
    ['{"a":[1,[2]]}', "'a' holds a list of 1, which is no number"],
    [`{"a":[1,${'['.repeat(100_000)}${']'.repeat(100_000)}]}`, "'a' holds a list of 1, which is no number"],
    ['{"a":{"dtype":"float64","shape":[1],"data":[1],"data":[2]}}', "the text names 'data' twice"],
    // Read as a full array, its first rows would ask for a thousand million numbers.
    [
      JSON.stringify({ a: [[Array(1000).fill(0), ...Array(999).fill(0)], ...Array(999).fill(0)] }),
      "the rows of 'a' differ",
    ],
    [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, "'a' is nested deeper than 64 levels"],
    [JSON.stringify({ a: { ...field, dtype: 'float16' } }), "'a' has no dtype 'float32' or 'float64'"],
    [JSON.stringify({ a: { ...field, shape: [-2] } }), "'a' has a shape that is no list of whole numbers"],
    [JSON.stringify({ a: { ...field, shape: [3] } }), "'a' has 2 numbers for 3 elements"],
    [JSON.stringify({ a: { ...field, data: 'ab' } }), "'a' has no numbers for 2 elements"],
    [JSON.stringify({ a: { ...field, data: [1, null] } }), "'a' holds 'null', which is no number"],
  ])('%#', (text, message) => {
    expect(() => fromJSON(text)).toThrow(DomainError)
    expect(() => fromJSON(text)).toThrow(`fromJSON: ${message}. Give a text that toJSON wrote, or nested arrays`)
  })

  test('and nothing else is thrown, whatever the text', () => {
    const tryIt = (text: string): void => {
      try {
        fromJSON(text)
      } catch (error) {
        if (!(error instanceof AutogradError)) throw error
      }
    }
    fc.assert(fc.property(fc.json(), tryIt))
    const good = toJSON({ '0.weight': [[1, 2.5]], b: [Number.NaN] })
    fc.assert(
      fc.property(fc.nat(good.length), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) =>
        tryIt(good.slice(0, at) + put + good.slice(at + cut)),
      ),
      { numRuns: 2000 },
    )
  })
})
