/** Statements over whole stretches of memory: matrix products, convolutions, calls into JavaScript, zeros. */

import { convPlan } from '../../../wasm/gemm/conv.ts'
import { ACCUMULATE, TRANSPOSE_A, TRANSPOSE_B } from '../../../wasm/gemm/gemm.ts'
import { bytesOf } from '../../program/plan.ts'
import type { Address, Clear, ConvCall, GemmCall, HostCall } from '../../program/program.ts'
import { pushAddress } from './access.ts'
import type { Frame } from './frame.ts'
import type { Step } from './nest.ts'

/** Pushes the byte an address is at. */
function pushByte(f: Frame, address: Address): void {
  const offset = pushAddress(f, address, 0, 0)
  if (offset !== 0) f.code.i32(offset).op('i32.add')
}

/** Pushes the byte where a part of the step begins, when its elements are `stride` elements apart. */
function pushPart(f: Frame, step: Step, address: Address, stride: number): void {
  pushByte(f, address)
  if (f.share?.step !== step || stride === 0) return
  const bytes = stride * bytesOf[address.buffer.type]
  f.code.get(f.share.first).i32(bytes).op('i32.mul', 'i32.add')
}

/** Pushes a size, or how much of it the part has. */
function pushSize(f: Frame, step: Step, size: number, isCut: boolean): void {
  if (isCut && f.share?.step === step) f.code.get(f.share.count)
  else f.code.i32(size)
}

/** Pushes the address of memory to work in; each thread has its own. */
function pushWorkspace(f: Frame, bytes: number): void {
  const { workspace, regions } = f.context
  if (f.share === null) {
    f.code.i32(workspace.take(bytes))
    return
  }
  const each = Math.ceil(bytes / 64) * 64
  f.code.get(f.share.thread).i32(each).op('i32.mul')
  f.code.i32(workspace.take(each * regions.threads)).op('i32.add')
}

export function emitGemm(f: Frame, step: GemmCall): void {
  const { index, workspace } = f.context.gemm(step.type)
  const { m, n, k, lda, ldb, ldc } = step
  const byRows = f.context.regions.divisions.get(step)?.cut === 'rows'
  pushPart(f, step, step.a, !byRows ? 0 : step.transposeA ? 1 : lda)
  pushPart(f, step, step.b, byRows ? 0 : step.transposeB ? ldb : 1)
  pushPart(f, step, step.c, byRows ? ldc : 1)
  pushSize(f, step, m, byRows)
  pushSize(f, step, n, !byRows)
  for (const size of [k, lda, ldb, ldc]) f.code.i32(size)
  const flags =
    (step.transposeA ? TRANSPOSE_A : 0) | (step.transposeB ? TRANSPOSE_B : 0) | (step.accumulate ? ACCUMULATE : 0)
  f.code.i32(flags)
  pushWorkspace(f, workspace)
  f.code.call(index)
}

export function emitConv(f: Frame, step: ConvCall): void {
  const { type, form, args, batch, channels, outs } = step
  const { workspace } = convPlan(type, args, channels, outs)
  pushPart(f, step, step.images, channels * args.input[0] * args.input[1])
  pushPart(f, step, step.weights, 0)
  pushPart(f, step, step.results, outs * args.output[0] * args.output[1])
  pushSize(f, step, batch, true)
  pushByte(f, step.plan)
  pushWorkspace(f, workspace)
  f.code.call(f.context.conv(type)[form])
}

/** The imported function gets the bytes where the output and each input begin. */
export function emitHost(f: Frame, step: HostCall): void {
  for (const { address } of [step.output, ...step.inputs]) pushByte(f, address)
  f.code.call(f.context.imports.hostFunction(step))
}

/** Zeros; in lanes, over the cells of all of them. */
export function emitClear(f: Frame, { span }: Clear): void {
  const { buffer } = span.address
  pushByte(f, span.address)
  const size = buffer.kind === 'private' ? f.context.layout.privateStride : bytesOf[buffer.type]
  f.code
    .i32(0)
    .i32(span.size * size)
    .fill()
}
