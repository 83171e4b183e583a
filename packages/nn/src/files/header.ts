/** The header of a safetensors file, every number of it checked before it is used. */
import { type DomainError, UnsupportedError } from '@adjoint/autograd'
import { repeatedKey } from './keys.ts'
import { BYTES, type Entry, type FileDType, HEADER_LIMIT, METADATA, type Metadata, PREFIX } from './layout.ts'
import { countOf, fault, isRecord, quote } from './state.ts'

export interface Header {
  readonly entries: readonly Entry[]
  readonly metadata: Metadata
  /** Where the data begin in the file. */
  readonly start: number
}

/** @throws DomainError that names the fault; UnsupportedError for a dtype that this library has no numbers for. */
export function readHeader(bytes: Uint8Array): Header {
  const size = headerSize(bytes)
  const start = PREFIX + size
  const fields = parse(bytes.subarray(PREFIX, start))
  const entries: Entry[] = []
  let metadata: Metadata = {}
  for (const [name, field] of Object.entries(fields)) {
    if (name === METADATA) metadata = readMetadata(field)
    else entries.push(readEntry(name, field, bytes.length - start))
  }
  checkCover(entries, bytes.length - start)
  return { entries, metadata, start }
}

export function bad(what: string, advice = 'The file is damaged, or no safetensors file.'): DomainError {
  return fault('loadSafetensors', what, advice)
}

function headerSize(bytes: Uint8Array): number {
  if (bytes.length < PREFIX) throw bad(`the file has ${bytes.length} bytes, too few for the size of a header`)
  const size = new DataView(bytes.buffer, bytes.byteOffset, PREFIX).getBigUint64(0, true)
  if (size > HEADER_LIMIT) throw bad(`the header is said to have ${size} bytes; at most ${HEADER_LIMIT} are allowed`)
  if (PREFIX + Number(size) > bytes.length) {
    throw bad(`the header is said to have ${size} bytes, but only ${bytes.length - PREFIX} follow`)
  }
  return Number(size)
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes[0] !== '{'.charCodeAt(0)) throw bad("the header does not begin with '{'")
  const fields = parseJson(decode(bytes))
  if (!isRecord(fields.value)) throw bad('the header is no JSON object')
  const twice = repeatedKey(fields.text)
  if (twice !== undefined) throw bad(`the header names ${quote(twice)} twice`)
  return fields.value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad('the header is no UTF-8 text')
  }
}

function parseJson(text: string): { readonly text: string; readonly value: unknown } {
  try {
    return { text, value: JSON.parse(text) }
  } catch {
    throw bad('the header is no JSON')
  }
}

function readMetadata(field: unknown): Metadata {
  if (!isRecord(field)) throw bad(`${METADATA} is no JSON object`)
  for (const [name, text] of Object.entries(field)) {
    if (typeof text !== 'string') throw bad(`${quote(name)} in ${METADATA} is no text`)
  }
  return field as Metadata
}

function readEntry(name: string, field: unknown, available: number): Entry {
  const owner = `the tensor ${quote(name)}`
  if (!isRecord(field)) throw bad(`${owner} is described by no JSON object`)
  const { dtype, shape, data_offsets: offsets } = field
  const known = readDType(owner, dtype)
  const count = countOf(shape)
  if (count === undefined) throw bad(`${owner} has a shape that is no list of whole numbers, or too large to count`)
  const [begin, end] = readOffsets(owner, offsets, available)
  if (end - begin !== count * BYTES[known]) {
    throw bad(`${owner} has ${count} elements of ${BYTES[known]} bytes, but ${end - begin} bytes in the file`)
  }
  return { name, dtype: known, shape: shape as number[], begin, end }
}

function readDType(owner: string, dtype: unknown): FileDType {
  if (typeof dtype !== 'string') throw bad(`${owner} has no dtype`)
  if (Object.hasOwn(BYTES, dtype)) return dtype as FileDType
  throw new UnsupportedError(
    `loadSafetensors: ${owner} has the dtype ${quote(dtype)}. Save it as one of ${Object.keys(BYTES).join(', ')}.`,
  )
}

function readOffsets(owner: string, offsets: unknown, available: number): readonly [number, number] {
  const [begin, end, ...more] = Array.isArray(offsets) ? (offsets as unknown[]) : []
  if (!isPlace(begin) || !isPlace(end) || more.length > 0) {
    throw bad(`${owner} has data_offsets that are no pair of whole numbers`)
  }
  if (begin > end) throw bad(`${owner} ends at byte ${end}, before it begins at byte ${begin}`)
  if (end > available) throw bad(`${owner} ends at byte ${end}, but the file has ${available} bytes of data`)
  return [begin, end]
}

function isPlace(x: unknown): x is number {
  return Number.isSafeInteger(x) && (x as number) >= 0
}

/** Every byte belongs to exactly one tensor. */
function checkCover(entries: readonly Entry[], available: number): void {
  let end = 0
  let last = ''
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin < end) throw bad(`the tensors ${quote(last)} and ${quote(entry.name)} overlap`)
    if (entry.begin > end) throw bad(`bytes ${end} to ${entry.begin} of the data belong to no tensor`)
    end = entry.end
    last = entry.name
  }
  if (end < available) throw bad(`${available - end} bytes follow after the last tensor`)
}
