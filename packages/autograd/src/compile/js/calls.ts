/** Statements over whole stretches of memory, by the eager kernels. */
import { type FloatArray, NdArray } from '../../data.ts'
import { conv, convInput, convWeight } from '../../kernels/conv.ts'
import { matmul } from '../../kernels/matmul.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import {
  type Address,
  type Buffer,
  type ConvCall,
  convParts,
  type GemmCall,
  type HostCall,
} from '../program/program.ts'

export type Elements = FloatArray | Int32Array
export type Action = () => void
export type Read = () => number

/** The memory of a program, and the places in it. */
export interface Access {
  elements(buffer: Buffer): Elements
  place(address: Address): Read
}

const forms = { conv, convInput, convWeight }

/** The elements as they lie in memory. */
function viewOf(access: Access, address: Address, size: number): () => FloatArray {
  const data = access.elements(address.buffer) as FloatArray
  const at = access.place(address)
  return () => {
    const start = at()
    return data.subarray(start, start + size)
  }
}

/** A matrix copied out of memory. */
function matrixOf(access: Access, address: Address, rows: number, columns: number, stride: number): () => NdArray {
  const data = access.elements(address.buffer) as FloatArray
  const at = access.place(address)
  return () => {
    const start = at()
    const copy = data.slice(0, rows * columns)
    for (let i = 0; i < rows; i++) {
      copy.set(data.subarray(start + i * stride, start + i * stride + columns), i * columns)
    }
    return new NdArray([rows, columns], copy)
  }
}

export function gemmAction(access: Access, call: GemmCall): Action {
  const { m, n, k, transposeA, transposeB, accumulate } = call
  const a = matrixOf(access, call.a, transposeA ? k : m, transposeA ? m : k, call.lda)
  const b = matrixOf(access, call.b, transposeB ? n : k, transposeB ? k : n, call.ldb)
  const data = access.elements(call.c.buffer)
  const at = access.place(call.c)
  return () => {
    const product = matmul(a(), b(), { transposeA, transposeB }).data
    const start = at()
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const to = start + i * call.ldc + j
        data[to] = (accumulate ? (data[to] as number) : 0) + (product[i * n + j] as number)
      }
    }
  }
}

export function convAction(access: Access, call: ConvCall): Action {
  const { args, batch, channels, outs, images, weights, results } = call
  const { reads, written } = convParts(call)
  const shapes = new Map<Address, Shape>([
    [images, [batch, channels, ...args.input]],
    [weights, [outs, channels / args.groups, ...args.kernel]],
    [results, [batch, outs, ...args.output]],
  ])
  const array = (address: Address): (() => NdArray) => {
    const shape = shapes.get(address) ?? []
    const view = viewOf(access, address, sizeOf(shape))
    return () => new NdArray(shape, view())
  }
  const [a, b] = reads.map(array) as [() => NdArray, () => NdArray]
  const out = array(written)
  const compute = forms[call.form]
  return () => {
    out().data.set(compute(a(), b(), args).data)
  }
}

export function hostAction(access: Access, { run, inputs, output }: HostCall): Action {
  const spans = [output, ...inputs].map(({ address, size }) => viewOf(access, address, size))
  return () => {
    const [out, ...rest] = spans.map((span) => span()) as [FloatArray, ...FloatArray[]]
    run(out, rest)
  }
}
