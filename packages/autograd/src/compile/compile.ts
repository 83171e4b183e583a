/** A function as one program. */
import type { FloatArray } from '../data.ts'
import { DomainError, show } from '../errors.ts'
import { mode } from '../node.ts'
import { bind } from './bind/bind.ts'
import type { Binding, Views } from './bind/binding.ts'
import { upload } from './bind/transfer.ts'
import { differentiable } from './differentiable.ts'
import { type CompileOptions, targetOf } from './options.ts'
import { countOperations } from './program/count.ts'
import { printProgram } from './program/print.ts'
import { readArguments, readPlain } from './signature.ts'

/** What a compiled function tells of its programs, and how to work in the memory of one. */
export interface Program {
  /**
   * The program for arguments of these shapes, with its memory: for callers that keep their numbers in it. Nothing is
   * copied: what is written to `inputs` (one array a Value of the arguments, in order) is what `run` reads, and
   * `outputs` (one a Value of the result) hold the results until the next run.
   * @example
   * const { inputs: [x], outputs: [loss, slope], run } = compile(valueAndGrad(f)).prepare(start)
   */
  prepare(...args: readonly unknown[]): Prepared
  /**
   * The latest program as text: what each stage of the compiler made of it, its memory, its loops.
   * @throws DomainError before the first call: there is no program yet.
   */
  explain(): string
  /** The WebAssembly module of the latest program. @throws DomainError before the first call. */
  readonly bytes: Uint8Array
  /** How many programs there are: one for each combination of shapes and dtypes, the latest 16. */
  readonly programs: number
  /** Ends all programs, and their threads. The next call compiles anew. */
  close(): void
}

export type Prepared = Views

/** How many programs a compiled function keeps. */
const KEPT = 16

/**
 * The same function as one program: it is called once for each combination of shapes and dtypes of its arguments, on
 * Values whose numbers cannot be read, and what it did is translated to loops in WebAssembly. Composes with every
 * transform. Plain numbers among the arguments arrive in `f` as Values: they are inputs, not constants, and `f` cannot
 * branch on them (text and booleans arrive as they are, and make programs of their own). Leaves that the function closes over
 * (parameters) are read anew when they have changed, and may be assigned to: a training step is one program. Other state
 * of JavaScript that it reads is part of the program, as it was at the first call, unless it is read through `follow`.
 * @throws TraceError where the function reads a number of a Value (`item`, `data`, `toArray`): the choice would be the
 * same in every later call. UnsupportedError for what cannot be compiled, and for gradients from outside of a function
 * that draws random numbers or changes leaves.
 * @example
 * const slope = compile(valueAndGrad((w, x, y) => x.matmul(w).sub(y).square().mean()))
 * const { value, grad } = slope(w, x, y)
 */
export function compile<F extends (...args: never[]) => unknown>(f: F, options: CompileOptions = {}): F & Program {
  if (typeof f !== 'function') throw new DomainError(`compile: got ${show(f)}. Give a function of Values.`)
  const target = targetOf(options)
  const bindings = new Map<string, Binding>()
  let latest: { readonly key: string; readonly binding: Binding } | undefined

  const find = (key: string, args: readonly unknown[]): Binding => {
    if (latest?.key === key && holds(latest.binding)) return latest.binding
    const known = bindings.get(key)
    const binding = known !== undefined && holds(known) ? known : bind(f, args, target)
    if (binding !== known) known?.executable.close()
    bindings.delete(key)
    bindings.set(key, binding)
    latest = { key, binding }
    for (const [old, { executable }] of bindings) {
      if (bindings.size <= KEPT) break
      executable.close()
      bindings.delete(old)
    }
    return binding
  }
  const call = (...given: unknown[]): unknown => {
    // Part of a larger function that is being recorded.
    if (mode.tracing > 0) return f(...(given as never[]))
    const args = readPlain(given)
    const { key, data, live } = readArguments(args)
    const binding = find(key, args)
    const result = binding.run(data)
    return mode.recording ? gradients.connect(result, args, live, binding) : result
  }
  const gradients = differentiable(f, (pull) => compile(pull, options))
  const known = (name: string): Binding => {
    if (latest !== undefined) return latest.binding
    throw new DomainError(`${name}: there is no program yet. Call the compiled function first.`)
  }
  const program: Program = {
    prepare: (...given) => {
      const args = readPlain(given)
      const { key, data } = readArguments(args)
      const { views } = find(key, args)
      for (const [i, raw] of data.entries()) upload(views.inputs[i] as FloatArray, raw)
      return views
    },
    explain: () => explain(known('explain')),
    get bytes() {
      return known('bytes').executable.bytes
    },
    get programs() {
      return bindings.size
    },
    close: () => {
      for (const { executable } of bindings.values()) executable.close()
      bindings.clear()
      gradients.close()
      latest = undefined
    },
  }
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(program)) as unknown as F & Program
}

/** Whether the constants that are part of the program still have their numbers, and what it follows is as it was. */
function holds({ reads, follows }: Binding): boolean {
  for (const [node, stamp] of reads) if (node.stamp !== stamp) return false
  for (const { read, answer } of follows) if (!Object.is(read(), answer)) return false
  return true
}

function explain({ stages, expressions, program, executable }: Binding): string {
  const counted = `operations: ${countOperations(program)} a run, apart from those of host calls`
  const memory = `memory: ${executable.memory} bytes; module: ${executable.bytes.length} bytes`
  const { threads, divided } = executable
  const shared = threads > 1 ? `threads: ${threads}, which share ${divided} loops and products` : 'threads: 1'
  const graph = expressions === undefined ? [] : ['', 'expressions:', expressions()]
  return [...stages, counted, memory, shared, ...graph, '', 'program:', printProgram(program)].join('\n')
}
