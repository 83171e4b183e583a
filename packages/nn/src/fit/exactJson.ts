/** Numbers, lists, objects and Values as JSON text that gives back the same bits. */
import { constant, type DType, type FloatArray, Value } from '@adjoint/autograd'

// JSON has no −0, NaN or infinities, and long lists of numbers are shorter as bytes: an object of one key with a $
// stands for each of these. Typed arrays are little-endian on every machine that runs JavaScript.

/** Text from a structure of numbers, strings, booleans, null, lists, objects and Values. */
export function toExactJson(x: unknown): string {
  return JSON.stringify(encode(x))
}

/** The structure back from its text. @throws SyntaxError for what is not JSON. */
export function fromExactJson(text: string): unknown {
  return decode(JSON.parse(text))
}

function encode(x: unknown): unknown {
  if (typeof x === 'number')
    return Number.isFinite(x) && !Object.is(x, -0) ? x : { $number: Object.is(x, -0) ? '-0' : String(x) }
  if (x instanceof Value) return { $value: { dtype: x.dtype, shape: x.shape, bytes: toBase64(x.data) } }
  if (Array.isArray(x)) {
    const numbers = x.length > 0 && x.every((item) => typeof item === 'number')
    return numbers ? { $numbers: toBase64(Float64Array.from(x)) } : x.map(encode)
  }
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([name, item]) => [name, encode(item)]))
}

function decode(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(decode)
  if (typeof x !== 'object' || x === null) return x
  const entries = Object.entries(x)
  const [[tag, held] = []] = entries
  if (tag === '$number') return Number(held)
  if (tag === '$numbers') return Array.from(fromBase64(String(held), 'float64'))
  if (tag === '$value') {
    const { dtype, shape, bytes } = held as { dtype: DType; shape: readonly number[]; bytes: string }
    return constant(fromBase64(bytes, dtype), { dtype, shape })
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, decode(item)]))
}

function toBase64({ buffer, byteOffset, byteLength }: FloatArray): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  let text = ''
  // In portions, since a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(text)
}

function fromBase64(base64: string, dtype: DType): FloatArray {
  const { buffer } = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  return dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer)
}
