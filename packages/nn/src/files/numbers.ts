/** Numbers as the bytes of a file, little-endian whatever the machine. */
import { constant, DomainError, type FloatArray, type Value } from '@adjoint/autograd'
import { bad } from './header.ts'
import { BYTES, type Entry, type FileDType } from './layout.ts'
import { quote } from './state.ts'

/** The tensor at this place of the data. @throws DomainError for whole numbers that float64 cannot hold. */
export function readTensor({ name, dtype, shape, begin, end }: Entry, data: Uint8Array): Value {
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin)
  const count = (end - begin) / BYTES[dtype]
  const numbers: FloatArray = dtype === 'F32' ? new Float32Array(count) : new Float64Array(count)
  if (dtype === 'F32') for (let i = 0; i < count; i++) numbers[i] = view.getFloat32(4 * i, true)
  else if (dtype === 'F64') for (let i = 0; i < count; i++) numbers[i] = view.getFloat64(8 * i, true)
  else for (let i = 0; i < count; i++) numbers[i] = readWhole(name, view.getBigInt64(8 * i, true))
  return constant(numbers, { shape })
}

function readWhole(name: string, x: bigint): number {
  const number = Number(x)
  if (Number.isSafeInteger(number)) return number
  throw bad(`the tensor ${quote(name)} holds ${x}`, 'Numbers here are float64: whole ones are exact up to 2^53 − 1.')
}

/** Writes the numbers from byte `begin` on. @throws DomainError for numbers that are not whole, asked to be I64. */
export function writeTensor(name: string, dtype: FileDType, x: FloatArray, view: DataView, begin: number): void {
  if (dtype === 'F32') for (let i = 0; i < x.length; i++) view.setFloat32(begin + 4 * i, x[i] as number, true)
  else if (dtype === 'F64') for (let i = 0; i < x.length; i++) view.setFloat64(begin + 8 * i, x[i] as number, true)
  else for (let i = 0; i < x.length; i++) view.setBigInt64(begin + 8 * i, whole(name, x[i] as number), true)
}

function whole(name: string, x: number): bigint {
  if (Number.isSafeInteger(x)) return BigInt(x)
  throw new DomainError(
    `saveSafetensors: ${quote(name)} is to be I64 and holds ${x}. Give whole numbers up to 2^53 − 1, or save as F64.`,
  )
}
