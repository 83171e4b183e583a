/** A function as one program. */
import type { FloatArray } from '../data.ts'
import { DomainError, show } from '../errors.ts'
import { mode } from '../node.ts'
import type { Value } from '../value.ts'
import type { Binding, Views } from './bind/binding.ts'
import { upload } from './bind/transfer.ts'
import { differentiable } from './differentiable.ts'
import { type CompileOptions, targetOf } from './options.ts'
import { countOperations } from './program/count.ts'
import { printProgram } from './program/print.ts'
import { Programs } from './programs.ts'
import { restored } from './results.ts'
import { lifted, readArguments } from './signature.ts'

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

/** What there is of a function that goes on after it has returned: nothing to call. */
export interface Unfinished {
  readonly refused: 'compile takes functions that return their Values: no asynchronous ones, no generators'
}

/** F, unless nobody knows what it returns, or it never does. */
type Going<F> = F extends (...args: never[]) => infer R
  ? 0 extends R & 1
    ? never
    : [R] extends [never]
      ? never
      : F
  : never

/** Refused: its results are not there when it returns. */
export function compile<
  F extends (...args: never[]) => PromiseLike<unknown> | Iterator<unknown> | AsyncIterator<unknown>,
>(f: Going<F>, options?: CompileOptions): Unfinished
/**
 * The same function as one program: it is called once for each combination of shapes and dtypes of its arguments, on
 * Values whose numbers cannot be read, and what it did is translated to loops in WebAssembly. Composes with every
 * transform. Inside `detectAnomaly` the function itself runs.
 *
 * Arguments: numbers and arrays, plain and typed, arrive in `f` as Values, in the dtype of the Values beside them: they
 * are inputs, not constants, and `f` cannot branch on them. Text, truth values and functions arrive as they are and make
 * programs of their own, functions by identity. Arguments are copies: `f` cannot assign to them.
 *
 * What `f` closes over: Values are read anew when they have changed (`assign`, `update`), and may be assigned to, so that
 * a training step is one program. Numbers that are written into the `data` of a Value are not seen. Other state of
 * JavaScript, arrays and numbers too, is part of the program as it was at the first call, unless `f` reads it through
 * `follow`. So is what `f` returns besides Values.
 *
 * Assignments happen at the end of a call, all of them or none: a call that throws leaves every leaf as it was.
 *
 * Results may be differentiated from outside, any number of times: the gradient meets what the call met (the numbers that
 * it drew, what it follows, what the leaves held), and draws and changes nothing. `backward()` inside leaves gradients on
 * leaves and on the caller's arguments as without compile.
 *
 * Results are those of `f` within rounding. With float32, comparisons with plain numbers are exact, and arithmetic with
 * them is off by a rounding of the result at most.
 * @throws TraceError where the function reads a number of a Value (`item`, `data`, `toArray`), since the choice would be
 * the same in every later call, or a gradient from before the call. UnsupportedError for what cannot be compiled, for
 * arguments that are neither of the above (instances of classes, Map, Set, Date …), and for functions that go on after
 * they have returned (asynchronous ones, generators).
 * @example
 * const slope = compile(valueAndGrad((w, x, y) => x.matmul(w).sub(y).square().mean()))
 * const { value, grad } = slope(w, x, y)
 */
export function compile<F extends (...args: never[]) => unknown>(f: F, options?: CompileOptions): F & Program
export function compile<F extends (...args: never[]) => unknown>(f: F, options: CompileOptions = {}): F & Program {
  if (typeof f !== 'function') throw new DomainError(`compile: got ${show(f)}. Give a function of Values.`)
  const programs = new Programs(f, targetOf(options))

  const call = (...given: unknown[]): unknown => {
    const args = lifted(given)
    // Part of a larger function that is being recorded, or looked at step by step.
    if (mode.tracing > 0 || mode.anomaly) return f(...(args as never[]))
    const { key, data, live } = readArguments(args)
    const bound = programs.find(key, args)
    const result = bound.binding.run(data, live)
    const values = mode.recording ? gradients.connect(result, args, live, bound.binding) : result
    return bound.frame === undefined ? values : restored(bound.frame, (values ?? []) as readonly Value[])
  }
  const gradients = differentiable(programs.f, (pull) => compile(pull, options))
  const known = (name: string): Binding => {
    if (programs.latest !== undefined) return programs.latest.binding
    throw new DomainError(`${name}: there is no program yet. Call the compiled function first.`)
  }
  const program: Program = {
    prepare: (...given) => {
      const args = lifted(given)
      const { key, data } = readArguments(args)
      const { views } = programs.find(key, args).binding
      for (const [i, raw] of data.entries()) upload(views.inputs[i] as FloatArray, raw)
      return views
    },
    explain: () => explain(known('explain')),
    get bytes() {
      return known('bytes').executable.bytes
    },
    get programs() {
      return programs.size
    },
    close: () => {
      programs.close()
      gradients.close()
    },
  }
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(program)) as unknown as F & Program
}

function explain({ stages, expressions, program, executable }: Binding): string {
  const counted = `operations: ${countOperations(program)} a run, apart from those of host calls`
  const memory = `memory: ${executable.memory} bytes; module: ${executable.bytes.length} bytes`
  const { threads, divided } = executable
  const shared = threads > 1 ? `threads: ${threads}, which share ${divided} loops and products` : 'threads: 1'
  const graph = expressions === undefined ? [] : ['', 'expressions:', expressions()]
  return [...stages, counted, memory, shared, ...graph, '', 'program:', printProgram(program)].join('\n')
}
