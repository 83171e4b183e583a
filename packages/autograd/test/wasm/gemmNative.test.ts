import { afterEach, describe, expect, it, vi } from 'vitest'
import { allocate, type DType, NdArray } from '../../src/data.ts'
import { type ConvArgs, NN, NT, TN } from '../../src/op.ts'
import { LIMIT, nativeOf } from '../../src/wasm/gemm/native.ts'
import { nativeConv } from '../../src/wasm/gemm/nativeConv.ts'
import { nativeMatmul } from '../../src/wasm/gemm/nativeMatmul.ts'
import { numbers } from './gemmBench.ts'
import { error, naiveConv, naiveMatmul } from './gemmNaive.ts'

function arrayOf(dtype: DType, shape: readonly number[], seed: number): NdArray {
  const data = allocate(
    dtype,
    shape.reduce((n, x) => n * x, 1),
  )
  data.set(numbers(data.length, seed))
  return new NdArray(shape, data)
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe.each(['float32', 'float64'] as const)('eager products in %s', (dtype) => {
  const bound = dtype === 'float32' ? 1e-5 : 1e-13

  it('are sums of products, in blocks of more than 1024 included', () => {
    for (const [rows, inner, columns] of [
      [5, 7, 9],
      [1030, 5, 3],
      [3, 2100, 5],
      [2, 3, 1025],
      [1, 1100, 1100],
    ] as const) {
      for (const args of [NN, NT, TN]) {
        const a = arrayOf(dtype, args.transposeA ? [inner, rows] : [rows, inner], 1)
        const b = arrayOf(dtype, args.transposeB ? [columns, inner] : [inner, columns], 2)
        const out = allocate(dtype, rows * columns + 2)
        const size = { rows, inner, columns, ...args }
        expect(nativeMatmul(dtype, out, 1, { data: a.data, at: 0 }, { data: b.data, at: 0 }, size)).toBe(true)
        expect(error(out.subarray(1), naiveMatmul(a, b, args))).toBeLessThan(bound)
        expect([out[0], out.at(-1)]).toEqual([0, 0])
      }
    }
  })

  it('take operands of another dtype, from any element on', () => {
    const a = arrayOf('float32', [2, 3, 4], 1)
    const b = arrayOf(dtype, [4, 5], 2)
    const out = allocate(dtype, 15)
    const size = { rows: 3, inner: 4, columns: 5, ...NN }
    nativeMatmul(dtype, out, 0, { data: a.data, at: 12 }, { data: b.data, at: 0 }, size)
    expect(error(out, naiveMatmul(new NdArray([3, 4], a.data.subarray(12)), b, NN))).toBeLessThan(bound)
  })

  it('do with bounded memory, whatever the size', () => {
    const args: ConvArgs = {
      input: [256, 256],
      kernel: [3, 3],
      output: [254, 254],
      stride: [1, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 1,
    }
    const batch = dtype === 'float32' ? 70 : 35
    const x = arrayOf(dtype, [batch, 1, 256, 256], 1)
    const y = arrayOf(dtype, [batch, 1, 254, 254], 2)
    const w = allocate(dtype, 9)
    const size = { args, batch, channels: 1, outs: 1 }
    expect(nativeConv(dtype, 'convWeight', size, { images: x.data, weights: w, results: y.data })).toBe(true)
    expect(error(w, naiveConv('convWeight', x, new NdArray([1, 1, 3, 3], w), y, args))).toBeLessThan(bound)
    expect(nativeOf(dtype)?.view(0).byteLength).toBeLessThanOrEqual(LIMIT)
    // One image that is too large for it is left to the plain loops.
    const large = { ...args, input: [4000, 4000], output: [3998, 3998] } as const
    const arrays = { images: new Float32Array(0), weights: w, results: new Float32Array(0) }
    expect(nativeConv(dtype, 'conv', { args: large, batch: 1, channels: 1, outs: 1 }, arrays)).toBe(false)
  })
})

describe('without WebAssembly', () => {
  it.each([
    ['missing', undefined],
    [
      'forbidden',
      {
        Memory: class {
          readonly buffer = new ArrayBuffer(8)
        },
        Module: class {
          constructor() {
            throw new EvalError('the policy of this page forbids it')
          }
        },
      },
    ],
  ])('%s, nothing is done', async (_, stub) => {
    vi.stubGlobal('WebAssembly', stub)
    vi.resetModules()
    const fresh = await import('../../src/wasm/gemm/nativeMatmul.ts')
    const one = { data: Float64Array.of(2), at: 0 }
    const size = { rows: 1, inner: 1, columns: 1, transposeA: false, transposeB: false }
    expect(fresh.nativeMatmul('float64', new Float64Array(1), 0, one, one, size)).toBe(false)
  })
})
