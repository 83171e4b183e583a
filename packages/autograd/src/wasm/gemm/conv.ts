/**
 * Convolution and its two adjoints as WebAssembly functions (their meaning: ops/conv.ts). All three work on the planes of
 * convPlan.ts, image after image, group after group, in bands of rows that stay in the cache.
 */
import type { WasmModule } from '../module.ts'
import { addForward } from './convForward.ts'
import { addPlanes } from './convFrame.ts'
import { addByInput } from './convInput.ts'
import { addByWeight } from './convWeight.ts'
import { type FloatType, lanesOf } from './lanes.ts'
import { addMoves } from './rows.ts'

export { type ConvPlan, convPlan } from './convPlan.ts'

/** Indices of functions of (images, weights, results, batch, plan, workspace), each named for the record it computes. */
export interface Conv {
  readonly conv: number
  readonly convInput: number
  readonly convWeight: number
}

/**
 * Adds convolutions to a module: functions of addresses in bytes. `plan` is where the words of `convPlan` are, for all
 * sizes but the batch. Images, weights and results are as the records of ops/conv.ts have them, row after row; `conv`
 * writes the results, `convInput` the images, `convWeight` the weights. A batch may be split over calls of the first two
 * with the same bits as a result.
 * @param gemm The function of `addGemm` for the same type.
 */
export function addConv(module: WasmModule, type: FloatType, gemm: number): Conv {
  const lanes = lanesOf(type)
  const { copy, add } = addMoves(module, lanes)
  const [toPlanes, fromPlanes] = [addPlanes(module, lanes, copy, true), addPlanes(module, lanes, add, false)]
  return {
    conv: addForward(module, lanes, toPlanes, copy),
    convInput: addByInput(module, lanes, fromPlanes, add, gemm),
    convWeight: addByWeight(module, lanes, toPlanes, copy),
  }
}
