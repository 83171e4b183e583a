/** One step of a loop, run again with its graph: for the loops that are its gradient and its tangent. */
import { numeric } from '../carriers/numeric.ts'
import type { Data } from '../data.ts'
import { GradientError } from '../errors.ts'
import { backpropagate } from '../graph.ts'
import { mode, type Node, nameOf } from '../node.ts'
import { isLive } from '../op.ts'
import { inOrder } from '../pass.ts'
import { type Value, values } from '../value.ts'
import { closedOver } from '../walk.ts'
import { type Bundle, bundle } from './bundle.ts'
import { push } from './forward.ts'
import { type Inside, insideOf } from './inside.ts'
import { type Body, redrawing } from './scanRecord.ts'
import { type Spec, zerosLike } from './scanSteps.ts'
import { replaying, type Streams } from './streams.ts'
import { type Trace, traceCall } from './trace.ts'

/** What the step of the graph remembers. Its inputs: carries, xs, drawn numbers, and what the function closes over. */
export interface Loop extends Spec {
  readonly raw: Data
  /** How many results it has, and how they come out of the one. */
  readonly results: number
  unpack(all: Value): readonly Value[]
  /** For each of the xs whether a gradient may flow to it. */
  readonly liveRows: readonly boolean[]
  readonly drawn: readonly Value[]
  readonly sources: ReadonlySet<Node>
  /** The last input that a gradient flows to. */
  readonly last: number
  readonly streams: readonly (Streams | undefined)[]
  /** What one step does; only for a function that is being compiled. */
  readonly body: Body | undefined
}

/** Runs a part of another loop in which the step of this row runs again, with the random numbers of the first time. */
export function again<R>({ streams, drawn }: Loop, row: number, f: () => R): R {
  const known = streams[row]
  return redrawing(drawn, () => (known === undefined ? f() : replaying(known, f)))
}

/** The graph of one step, made again. */
function traceStep(loop: Loop, row: number, list: readonly Value[]): { readonly trace: Trace; readonly whole: Bundle } {
  const all = list.map((_, i) => i)
  const f = (...args: Value[]): Bundle => bundle('scan', loop.step(args, row))
  const trace = again(loop, row, () => traceCall('scan', f, list, all, loop.sources))
  const whole = trace.result as Bundle
  const { clock } = trace.token
  for (const source of closedOver(whole.packed, clock, trace.inputs)) {
    if (source.stamp <= clock || loop.sources.has(source) || !isLive(source.op)) continue
    throw new GradientError(
      `scan: the function used ${nameOf(source)} when it ran again for the gradient, but not at the first step. Let it use the same Values at each step.`,
    )
  }
  return { trace, whole }
}

/** What the rules of one step compute with: numbers, or Values where the results have to be differentiable. */
function over<R>(run: <T>(inside: Inside<T>) => R): R {
  return mode.recording || mode.tracing > 0 ? run(insideOf('scan', values)) : run(insideOf('scan', numeric))
}

/** The cotangents of the inputs of one step, then of what it closes over; undefined where none flows. */
export function pullStep(
  loop: Loop,
  row: number,
  list: readonly Value[],
  seeds: readonly Value[],
): (Value | undefined)[] {
  const { trace, whole } = traceStep(loop, row, list)
  const root = whole.packed
  const found = new Map<Node, Value>()
  if (root.requiresGrad) {
    const seed = bundle('scan', seeds).packed
    over(<T>({ reader, fromValue, toValue }: Inside<T>) =>
      backpropagate(root, trace.token, (_open, run) =>
        run<T>(reader, fromValue(seed), (node, share) => {
          if (node.args === trace.token || loop.sources.has(node)) found.set(node, toValue(share))
        }),
      ),
    )
  }
  return [...trace.inputs, ...loop.sources].map((node) => found.get(node))
}

/** The tangents of one step's results. */
export function pushStep(
  loop: Loop,
  row: number,
  list: readonly Value[],
  tangents: readonly (Value | undefined)[],
): readonly Value[] {
  const { trace, whole } = traceStep(loop, row, list)
  const root = whole.packed
  const nodes = [...trace.inputs, ...loop.sources]
  const moved = nodes.flatMap((node, i) => (tangents[i] === undefined ? [] : [{ node, tangent: tangents[i] }]))
  const { order } = inOrder(root, trace.token)
  const along = over(<T>({ reader, fromValue, toValue }: Inside<T>) => {
    const pushed = push<T>(
      order,
      reader,
      root,
      moved.map(({ node }) => node),
      moved.map(({ tangent }) => fromValue(tangent)),
    )
    return pushed === undefined ? zerosLike(root) : toValue(pushed)
  })
  return whole.unpack(along) as readonly Value[]
}
