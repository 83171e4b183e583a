/** What is neither a module nor numbers by name is not saved as an empty file, nor read. */
import { AutogradError, DomainError, DTypeError, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  fromJSON,
  Linear,
  loadSafetensors,
  type Saveable,
  SGD,
  safetensorsMetadata,
  saveSafetensors,
  toJSON,
} from '../../src/index.ts'

const wrong = (x: unknown): never => x as never
const p = value([1, 2])
const refused: readonly (readonly [source: unknown, shown: string])[] = [
  [undefined, 'undefined'],
  [null, 'null'],
  [3, '3'],
  ['model', "'model'"],
  [[p], 'a list of 1'],
  [p, 'an object'],
  [new Map([['a', p]]), 'an object'],
  [new SGD([p]), 'an object'],
  [Linear, 'a function'],
]

describe.each<[string, (source: Saveable) => unknown]>([
  ['toJSON', toJSON],
  ['saveSafetensors', saveSafetensors],
])('%s', (name, save) => {
  test.each(refused)('%#', (source, shown) => {
    expect(() => save(wrong(source))).toThrow(DomainError)
    expect(() => save(wrong(source))).toThrow(
      `${name}: got ${shown}. Give a module, or numbers by name: model, or model.stateDict().`,
    )
  })

  test('what is no array is named', () => {
    expect(() => save({ a: wrong('x') })).toThrow(DTypeError)
    expect(() => save({ a: wrong('x') })).toThrow(`${name} (a): got 'x'.`)
  })

  test('no parameters at all is a state too', () => {
    expect(() => save({})).not.toThrow()
    expect(() => save(Object.create(null))).not.toThrow()
  })
})

test.each<[string, () => unknown]>([
  ['fromJSON: got undefined. Give a text that toJSON wrote', () => fromJSON(wrong(undefined))],
  ['fromJSON: got 3. Give', () => fromJSON(wrong(3))],
  ['fromJSON: the text is no JSON. Give', () => fromJSON('garbage')],
  ['fromJSON: the module is an object. Give a Module to load into', () => fromJSON('{}', wrong({}))],
  ['loadSafetensors: the module is 3. Give a Module', () => loadSafetensors(saveSafetensors({}), wrong(3))],
  ['loadSafetensors: got undefined. Give the bytes of the file', () => loadSafetensors(wrong(undefined))],
  ['loadSafetensors: got an object. Give the bytes', () => safetensorsMetadata(wrong({}))],
  ['saveSafetensors: the options are null. Give', () => saveSafetensors({}, wrong(null))],
  [
    "saveSafetensors: dtypes is 'F32'. Give dtypes by name: { '0.weight': 'F32' }.",
    () => saveSafetensors({}, { dtypes: wrong('F32') }),
  ],
])('%s', (message, run) => {
  expect(run).toThrow(AutogradError)
  expect(run).toThrow(message)
})
