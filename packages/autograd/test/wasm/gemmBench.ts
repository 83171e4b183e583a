/** A module with one function over a memory of its own, for tests of kernels on plain addresses. */
import type { FloatType } from '../../src/wasm/gemm/lanes.ts'
import { WasmModule } from '../../src/wasm/module.ts'
import { webAssembly } from '../../src/wasm/platform.ts'

export type { FloatType }

export interface Bench {
  readonly type: FloatType
  readonly bytes: number
  readonly workspace: number
  readonly view: Float32Array | Float64Array
  readonly call: (...args: number[]) => void
}

const PAGES = 256

export function bench(
  type: FloatType,
  build: (module: WasmModule) => { readonly index: number; readonly workspace: number },
): Bench {
  if (webAssembly === undefined) throw new Error('these tests need WebAssembly')
  const module = new WasmModule()
  module.importMemory({ pages: PAGES })
  const { index, workspace } = build(module)
  module.exportFunction('call', index)
  const memory = new webAssembly.Memory({ initial: PAGES })
  const { call } = new webAssembly.Instance(new webAssembly.Module(module.finish()), { env: { memory } }).exports
  if (call === undefined) throw new Error('the module exports no function')
  const view = type === 'f32' ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer)
  return { type, bytes: type === 'f32' ? 4 : 8, workspace, view, call }
}

/** Numbers of float32 between -1 and 1, by a linear congruence. */
export function numbers(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 1) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

export function pick<T>(list: readonly [T, ...T[]], i: number): T {
  const { length } = list
  return list[(((Math.imul(i + 1, 2654435761) >>> 8) % length) + length) % length] ?? list[0]
}
