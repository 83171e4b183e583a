import { AutogradError, DomainError, UnsupportedError } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadSafetensors, safetensorsMetadata, saveSafetensors } from '../../src/index.ts'
import { file, tensor } from './build.ts'

const one = tensor(1)
const huge = 2 ** 53 - 1

describe('a bad file is refused by naming its fault', () => {
  test.each<[Uint8Array, string]>([
    [new Uint8Array(), 'the file has 0 bytes, too few for the size of a header'],
    [new Uint8Array(7), 'the file has 7 bytes, too few for the size of a header'],
    [new Uint8Array(8), "the header does not begin with '{'"],
    [file('{}', 0, 100_000_001), 'the header is said to have 100000001 bytes; at most 100000000 are allowed'],
    [file('{}', 0, 2n ** 64n - 1n), 'the header is said to have 18446744073709551615 bytes; at most 100000000'],
    [file('{}', 0, 100_000_000), 'the header is said to have 100000000 bytes, but only 2 follow'],
    [file(' {}'), "the header does not begin with '{'"],
    [file('[]'), "the header does not begin with '{'"],
    [file('{'), 'the header is no JSON'],
    [file('{}}'), 'the header is no JSON'],
    [file('{"a":NaN}'), 'the header is no JSON'],
    [file(Uint8Array.of(123, 34, 255, 34, 58, 49, 125)), 'the header is no UTF-8 text'],
    [file(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`), "the tensor 'a' has no dtype"],
    [file(`{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`, 8), "the header names 'a' twice"],
    [file('{"__metadata__":{},"__metadata__":{}}'), "the header names '__metadata__' twice"],
    [file('{"__metadata__":{"a":"1","a":"2"}}'), "the header names 'a' twice"],
    [file('{"a":{"dtype":"F64","shape":[1],"shape":[1],"data_offsets":[0,8]}}', 8), "the header names 'shape' twice"],
    [file({ __metadata__: [] }), '__metadata__ is no JSON object'],
    [file({ __metadata__: { a: 1 } }), "'a' in __metadata__ is no text"],
    [file({ a: null }), "the tensor 'a' is described by no JSON object"],
    [file({ a: { ...one, dtype: 5 } }, 8), "the tensor 'a' has no dtype"],
    [file({ a: { ...one, shape: 1 } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: [-1] } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: [1.5] } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: ['1'] } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: [huge, huge] } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: [huge, 2, 0] } }, 8), "the tensor 'a' has a shape that is no list of whole numbers"],
    [file({ a: { ...one, shape: Array(65).fill(1) } }, 8), "the tensor 'a' has a shape that is no list of whole"],
    [
      file({ a: { ...one, shape: [huge] } }, 8),
      `the tensor 'a' has ${huge} elements of 8 bytes, but 8 bytes in the file`,
    ],
    [file({ a: { ...one, shape: [2] } }, 8), "the tensor 'a' has 2 elements of 8 bytes, but 8 bytes in the file"],
    [file({ a: { ...one, dtype: 'F32' } }, 8), "the tensor 'a' has 1 elements of 4 bytes, but 8 bytes in the file"],
    [
      file({ a: { ...one, data_offsets: [0] } }, 8),
      "the tensor 'a' has data_offsets that are no pair of whole numbers",
    ],
    [file({ a: { ...one, data_offsets: [0, 8, 8] } }, 8), "the tensor 'a' has data_offsets that are no pair"],
    [file({ a: { ...one, data_offsets: [-8, 0] } }, 8), "the tensor 'a' has data_offsets that are no pair"],
    [file({ a: { ...one, data_offsets: 'ab' } }, 8), "the tensor 'a' has data_offsets that are no pair"],
    [file({ a: { ...one, data_offsets: [8, 0] } }, 8), "the tensor 'a' ends at byte 0, before it begins at byte 8"],
    [file({ a: one }, 7), "the tensor 'a' ends at byte 8, but the file has 7 bytes of data"],
    [
      file({ a: { ...one, data_offsets: [0, huge] } }, 8),
      `the tensor 'a' ends at byte ${huge}, but the file has 8 bytes`,
    ],
    [file({ a: one, b: one }, 8), "the tensors 'a' and 'b' overlap"],
    [file({ a: tensor(2), b: tensor(1, 8) }, 16), "the tensors 'a' and 'b' overlap"],
    [file({ a: tensor(3), b: tensor(0, 8) }, 24), "the tensors 'a' and 'b' overlap"],
    [file({ a: tensor(1, 8) }, 16), 'bytes 0 to 8 of the data belong to no tensor'],
    [file({ a: one, b: tensor(1, 16) }, 24), 'bytes 8 to 16 of the data belong to no tensor'],
    [file({ a: one }, 9), '1 bytes follow after the last tensor'],
    [file({}, 1), '1 bytes follow after the last tensor'],
    [file({ a: { ...one, dtype: 'I64' } }, [0, 0, 0, 0, 0, 0, 32, 0]), "the tensor 'a' holds 9007199254740992"],
    [file({ ['n'.repeat(1000)]: null }), `the tensor '${'n'.repeat(80)}…' is described`],
  ])('%#', (bytes, message) => {
    expect(() => loadSafetensors(bytes)).toThrow(DomainError)
    expect(() => loadSafetensors(bytes)).toThrow(`loadSafetensors: ${message}`)
  })

  test('or the dtype that has no numbers here', () => {
    const bytes = file({ a: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] } }, 2)
    expect(() => loadSafetensors(bytes)).toThrow(UnsupportedError)
    expect(() => loadSafetensors(bytes)).toThrow(
      "the tensor 'a' has the dtype 'BF16'. Save it as one of F32, F64, I64.",
    )
  })
})

describe('what the format allows is read', () => {
  test.each<[Uint8Array, Record<string, unknown>]>([
    [file('{} \n\t '), {}],
    [file({ b: tensor(1, 8), a: tensor(1, 0) }, 16), { a: [0], b: [0] }],
    [file({ a: tensor(1), e: tensor(0, 8), z: tensor(0) }, 8), { a: [0], e: [], z: [] }],
    [file({ a: { ...one, shape: [1, 1], note: 'more' } }, 8), { a: [[0]] }],
    [file({ a: { ...one, shape: [], dtype: 'I64' } }, Array(8).fill(255)), { a: -1 }],
  ])('%#', (bytes, expected) => {
    const read = Object.entries(loadSafetensors(bytes)).map(([name, x]) => [name, x.toArray()])
    expect(read.sort()).toEqual(Object.entries(expected).sort())
  })
})

describe('cut and changed files never throw anything but an error of this library', () => {
  const good = saveSafetensors(
    { '0.weight': [[1, 2.5]], n: 7, e: [] },
    { metadata: { by: 'me' }, dtypes: { n: 'I64' } },
  )
  const tryIt = (bytes: Uint8Array): void => {
    try {
      loadSafetensors(bytes)
      safetensorsMetadata(bytes)
    } catch (error) {
      if (!(error instanceof AutogradError)) throw error
    }
  }

  test('every beginning of a file', () => {
    for (let n = 0; n < good.length; n++) {
      expect(() => loadSafetensors(good.subarray(0, n)), `${n} bytes`).toThrow(DomainError)
    }
  })

  test('every single byte changed', () => {
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = good.slice()
        for (const [at, by] of changes) bytes[at] = ((bytes[at] as number) + by) % 256
        tryIt(bytes)
      }),
      { numRuns: 3000 },
    )
  })

  test('any bytes, any header, any tensor', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), tryIt))
    fc.assert(fc.property(fc.json(), fc.nat(16), (header, data) => tryIt(file(header, data))))
    const odd = fc.oneof(
      fc.integer({ min: -9, max: 99 }),
      fc.double(),
      fc.string(),
      fc.constantFrom(null, huge, 2 ** 63),
    )
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'F64', 'I64', 'BOOL', '__proto__'), odd),
        shape: fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
        data_offsets: fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), entry), fc.nat(99), (header, data) => tryIt(file(header, data))),
      { numRuns: 1000 },
    )
  })
})
