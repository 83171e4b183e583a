/** Files in the safetensors format, which Python, Rust and others read and write: numbers by name, nothing that runs. */
import { type DomainError, DTypeError, type Value } from '@adjoint/autograd'
import type { Module, StateDict } from '../module.ts'
import { checkOptions, type Names, show } from '../options.ts'
import { readHeader } from './header.ts'
import { BYTES, type Entry, type FileDType, HEADER_LIMIT, METADATA, type Metadata, PREFIX } from './layout.ts'
import { readTensor, writeTensor } from './numbers.ts'
import { deliver, fault, isRecord, quote, readState, type Saveable } from './state.ts'

export interface SafetensorsOptions {
  /** Text about the file, by name. */
  readonly metadata?: Metadata
  /** How tensors are written, by name. Default: F32 for float32, F64 for float64. */
  readonly dtypes?: Readonly<Record<string, FileDType>>
}

const safetensorsOptions: Names<SafetensorsOptions> = { metadata: true, dtypes: true }

/** The order of the reference writer: the widest numbers first, so that each is aligned; then by name. */
const ORDER: readonly FileDType[] = ['I64', 'F64', 'F32']

/**
 * The bytes of a safetensors file: the numbers of a module (parameters and buffers) or a state dictionary by name.
 * @throws DomainError for what is neither a module nor numbers by name, unknown options, a name, metadata or I64 numbers
 * that the format cannot hold; DTypeError for an unknown dtype.
 * @example writeFileSync('model.safetensors', saveSafetensors(model))
 */
export function saveSafetensors(source: Saveable, options: SafetensorsOptions = {}): Uint8Array {
  checkOptions('saveSafetensors', options, safetensorsOptions)
  const { metadata, dtypes = {} } = options
  if (!isRecord(dtypes)) throw unsaved(`dtypes is ${show(dtypes)}`, "Give dtypes by name: { '0.weight': 'F32' }.")
  const state = new Map(readState('saveSafetensors', source))
  for (const name of Object.keys(dtypes)) {
    if (!state.has(name)) throw unsaved(`dtypes names ${quote(name)}, which is not in the state`, 'Give its names.')
  }
  const entries = layOut(Array.from(state, ([name, x]) => ({ name, x, dtype: dtypeFor(name, x, dtypes) })))
  const header = writeHeader(entries, metadata)
  const start = PREFIX + header.length
  const bytes = new Uint8Array(start + (entries.at(-1)?.end ?? 0))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, PREFIX)
  for (const { name, dtype, begin } of entries) {
    writeTensor(name, dtype, (state.get(name) as Value).data, view, start + begin)
  }
  return bytes
}

/**
 * Reads the bytes of a safetensors file: as constants by name, or into a module. F32 becomes float32, F64 and I64
 * float64; a module keeps its own dtype. The file is checked whole before anything is allocated or loaded.
 * @throws DomainError that names the fault of a bad file; UnsupportedError for other dtypes; with a module, what
 * `loadStateDict` throws.
 * @example loadSafetensors(readFileSync('model.safetensors'), model)
 */
export function loadSafetensors(bytes: Uint8Array | ArrayBuffer): StateDict
export function loadSafetensors<M extends Module<unknown>>(bytes: Uint8Array | ArrayBuffer, module: M): M
export function loadSafetensors<M extends Module<unknown>>(bytes: Uint8Array | ArrayBuffer, module?: M): StateDict | M {
  const file = readBytes(bytes)
  const { entries, start } = readHeader(file)
  const data = file.subarray(start)
  return deliver(
    'loadSafetensors',
    Object.fromEntries(entries.map((entry) => [entry.name, readTensor(entry, data)])),
    module,
  )
}

/** The text about the file that its writer left. @throws DomainError that names the fault of a bad file. */
export function safetensorsMetadata(bytes: Uint8Array | ArrayBuffer): Metadata {
  return readHeader(readBytes(bytes)).metadata
}

function readBytes(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes)
  throw new DTypeError(`loadSafetensors: got ${show(bytes)}. Give the bytes of the file, as readFileSync returns them.`)
}

interface Named {
  readonly name: string
  readonly x: Value
  readonly dtype: FileDType
}

function dtypeFor(name: string, { dtype }: Value, dtypes: Readonly<Record<string, FileDType>>): FileDType {
  const asked = Object.hasOwn(dtypes, name) ? dtypes[name] : undefined
  if (asked === undefined) return dtype === 'float32' ? 'F32' : 'F64'
  if (Object.hasOwn(BYTES, asked)) return asked
  throw new DTypeError(`saveSafetensors: ${quote(name)} is to be ${show(asked)}. Use one of ${ORDER.join(', ')}.`)
}

function layOut(tensors: readonly Named[]): Entry[] {
  let end = 0
  return [...tensors]
    .sort((a, b) => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || (a.name < b.name ? -1 : 1))
    .map(({ name, x, dtype }) => {
      if (name === METADATA) throw unsaved(`${METADATA} is no name for a tensor`, 'The format keeps it for text.')
      const begin = end
      end += x.size * BYTES[dtype]
      return { name, dtype, shape: x.shape, begin, end }
    })
}

function writeHeader(entries: readonly Entry[], metadata: Metadata | undefined): Uint8Array {
  const fields = entries.map(({ name, dtype, shape, begin, end }) =>
    field(name, { dtype, shape, data_offsets: [begin, end] }),
  )
  if (metadata !== undefined) fields.unshift(field(METADATA, checkMetadata(metadata)))
  const json = new TextEncoder().encode(`{${fields.join(',')}}`)
  // Spaces, until the data begin at a multiple of 8.
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(' '.charCodeAt(0))
  header.set(json)
  if (header.length > HEADER_LIMIT) {
    throw unsaved(`the header has ${header.length} bytes, at most ${HEADER_LIMIT} are allowed`, 'Save less text.')
  }
  return header
}

/** One field of the header, as text: an object would put names like '0' first. */
function field(name: string, content: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(content)}`
}

function checkMetadata(metadata: Metadata): Metadata {
  if (isRecord(metadata) && Object.values(metadata).every((text) => typeof text === 'string')) return metadata
  throw unsaved('the metadata is not text by name', "Give strings: { author: 'me' }.")
}

function unsaved(what: string, advice: string): DomainError {
  return fault('saveSafetensors', what, advice)
}
