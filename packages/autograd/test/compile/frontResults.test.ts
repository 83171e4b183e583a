/** What a compiled function gives back: Values are computed, everything else comes back as it is. */
import { describe, expect, test } from 'vitest'
import { type CompileOptions, compile } from '../../src/compile/index.ts'
import { type Value, value, valueAndGrad } from '../../src/index.ts'

const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]
/** A function that the types refuse. */
const loose = (f: unknown): ((x: Value) => Value) => f as (x: Value) => Value

describe.each(targets)('results, $target', (options) => {
  const x = value([1, 2])

  test('numbers, lists of them, texts and truth values come back as they are', () => {
    const f = (a: Value) => ({
      y: a.mul(2),
      count: 3,
      rows: [1, [2, 3]],
      typed: new Float32Array([0.5]),
      none: [],
      flag: true,
      name: 'f',
      parts: [a.sum(), 4, null, undefined],
    })
    const compiled = compile(f, options)
    for (let call = 0; call < 2; call++) {
      const { y, parts, ...rest } = compiled(x)
      const { y: _y, parts: _parts, ...wanted } = f(x)
      expect(rest).toEqual(wanted)
      expect([y.toArray(), (parts[0] as Value).item(), ...parts.slice(1)]).toEqual([[2, 4], 3, 4, null, undefined])
      // What the caller does to them is not seen by the next call.
      rest.rows.push(9)
      rest.typed[0] = 9
    }
  })

  test('gradients from outside find their Values among other results', () => {
    const f = (a: Value) => [3, a.square().sum(), [1, 2], { y: a.sum() }] as const
    const slope = valueAndGrad((a: Value) => compile(f, options)(a)[1])
    expect(slope(x).grad.toArray()).toEqual([2, 4])
    const other = valueAndGrad((a: Value) => compile(f, options)(a)[3].y)
    expect(other(x).grad.toArray()).toEqual([1, 1])
  })

  test('beside an assignment nothing has to be a Value', () => {
    const w = value([1, 1])
    const step = compile((a: Value) => {
      w.assign(w.add(a))
      return 7
    }, options)
    expect([step(x), step(x), w.toArray()]).toEqual([7, 7, [3, 5]])
  })

  test.each([
    [
      'nothing',
      () => {},
      'the function returned undefined, in which there is no Value, and changed none. Return Values.',
    ],
    ['a number', () => 3, 'the function returned 3, in which there is no Value'],
    ['an empty list', () => [], 'the function returned an array of 0, in which there is no Value'],
    [
      'a generator',
      function* (a: Value) {
        yield a
      },
      'the function is a generator, whose steps run after the call',
    ],
    [
      'an asynchronous one',
      async function* (a: Value) {
        yield a
      },
      'the function is a generator, whose steps run after the call',
    ],
    ['a promise', async (a: Value) => a, 'the function returned a promise'],
    [
      'a Map of Values',
      (a: Value) => ({ y: a, all: new Map([['a', { a }]]) }),
      'the function returned a Value inside an object of class Map',
    ],
    ['a Set of Values', (a: Value) => [a, new Set([a])], 'the function returned a Value inside an object of class Set'],
    [
      'an instance with one',
      (a: Value) => [
        a,
        new (class Pair {
          first = [a]
        })(),
      ],
      'the function returned a Value inside an object of class Pair',
    ],
  ])('%s is refused', (_, f, message) => {
    expect(() => loose(compile(f as never, options))(x)).toThrow(`compile: ${message}`)
  })

  test('instances that were there before the call come back', () => {
    const model = {
      settings: new (class {
        w = value(2)
      })(),
    }
    const f = compile((a: Value) => [a.mul(model.settings.w), model.settings] as const, options)
    expect(f(x)[1]).toBe(model.settings)
  })
})
