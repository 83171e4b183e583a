/** Recompute instead of store: a function as one step of the graph, which runs again when its gradient is asked for. */
import { type Data, toNdArray } from '../data.ts'
import { GradientError } from '../errors.ts'
import { backpropagate } from '../graph.ts'
import { mode, type Node, nameOf } from '../node.ts'
import { CONSTANT, isLive, type Op, op } from '../op.ts'
import { inOrder } from '../pass.ts'
import { many, type Value } from '../value.ts'
import { closedOver } from '../walk.ts'
import { bundle } from './bundle.ts'
import { push } from './forward.ts'
import { type Inside, insideOf, shareOf } from './inside.ts'
import { outputsOf } from './reverse.ts'
import { noticing, replaying, type Streams } from './streams.ts'
import { argumentValues, type Loose, rebuild, rebuildArguments, type Valued } from './structure.ts'
import { type Trace, traceCall } from './trace.ts'

/** A function of a list of Values that is one step of the graph, and what the step remembers. */
export interface Segment {
  run(list: readonly Value[]): Value
  readonly raw: Data
  /** How many inputs of the step are arguments; the others are what the function closes over. */
  readonly count: number
  readonly sources: ReadonlySet<Node>
  /** The last input that a gradient flows to. */
  readonly last: number
  /** The random streams that the function draws from. */
  readonly streams: Streams
}

/** Pictures show arguments that are numbers or text: the segment is none. */
export type SegmentArgs = { readonly segment: Segment }

export const CHECKPOINT: Op<SegmentArgs> = op<SegmentArgs>({
  name: 'checkpoint',
  linearity: 'custom',
  forwardList: (_inputs, { segment }) => segment.raw,
  dlist: (k, g, _y, inputs, index, { segment }) => {
    return shareOf(segment, g, index, segment.last, () => pull(insideOf('checkpoint', k), g, inputs, segment))
  },
  pushList: (k, tangents, _y, inputs, { segment }) => {
    const { reader, trace, root } = again(insideOf('checkpoint', k), inputs, segment)
    const nodes = [...trace.inputs, ...segment.sources]
    const moved = nodes.map((_, i) => i).filter((i) => tangents[i] !== undefined)
    const { order } = inOrder(root, trace.token)
    const along = moved.map((i) => tangents[i] as typeof _y)
    return (
      push(
        order,
        reader,
        root,
        moved.map((i) => nodes[i] as Node),
        along,
      ) ?? k.mul(0, _y)
    )
  },
})

/** Runs the segment again, with the random numbers of the first time. */
function again<T>(inside: Inside<T>, inputs: readonly (T | number)[], segment: Segment): Again<T> {
  const args = inputs.slice(0, segment.count).map(inside.toValue)
  const trace = replaying(segment.streams, () => traceSegment(segment.run, args, segment.sources))
  const root = trace.result as Value
  if (!sameNumbers(root.raw, segment.raw)) {
    throw new GradientError(
      'checkpoint: the function gave other numbers when it ran again for the gradient. Draw random numbers from random(seed), whose streams are set back, or outside of it; assign to nothing that it reads.',
    )
  }
  for (const source of closedOver(root, trace.token.clock, trace.inputs)) {
    if (segment.sources.has(source) || source.stamp <= trace.token.clock || !isLive(source.op)) continue
    throw new GradientError(
      `checkpoint: the function used ${nameOf(source)} when it ran again for the gradient, but not the first time. Let it use the same Values each time, and keep none that it makes.`,
    )
  }
  return { reader: inside.reader, trace, root }
}

interface Again<T> {
  readonly reader: Inside<T>['reader']
  readonly trace: Trace
  readonly root: Value
}

function traceSegment(run: Segment['run'], args: readonly Value[], sources?: ReadonlySet<Node>): Trace {
  const f = (...list: Value[]): Value => run(list)
  return traceCall(
    'checkpoint',
    f,
    args,
    args.map((_, i) => i),
    sources,
  )
}

function sameNumbers(a: Data, b: Data): boolean {
  const [x, y] = [toNdArray(a).data, toNdArray(b).data]
  return x.length === y.length && x.every((t, i) => Object.is(t, y[i]))
}

/** The cotangents of all inputs. */
function pull<T>(inside: Inside<T>, g: T, inputs: readonly (T | number)[], segment: Segment): T[] {
  const { reader, trace, root } = again(inside, inputs, segment)
  const found = new Map<Node, T>()
  backpropagate(root, trace.token, (_open, run) =>
    run(reader, g, (node, share) => {
      if (node.args === trace.token || segment.sources.has(node)) found.set(node, share)
    }),
  )
  const nodes = [...trace.inputs, ...segment.sources]
  return nodes.map((node) => found.get(node) ?? reader.fit(0, node))
}

/** Runs the function as one step. */
export function runSegment(run: Segment['run'], args: readonly Value[]): Value {
  const { result: trace, streams } = noticing(() => traceSegment(run, args))
  const root = trace.result as Value
  const sources = closedOver(root, trace.token.clock, trace.inputs)
  const inputs = [...args, ...(sources as Set<Value>)]
  const last = inputs.findLastIndex((x) => x.op !== CONSTANT)
  const segment: Segment = { run, raw: root.raw, count: args.length, sources, last, streams }
  return many(CHECKPOINT as Op, inputs, { segment })
}

/**
 * The function `f`, with a graph that forgets what happens inside: the gradient runs `f` again. A chain of n steps in √n
 * segments of √n steps then needs memory for about 2√n steps, for one more forward pass. `f` has to give the same
 * numbers each time; what it draws from `random(seed)`, in dropout say, it is given again, and the streams go on from
 * where they were. Arguments and results may be nested; what `f` closes over gets its gradients as well.
 * @throws GradientError when `f` returns no Value; in the backward pass when `f` gives other numbers than before, or
 * uses other Values.
 * @example
 * const block = checkpoint((x) => x.sin().mul(w).tanh())
 * grad((x) => block(block(x)).sum())([1, 2])
 */
export function checkpoint<Args extends readonly Value[], Result>(
  f: (...args: Args) => Result,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function checkpoint<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function checkpoint(f: (...args: never[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    const given = argumentValues('checkpoint', args)
    const call = (list: readonly Value[]): unknown => f(...(rebuildArguments('checkpoint', args, list) as never[]))
    // A compiled program decides itself what it stores.
    if ((!mode.recording && mode.tracing === 0) || mode.compiling !== undefined) {
      const result = call(given)
      return rebuild('checkpoint', result, outputsOf('checkpoint', result))
    }
    let unpack = (all: Value): unknown => all
    const run = (list: readonly Value[]): Value => {
      const result = bundle('checkpoint', call(list))
      unpack = result.unpack
      return result.packed
    }
    const all = runSegment(run, given)
    return unpack(all)
  }
}
