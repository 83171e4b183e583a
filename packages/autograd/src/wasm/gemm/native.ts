/**
 * Products and convolutions for eager operations: one instance for each float type, which lives as long as the page. Its
 * memory is a place to work in and belongs to no Value; it grows to LIMIT and no further.
 */
import type { DType, FloatArray } from '../../data.ts'
import { WasmModule } from '../module.ts'
import { type WasmExports, type WasmMemory, webAssembly } from '../platform.ts'
import { addConv, type Conv } from './conv.ts'
import { addGemm } from './gemm.ts'

/** Bytes of an instance's memory at most. */
export const LIMIT: number = 1 << 25

const PAGE = 1 << 16

type Call = (...args: number[]) => number | undefined

export class Native {
  readonly dtype: DType
  readonly bytes: number
  /** The first byte that is free for operands; what `gemm` works in lies before it. */
  readonly base: number
  readonly gemm: Call
  readonly conv: Readonly<Record<keyof Conv, Call>>
  private readonly memory: WasmMemory
  private elements: FloatArray

  /** @throws Error where the host lacks WebAssembly, or vector instructions, or may not compile. */
  constructor(dtype: DType) {
    if (webAssembly === undefined) throw new Error('WebAssembly is missing')
    this.dtype = dtype
    this.bytes = dtype === 'float32' ? 4 : 8
    const type = dtype === 'float32' ? 'f32' : 'f64'
    const module = new WasmModule()
    module.importMemory({ pages: 1 })
    // Rounded alike on every host, so that seeded results are too.
    const gemm = addGemm(module, type)
    const conv = addConv(module, type, gemm.index)
    for (const [name, index] of Object.entries({ gemm: gemm.index, ...conv })) module.exportFunction(name, index)
    this.base = gemm.workspace
    this.memory = new webAssembly.Memory({ initial: Math.ceil(this.base / PAGE) })
    this.elements = this.viewed()
    const { exports } = new webAssembly.Instance(new webAssembly.Module(module.finish()), {
      env: { memory: this.memory },
    })
    this.gemm = called(exports, 'gemm')
    this.conv = {
      conv: called(exports, 'conv'),
      convInput: called(exports, 'convInput'),
      convWeight: called(exports, 'convWeight'),
    }
  }

  private viewed(): FloatArray {
    const { buffer } = this.memory
    return this.dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer)
  }

  /** The memory, at least so many bytes of it, as elements. */
  view(size: number): FloatArray {
    const missing = size - this.memory.buffer.byteLength
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE))
      this.elements = this.viewed()
    }
    return this.elements
  }
}

function called(exports: WasmExports, name: string): Call {
  const found = exports[name]
  if (found === undefined) throw new Error(`the module has no function ${name}`)
  return found
}

const instances = new Map<DType, Native | undefined>()

/** The instance for a dtype; undefined where the host cannot have one. */
export function nativeOf(dtype: DType): Native | undefined {
  if (!instances.has(dtype)) instances.set(dtype, started(dtype))
  return instances.get(dtype)
}

function started(dtype: DType): Native | undefined {
  try {
    return new Native(dtype)
  } catch {
    // A page's policy may forbid it, an old host may not know vectors: plain loops do the same.
    return undefined
  }
}
