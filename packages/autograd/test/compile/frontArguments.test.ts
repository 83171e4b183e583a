/** What a compiled function takes: which arguments are numbers, which make programs of their own, which are refused. */
import { describe, expect, test } from 'vitest'
import { type CompileOptions, compile } from '../../src/compile/index.ts'
import { add, noGrad, type Random, random, type Value, value, vmap } from '../../src/index.ts'

const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]
/** A call with what the types do not allow. */
const loose = (f: unknown): ((...args: unknown[]) => Value) => f as (...args: unknown[]) => Value

class Settings {
  rate = 2
}

describe.each(targets)('arguments, $target', (options) => {
  const x = value([1, 2])
  const narrow = value([1, 2], { dtype: 'float32' })

  test.each([
    ['a Map', new Map([['rate', 2]]), 'argument 2 is an object of class Map'],
    ['a Set', new Set([1]), 'argument 2 is an object of class Set'],
    ['a Date', new Date(0), 'argument 2 is an object of class Date'],
    ['an instance', new Settings(), 'argument 2 is an object of class Settings'],
    ['one inside', { all: [1, new Settings()] }, 'argument 2 has an object of class Settings at .all[1]'],
    ['a buffer', new ArrayBuffer(8), 'argument 2 is an object of class ArrayBuffer'],
    ['a view of bytes', new DataView(new ArrayBuffer(8)), 'argument 2 is a DataView'],
    ['a boxed number', Object(3), 'argument 2 is an object of class Number'],
    ['a symbol', Symbol('rate'), 'argument 2 is Symbol(rate)'],
  ])('%s is refused by name', (_, arg, message) => {
    const f = loose(compile((a: Value) => a.mul(2), options))
    expect(() => f(x, arg)).toThrow(`compile: ${message}, which`)
    expect(() => f(x, arg)).toThrow('close over it')
  })

  test('an object that holds itself', () => {
    const own: { x: Value; self?: unknown } = { x }
    own.self = own
    const f = compile((arg: { x: Value }) => arg.x.mul(2), options)
    expect(() => f(own)).toThrow('compile: the arguments are nested too deeply, or hold themselves.')
  })

  test('typed arrays and numbers are read anew at each call', () => {
    const f = loose(compile((a: Value, b: Value) => a.mul(b), options))
    const typed = new Float64Array([1, 2])
    expect(f(x, typed).toArray()).toEqual([1, 4])
    typed[0] = 9
    expect(f(x, typed).toArray()).toEqual([9, 4])
    const plain = [1, 2]
    expect(f(x, plain).toArray()).toEqual([1, 4])
    plain[0] = 9
    expect(f(x, plain).toArray()).toEqual([9, 4])
    expect(f(x, new Int32Array([3, 4])).toArray()).toEqual([3, 8])
  })

  test('numbers and arrays take the dtype that they meet, at any depth, as in the function itself', () => {
    const f = compile((a: Value, { by }: { by: Value }) => a.mul(by), options)
    for (const by of [0.5, [0.5, 2], new Float64Array([0.5, 2])]) {
      const [got, wanted] = [loose(f)(narrow, { by }), narrow.mul(by)]
      expect([got.dtype, got.toArray()]).toEqual([wanted.dtype, wanted.toArray()])
    }
    expect(loose(f)(x, { by: 0.5 }).dtype).toBe('float64')
    const sum = loose(compile((a: Value, b: Value) => a.add(b), options))
    const single = new Float32Array([0.5, 2])
    expect(sum([1, 2], single).dtype).toBe(add([1, 2], single).dtype)
  })

  test('structures and texts that are not alike are programs of their own', () => {
    const parts = loose(compile((arg: Value[][]) => arg[0]?.[0] ?? arg[1]?.[0]?.neg(), options))
    expect(parts([[], [x]]).toArray()).toEqual([-1, -2])
    expect(parts([[x], []]).toArray()).toEqual([1, 2])
    const texts = loose(compile((a: Value, ...names: string[]) => a.mul(names.length), options))
    expect(texts(x, 'a;string:b').toArray()).toEqual([1, 2])
    expect(texts(x, 'a', 'b').toArray()).toEqual([2, 4])
    expect(texts(x, 'a;"b').toArray()).toEqual([1, 2])
    const kinds = loose(
      compile((a: Value, of: unknown) => a.mul(['undefined', 'object', 'boolean'].indexOf(typeof of)), options),
    )
    expect([undefined, null, true, 'true'].map((of) => kinds(x, of).toArray())).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
      [-1, -2],
    ])
  })

  test('functions are told apart by what they are', () => {
    const f = compile((a: Value, g: (y: Value) => Value) => g(a), options)
    const [twice, thrice] = [(y: Value) => y.mul(2), (y: Value) => y.mul(3)]
    expect([f(x, twice), f(x, thrice), f(x, twice)].map((y) => y.toArray())).toEqual([
      [2, 4],
      [3, 6],
      [2, 4],
    ])
    expect(f.programs).toBe(2)
  })

  test('a stream of random numbers goes on from call to call', () => {
    const f = (a: Value, stream: Random) => a.mul(stream.normal([2]))
    const [compiled, eager, own] = [compile(f, options), random(3), random(3)]
    for (let call = 0; call < 3; call++) expect(compiled(x, own).toArray()).toEqual(f(x, eager).toArray())
  })

  test('numbers are Values also inside of another function that is recorded', () => {
    const inner = compile((a: Value, s: Value) => s.add(1).mul(a), options)
    const outer = compile((a: Value) => loose(inner)(a, 0.5), options)
    expect(outer(x).toArray()).toEqual([1.5, 3])
    expect(vmap((a: Value) => loose(inner)(a, 0.5))([1, 2]).toArray()).toEqual([1.5, 3])
    expect(noGrad(() => loose(inner)(x, 0.5)).toArray()).toEqual([1.5, 3])
  })
})
