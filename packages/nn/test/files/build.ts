/** Safetensors files put together by hand, good and bad. */

/** 8 bytes with the size of the header, the header, the data. */
export function file(
  header: string | object | Uint8Array,
  data: readonly number[] | number = [],
  size?: number | bigint,
): Uint8Array {
  const text =
    header instanceof Uint8Array
      ? header
      : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const numbers = typeof data === 'number' ? new Array<number>(data).fill(0) : data
  const bytes = new Uint8Array(8 + text.length + numbers.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size ?? text.length), true)
  bytes.set(text, 8)
  bytes.set(numbers, 8 + text.length)
  return bytes
}

/** A tensor of a header: n float64 numbers from byte `begin` on. */
export function tensor(n: number, begin = 0): { dtype: string; shape: number[]; data_offsets: number[] } {
  return { dtype: 'F64', shape: [n], data_offsets: [begin, begin + 8 * n] }
}
