/**
 * How a safetensors file is laid out: 8 bytes with the size of the header (little-endian), the header (JSON: dtype,
 * shape and place of each tensor by name), the numbers. The format: https://github.com/huggingface/safetensors
 */

/** The header's name for dtypes. I64 holds whole numbers, which become float64 here. */
export type FileDType = 'F32' | 'F64' | 'I64'

export const BYTES: Readonly<Record<FileDType, number>> = { F32: 4, F64: 8, I64: 8 }

/** The size of the header's size. */
export const PREFIX = 8
/** The largest header that the format allows. */
export const HEADER_LIMIT = 100_000_000
/** The name in the header that stands for text about the file, not for a tensor. */
export const METADATA = '__metadata__'

/** Where a tensor is: its bytes begin and end at these places of the data, which follow the header. */
export interface Entry {
  readonly name: string
  readonly dtype: FileDType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** Text about the file, by name. */
export type Metadata = Readonly<Record<string, string>>
