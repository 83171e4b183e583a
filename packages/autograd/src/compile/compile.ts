/** A function as one program. */
import { type Data, type FloatArray, NdArray } from '../data.ts'
import { DomainError, show } from '../errors.ts'
import { mode, type Node } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { rebuild } from '../transforms/structure.ts'
import { make, type Value } from '../value.ts'
import { interpret } from './js/interpret.ts'
import { type Effect, lower } from './lower/lower.ts'
import type { Executable } from './program/executable.ts'
import type { Buffer, Program } from './program/program.ts'
import { readArguments } from './signature.ts'
import { graphOf } from './trace/graph.ts'
import { record } from './trace/recording.ts'

export interface CompileOptions {
  /** `'wasm'`: a WebAssembly module; `'js'`: the same program, interpreted. */
  readonly target?: 'wasm' | 'js'
}

/** How many programs a compiled function keeps, for the latest shapes of its arguments. */
const KEPT = 16

interface Binding {
  readonly key: string
  run(data: readonly Data[]): unknown
  readonly executable: Executable
  readonly program: Program
}

/** Copies data into a buffer. */
function upload(view: FloatArray, raw: Data): void {
  if (typeof raw === 'number') view[0] = raw
  else view.set(raw.data)
}

function download(view: FloatArray, shape: readonly number[]): Data {
  if (shape.length === 0 && view instanceof Float64Array) return view[0] as number
  return new NdArray(shape, view.slice())
}

const copy: Effect['run'] = (output, [input]) => {
  if (input !== undefined) output.set(input)
}

function bind(f: (...args: never[]) => unknown, args: readonly unknown[], key: string, target: 'wasm' | 'js'): Binding {
  const recording = record(f, args)
  const graph = graphOf(recording)
  const { inputs, draws, effects, result, outputs } = recording
  const slotOf = new Map(graph.captured.map((leaf, i) => [leaf, inputs.length + draws.length + i]))
  const lowered = lower(
    [...graph.outputs, ...graph.gradients.map(({ value }) => value)],
    effects.map((effect, i): Effect => {
      const { target: leaf, reads } = graph.effects[i] as (typeof graph.effects)[number]
      if (effect.kind === 'assign') return { name: 'assign', target: leaf, reads, run: copy }
      return { name: 'update', target: leaf, reads, run: (data, views) => effect.edit(data, ...views) }
    }),
  )
  const executable = target === 'js' ? interpret(lowered.program) : interpret(lowered.program)
  const viewOf = (buffer: Buffer): FloatArray => executable.view(buffer) as FloatArray
  const views = inputs.map((_, slot) => {
    const buffer = lowered.slots.get(slot)
    return buffer === undefined ? undefined : viewOf(buffer)
  })
  const drawn = draws.map(({ fill }, i) => {
    const buffer = lowered.slots.get(inputs.length + i)
    return { fill, view: buffer === undefined ? undefined : viewOf(buffer) }
  })
  const captured = graph.captured.map((leaf) => {
    const buffer = lowered.slots.get(slotOf.get(leaf) as number)
    return { leaf, view: buffer === undefined ? undefined : viewOf(buffer), stamp: Number.NaN }
  })
  const changed = new Set<Node>(effects.map(({ leaf }) => leaf))
  const results = lowered.results.map(viewOf)
  const shapes = [...outputs.map((y) => y.shape), ...graph.gradients.map(({ value }) => value.shape)]
  const run = (data: readonly Data[]): unknown => {
    views.forEach((view, i) => {
      if (view !== undefined) upload(view, data[i] as Data)
    })
    for (const { fill, view } of drawn) {
      const numbers = fill()
      view?.set(numbers)
    }
    for (const each of captured) {
      if (each.view === undefined || each.leaf.stamp === each.stamp) continue
      upload(each.view, each.leaf.raw)
      each.stamp = each.leaf.stamp
    }
    executable.run()
    for (const each of captured) {
      if (each.view === undefined || !changed.has(each.leaf)) continue
      each.leaf.raw = download(each.view, (each.leaf as Value).shape)
      each.stamp = each.leaf.stamp = --mode.clock
    }
    const made = results.map((view, i) => make(CONSTANT, download(view, shapes[i] ?? []), 0, 0, undefined))
    graph.gradients.forEach(({ leaf }, i) => {
      leaf.gradient = made[outputs.length + i]
    })
    return rebuild('compile', result, made)
  }
  return { key, run, executable, program: lowered.program }
}

/** A compiled function, and a look at its program. */
export type Compiled<F> = F & { explain(): string }

export function compile<F extends (...args: never[]) => unknown>(f: F, { target = 'wasm' }: CompileOptions = {}): F {
  if (typeof f !== 'function') throw new DomainError(`compile: got ${show(f)}. Give a function.`)
  if (target !== 'wasm' && target !== 'js') {
    throw new DomainError(`compile: the target is ${show(target)}. Give 'wasm' or 'js'.`)
  }
  const bindings: Binding[] = []
  const call = (...args: unknown[]): unknown => {
    // Part of a larger function that is being traced.
    if (mode.tracing > 0) return f(...(args as never[]))
    const { key, data } = readArguments(args)
    const at = bindings.findIndex((binding) => binding.key === key)
    const binding = at >= 0 ? (bindings[at] as Binding) : bind(f, args, key, target)
    if (at > 0) bindings.splice(at, 1)
    if (at !== 0) bindings.unshift(binding)
    for (const old of bindings.splice(KEPT)) old.executable.close()
    return binding.run(data)
  }
  return call as unknown as F
}
