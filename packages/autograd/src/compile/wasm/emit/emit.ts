/** Loop IR → WebAssembly. */

import { addConv, type Conv } from '../../../wasm/gemm/conv.ts'
import { addGemm, type Gemm } from '../../../wasm/gemm/gemm.ts'
import { WasmModule } from '../../../wasm/module.ts'
import { type Layout, VECTOR } from '../../program/plan.ts'
import type { Address, Program } from '../../program/program.ts'
import { placeTables } from '../math/library.ts'
import { divide } from '../threads/division.ts'
import { addFork } from '../threads/fork.ts'
import { WORDS_BYTES, type Words, wordsAt } from '../threads/words.ts'
import { chunksOf, fetch, keep, SLOT } from './chunks.ts'
import { type Context, Workspace } from './context.ts'
import { Frame } from './frame.ts'
import { formulaOf, type HostImport, Imports, vectorOf } from './imports.ts'
import { inlinedIn } from './inline.ts'
import type { Step } from './nest.ts'
import type { FloatType } from './numbers.ts'
import { Places } from './places.ts'
import { Regions } from './regions.ts'
import { schedule } from './schedule.ts'
import { emitStep } from './statements.ts'
import { Uses } from './uses.ts'
import { vectorise } from './vectorise.ts'

export interface EmitOptions {
  /** Vectors side by side in small loops: 1 or 2. */
  readonly unroll?: 1 | 2
  /** Whether to use vectors at all. */
  readonly simd?: boolean
  /** Steps in one WebAssembly function: engines stop optimising far larger ones. */
  readonly functionSize?: number
  /** Threads that share what is worth it: above 1, memory may have to be shared. */
  readonly threads?: number
  /** Nanoseconds that a step takes at least to be divided over threads. */
  readonly grain?: number | undefined
}

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly imports: readonly HostImport[]
  /** Bytes of the arena, with what the module itself needs behind it. */
  readonly memory: number
  /** How many steps are divided over threads; where any are, the memory is shared and `work` is exported. */
  readonly divided: number
  readonly words: Words
}

export const PAGE = 65536

/**
 * A module that imports `env.memory` and the functions in `imports`, and exports `run`, which executes the program
 * once over the arena that `layout` describes.
 * @example
 * const { bytes } = emit(program, plan(program))
 */
export function emit(
  program: Program,
  layout: Layout,
  { unroll = 2, simd = true, functionSize = 2500, threads = 1, grain }: EmitOptions = {},
): Emitted {
  const module = new WasmModule()
  const order = schedule(program)
  const body = vectorise(order.body, order, { unroll: Math.min(unroll, layout.privateStride / VECTOR), simd })
  const chunks = chunksOf(body, functionSize)
  const uses = new Uses(chunks, order)
  const places = new Places((loop) => order.depthOfLoop(loop))
  const imports = new Imports()
  visit(body, (step) => {
    imports.note(step, module)
    for (const [address, bytes] of addressesOf(step)) places.place(address, bytes ?? strideOf(address, layout))
  })

  const { slots } = uses
  const slotStart = layout.bytes
  const words = wordsAt(Math.ceil((slotStart + slots * SLOT) / 64) * 64)
  const workspace = new Workspace(words.ticket + WORDS_BYTES)
  placeTables(module, (bytes) => workspace.keep(bytes))
  const regions = new Regions(
    module,
    threads,
    divide(body, { threads, grain }, (step) => imports.has(step)),
  )
  const inlined = inlinedIn(body)
  const gemms = new Map<FloatType, Gemm>()
  const gemm = (type: FloatType): Gemm => {
    const known = gemms.get(type) ?? addGemm(module, type)
    gemms.set(type, known)
    return known
  }
  const convs = new Map<FloatType, Conv>()
  const context: Context = {
    layout,
    order,
    places,
    uses,
    workspace,
    regions,
    imports,
    vectorFunction: (step) => vectorOf(step)?.(module) ?? null,
    formula: (step, { unroll }) => (inlined.get(step) === unroll ? formulaOf(step, module) : null),
    gemm,
    conv: (type) => {
      const known = convs.get(type) ?? addConv(module, type, gemm(type).index)
      convs.set(type, known)
      return known
    },
  }
  const divided = regions.divisions.size
  const dispatch = divided > 0 ? module.function({ params: ['i32', 'i32', 'i32'], results: [] }) : null
  if (dispatch !== null) {
    const { fork, work } = addFork(module, words, dispatch.index)
    regions.fork = fork
    module.exportFunction('work', work)
  }
  const run = module.function({ params: [], results: [] })
  for (const chunk of chunks) {
    const { index, code } = module.function({ params: [], results: [] })
    const frame = new Frame(code, context)
    for (const step of chunk) {
      workspace.clear()
      if (slots > 0) fetch(frame, step, slotStart)
      emitStep(frame, step)
      if (slots > 0) keep(frame, step, slotStart)
    }
    run.code.call(index)
  }
  module.exportFunction('run', run.index)
  if (dispatch !== null) regions.dispatch(dispatch.code)
  const pages = pagesOf(workspace.end)
  module.importMemory(divided > 0 ? { pages, maximum: pages, shared: true } : { pages })
  return { bytes: module.finish(), imports: imports.list, memory: workspace.end, divided, words }
}

export function pagesOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PAGE))
}

function visit(steps: readonly Step[], each: (step: Step) => void): void {
  for (const step of steps) {
    each(step)
    if (step.kind === 'nest') visit(step.body, each)
  }
}

function strideOf({ buffer }: Address, { privateStride }: Layout): number | undefined {
  return buffer.kind === 'private' ? privateStride : undefined
}

/** The addresses of a step, and the bytes from element to element where they are not those of the buffer. */
function addressesOf(step: Step): readonly (readonly [Address, number?])[] {
  switch (step.kind) {
    case 'load':
    case 'store':
    case 'accumulate':
      return [[step.address]]
    case 'spread':
      return [[step.accumulate.address], [step.first], [step.cell, VECTOR]]
    case 'gemm':
      return [[step.a], [step.b], [step.c]]
    case 'conv':
      return [[step.images], [step.weights], [step.results], [step.plan]]
    case 'host':
      return [step.output, ...step.inputs].map(({ address }) => [address] as const)
    case 'clear':
      return [[step.span.address]]
    default:
      return []
  }
}
