/** A state as JSON text: larger and slower than safetensors, but anyone can look into it. */
import { constant, type DomainError, type DType, type Value } from '@adjoint/autograd'
import type { Module, StateDict } from '../module.ts'
import { show } from '../options.ts'
import { repeatedKey } from './keys.ts'
import { countOf, deliver, fault, isRecord, MAX_RANK, quote, readState, type Saveable } from './state.ts'

/** Numbers that JSON has no sign for; −0 among them, which JSON.stringify would write as 0. */
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/**
 * The numbers of a module (parameters and buffers) or a state dictionary as JSON text, bit for bit:
 * `{"0.weight": {"dtype": "float64", "shape": [1, 2], "data": [0.5, 2]}, …}`, with 'NaN', 'Infinity', '-Infinity' and
 * '-0' as text.
 * @throws DomainError for what is neither a module nor numbers by name; DTypeError, ShapeError for what is no array.
 * @example localStorage.setItem('model', toJSON(model))
 */
export function toJSON(source: Saveable): string {
  const fields = readState('toJSON', source).map(([name, { dtype, shape, data }]) => {
    const tensor = { dtype, shape, data: Array.from(data, write) }
    return `${JSON.stringify(name)}:${JSON.stringify(tensor)}`
  })
  return `{${fields.join(',')}}`
}

function write(x: number): number | string {
  if (Object.is(x, -0)) return '-0'
  return Number.isFinite(x) ? x : String(x)
}

/**
 * Reads what `toJSON` wrote, or nested arrays by name (`{"0.weight": [[0.5, 2]]}`, which is easily written elsewhere):
 * as constants by name, or into a module.
 * @param json The text, or what JSON.parse made of it.
 * @throws DomainError that names the fault of a bad text; with a module, what `loadStateDict` throws.
 * @example fromJSON(localStorage.getItem('model') ?? '', model)
 */
export function fromJSON(json: string | object): StateDict
export function fromJSON<M extends Module<unknown>>(json: string | object, module: M): M
export function fromJSON<M extends Module<unknown>>(json: string | object, module?: M): StateDict | M {
  const fields = typeof json === 'string' ? parse(json) : json
  if (!isRecord(fields)) throw bad(typeof json === 'string' ? 'the text is no JSON object' : `got ${show(json)}`)
  return deliver(
    'fromJSON',
    Object.fromEntries(Object.entries(fields).map(([name, x]) => [name, readField(name, x)])),
    module,
  )
}

function bad(what: string): DomainError {
  return fault('fromJSON', what, 'Give a text that toJSON wrote, or nested arrays of numbers by name.')
}

function parse(text: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw bad('the text is no JSON')
  }
  const twice = repeatedKey(text)
  if (twice !== undefined) throw bad(`the text names ${quote(twice)} twice`)
  return parsed
}

function readField(name: string, field: unknown): Value {
  if (!isRecord(field)) return readNested(name, field)
  const { dtype, shape, data } = field
  if (dtype !== 'float32' && dtype !== 'float64') throw bad(`${quote(name)} has no dtype 'float32' or 'float64'`)
  const count = countOf(shape)
  if (count === undefined) throw bad(`${quote(name)} has a shape that is no list of whole numbers`)
  if (!Array.isArray(data) || data.length !== count) {
    throw bad(`${quote(name)} has ${Array.isArray(data) ? data.length : 'no'} numbers for ${count} elements`)
  }
  return constant(
    data.map((x: unknown) => readNumber(name, x)),
    { dtype: dtype satisfies DType, shape: shape as number[] },
  )
}

function readNumber(name: string, x: unknown): number {
  const number = typeof x === 'string' ? SPECIAL.get(x) : x
  if (typeof number === 'number') return number
  // Of what is nested only the kind: its text may be as deep as the stack is not.
  const held = typeof x === 'object' && x !== null ? show(x) : quote(String(JSON.stringify(x)))
  throw bad(`${quote(name)} holds ${held}, which is no number`)
}

/** Level by level, so that nothing is allocated that the text does not hold, however it is nested. */
function readNested(name: string, x: unknown): Value {
  const shape: number[] = []
  let level: readonly unknown[] = [x]
  while (Array.isArray(level[0])) {
    const n = level[0].length
    if (level.some((row) => !Array.isArray(row) || row.length !== n)) throw bad(`the rows of ${quote(name)} differ`)
    if (shape.push(n) > MAX_RANK) throw bad(`${quote(name)} is nested deeper than ${MAX_RANK} levels`)
    level = level.flat()
  }
  const numbers = level.map((item) => readNumber(name, item))
  return constant(numbers, { shape })
}
