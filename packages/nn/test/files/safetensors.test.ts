import { constant, DomainError, DTypeError, random, ShapeError, type Value } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Linear, loadSafetensors, Sequential, safetensorsMetadata, saveSafetensors } from '../../src/index.ts'

/** What Python's safetensors 0.8.0 writes for these tensors. */
const BYTES =
  'd0000000000000007b225f5f6d657461646174615f5f223a7b226279223a22c3a95c225c6e227d2c226e223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b302c385d7d2c22302e776569676874223a7b226474797065223a22463634222c227368617065223a5b322c325d2c22646174615f6f666673657473223a5b382c34305d7d2c22302e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b34302c34385d7d7d200700000000000000000000000000f03f000000000000044000000000000008c000000000000000000000003f000080be'
const weight = [
  [1, 2.5],
  [-3, 0],
]
const state = { '0.weight': weight, '0.bias': constant([0.5, -0.25], { dtype: 'float32' }), n: 7 }
const reference = Uint8Array.from(BYTES.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

describe("the bytes of Python's safetensors", () => {
  test('are what is written', () => {
    const bytes = saveSafetensors(state, { metadata: { by: 'é"\n' }, dtypes: { n: 'I64' } })
    expect(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(BYTES)
  })

  test('are read, from any place of a buffer', () => {
    const shifted = new Uint8Array(reference.length + 3)
    shifted.set(reference, 3)
    for (const bytes of [reference, reference.slice().buffer, shifted.subarray(3)]) {
      const read = loadSafetensors(bytes)
      expect(Object.keys(read).sort()).toEqual(['0.bias', '0.weight', 'n'])
      expect(read['0.weight']?.toArray()).toEqual(weight)
      expect(read['0.bias']?.toArray()).toEqual([0.5, -0.25])
      expect(read['0.bias']?.dtype).toBe('float32')
      expect(read.n).toMatchObject({ shape: [], dtype: 'float64' })
      expect(read.n?.item()).toBe(7)
      expect(safetensorsMetadata(bytes)).toEqual({ by: 'é"\n' })
    }
  })

  test('begin at a multiple of 8', () => {
    for (let n = 0; n < 9; n++) {
      const bytes = saveSafetensors({ ['x'.repeat(n + 1)]: [1] })
      expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0)
      expect(new DataView(bytes.buffer).getFloat64(bytes.length - 8, true)).toBe(1)
    }
  })

  test('of a state without tensors', () => {
    expect(Array.from(saveSafetensors({}))).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32])
    expect(loadSafetensors(saveSafetensors({}))).toEqual({})
    expect(safetensorsMetadata(saveSafetensors({}))).toEqual({})
  })
})

describe('a module', () => {
  const build = (seed: number, dtype: 'float64' | 'float32' = 'float64'): Sequential =>
    new Sequential(
      new Linear(2, 3, { random: random(seed), dtype }),
      'tanh',
      new Linear(3, 1, { random: random(seed), dtype }),
    )

  test("goes round under PyTorch's names", () => {
    const model = build(1)
    const bytes = saveSafetensors(model)
    expect(Object.keys(loadSafetensors(bytes)).sort()).toEqual(['0.bias', '0.weight', '2.bias', '2.weight'])
    const copy = build(2)
    expect(loadSafetensors(bytes, copy)).toBe(copy)
    expect(copy.forward([1, 2]).toArray()).toEqual(model.forward([1, 2]).toArray())
    expect(copy.parameters().every((parameter) => parameter.requiresGrad)).toBe(true)
  })

  test('keeps its dtype, whatever the file has', () => {
    const half = loadSafetensors(saveSafetensors(build(1)), build(2, 'float32'))
    expect(half.parameters().map(({ dtype }) => dtype)).toEqual(Array(4).fill('float32'))
    expect(loadSafetensors(saveSafetensors(half))['0.weight']?.dtype).toBe('float32')
  })

  test('of other sizes is left as it was', () => {
    const model = new Sequential(new Linear(2, 4, { random: random(1) }), 'tanh', new Linear(4, 1))
    const before = model.forward([1, 2]).toArray()
    expect(() => loadSafetensors(saveSafetensors(build(1)), model)).toThrow(ShapeError)
    expect(() => loadSafetensors(reference, model)).toThrow(DomainError)
    expect(model.forward([1, 2]).toArray()).toEqual(before)
  })
})

describe('what the format cannot hold is refused', () => {
  test.each<[() => unknown, string]>([
    [
      () => saveSafetensors({ __metadata__: [1] }),
      '__metadata__ is no name for a tensor. The format keeps it for text.',
    ],
    [() => saveSafetensors({ n: [1.5] }, { dtypes: { n: 'I64' } }), "'n' is to be I64 and holds 1.5."],
    [() => saveSafetensors({ n: [2 ** 53] }, { dtypes: { n: 'I64' } }), "'n' is to be I64 and holds 9007199254740992."],
    [() => saveSafetensors({ n: [1] }, { dtypes: { m: 'I64' } }), "dtypes names 'm', which is not in the state."],
    [
      () => saveSafetensors({ n: [1] }, { dtypes: { n: 'F16' as 'F32' } }),
      "'n' is to be 'F16'. Use one of I64, F64, F32.",
    ],
    [() => saveSafetensors({}, { metadata: { a: 1 as unknown as string } }), 'the metadata is not text by name.'],
  ])('%#', (save, message) => {
    expect(save).toThrow(`saveSafetensors: ${message}`)
  })

  test('what is no bytes is not read', () => {
    expect(() => loadSafetensors('model.safetensors' as unknown as Uint8Array)).toThrow(DTypeError)
  })
})

test('a tensor may have any name, __proto__ too', () => {
  const names = ['__proto__', 'constructor', '', '"', '\\', '\u0000', '10', '2', 'é𝄞']
  const bytes = saveSafetensors(Object.fromEntries(names.map((name, i) => [name, [i]])))
  const read = loadSafetensors(bytes)
  expect(Object.keys(read).sort()).toEqual([...names].sort())
  for (const [i, name] of names.entries()) {
    expect(Object.getOwnPropertyDescriptor(read, name)?.value.toArray(), name).toEqual([i])
  }
})

test('any state goes round, bit for bit', () => {
  const shapes = fc.array(fc.nat(3), { maxLength: 3 })
  const tensors = fc.oneof(
    shapes.chain((shape) => numbers(shape, fc.double(), 'float64')),
    shapes.chain((shape) => numbers(shape, fc.float(), 'float32')),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tensors), fc.dictionary(fc.string(), fc.string()), (original, metadata) => {
      fc.pre(!Object.hasOwn(original, '__metadata__'))
      const bytes = saveSafetensors(original, { metadata })
      const read = loadSafetensors(bytes)
      expect(Object.keys(read).sort()).toEqual(Object.keys(original).sort())
      for (const [name, x] of Object.entries(original)) {
        expect(read[name]).toMatchObject({ shape: x.shape, dtype: x.dtype })
        expect(bits(read[name] as Value)).toEqual(bits(x))
      }
      expect({ ...safetensorsMetadata(bytes) }).toEqual({ ...metadata })
      expect(saveSafetensors(read, { metadata: safetensorsMetadata(bytes) })).toEqual(bytes)
    }),
  )
})

test('whole numbers go round as I64', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), (whole) => {
      const x = whole.map((n) => n + 0)
      expect(loadSafetensors(saveSafetensors({ x }, { dtypes: { x: 'I64' } })).x?.toArray()).toEqual(x)
    }),
  )
})

function numbers(shape: number[], number: fc.Arbitrary<number>, dtype: 'float64' | 'float32'): fc.Arbitrary<Value> {
  const size = shape.reduce((product, n) => product * n, 1)
  return fc.array(number, { minLength: size, maxLength: size }).map((data) => constant(data, { shape, dtype }))
}

function bits({ data }: Value): number[] {
  return Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}
