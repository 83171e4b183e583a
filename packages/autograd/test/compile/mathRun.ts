/** Runs vector functions over arrays, for the tests of math. */
import { inlineFunction, vectorFunction } from '../../src/compile/wasm/math/index.ts'
import type { FloatType } from '../../src/compile/wasm/math/lanes.ts'
import { placeTables } from '../../src/compile/wasm/math/library.ts'
import type { Op } from '../../src/op.ts'
import { WasmModule } from '../../src/wasm/module.ts'
import { webAssembly } from '../../src/wasm/platform.ts'

export type Run = (a: readonly number[], b?: readonly number[]) => number[]
const [A, B, TABLE] = [1 << 18, 2 << 18, 3 << 18]

/** A loop over memory that calls the function of a record, or has it inline. */
export function runner(op: Op, type: FloatType, args: unknown, how: 'call' | 'inline' = 'call'): Run {
  const module = new WasmModule()
  module.importMemory({ pages: 13 })
  placeTables(module, () => TABLE)
  const index = how === 'call' ? vectorFunction(op.name, type, args)?.(module) : undefined
  const { index: main, code } = module.function({ params: ['i32', 'i32'], results: [] })
  const [a, b, result] = [code.local('v128'), code.local('v128'), code.local('v128')]
  code.loop(() => {
    code.get(0).mem('v128.load', A).set(a)
    code.get(0).mem('v128.load', B).set(b)
    if (index !== undefined) {
      code.get(a)
      if (op.arity === 2) code.get(b)
      code.call(index).set(result)
    } else {
      const local = inlineFunction(op.name, type, args)?.(module)(code, op.arity === 2 ? [a, b] : [a])
      if (local === undefined) throw new Error(`${op.name} has no formula`)
      code.get(local).set(result)
    }
    code.get(0).get(result).mem('v128.store')
    code.get(0).i32(16).op('i32.add').tee(0).get(1).op('i32.lt_s').brIf(0)
  })
  module.exportFunction('run', main)
  if (webAssembly === undefined) throw new Error('these tests need WebAssembly')
  const memory = new webAssembly.Memory({ initial: 13 })
  const instance = new webAssembly.Instance(new webAssembly.Module(module.finish()), { env: { memory } })
  const Floats = type === 'f64' ? Float64Array : Float32Array
  return (x, y = x) => {
    new Floats(memory.buffer, A, x.length).set(x)
    new Floats(memory.buffer, B, x.length).set(y)
    instance.exports.run?.(0, Math.ceil(x.length / 4) * 4 * Floats.BYTES_PER_ELEMENT)
    return Array.from(new Floats(memory.buffer, 0, x.length))
  }
}
