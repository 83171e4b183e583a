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
import { noticing, type Streams, withLeaves, withStreams } from './streams.ts'
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
  /** The random streams that the function draws from, and the leaves that it assigns to. */
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
    return again(insideOf('checkpoint', k), inputs, segment, ({ reader, trace, root }) => {
      const nodes = [...trace.inputs, ...segment.sources]
      const moved = nodes.map((_, i) => i).filter((i) => tangents[i] !== undefined)
      const { order } = inOrder(root, trace.token)
      const along = moved.map((i) => tangents[i] as typeof _y)
      const nodesMoved = moved.map((i) => nodes[i] as Node)
      return push(order, reader, root, nodesMoved, along) ?? k.mul(0, _y)
    })
  },
})

/** Runs the segment again, as the first time, and hands its graph to `use`: leaves it assigned to are set back then. */
function again<T, R>(
  inside: Inside<T>,
  inputs: readonly (T | number)[],
  segment: Segment,
  use: (graph: Again<T>) => R,
): R {
  const args = inputs.slice(0, segment.count).map(inside.toValue)
  const { drawn, assigned } = segment.streams
  return withLeaves(assigned, !inside.live, () => {
    const trace = withStreams(drawn, () => traceSegment(segment.run, args, segment.sources))
    const root = trace.result as Value
    checkAgain(trace, root, segment)
    return use({ reader: inside.reader, trace, root })
  })
}

/** @throws GradientError where the segment did something else than the first time. */
function checkAgain(trace: Trace, root: Value, segment: Segment): void {
  if (!sameNumbers(root.raw, segment.raw)) {
    throw new GradientError(
      'checkpoint: the function gave other numbers when it ran again for the gradient. Draw random numbers from random(seed), whose streams are set back, or outside of it; assign to nothing that it reads before its gradient is there.',
    )
  }
  for (const source of closedOver(root, trace.token.clock, trace.inputs)) {
    if (segment.sources.has(source) || source.stamp <= trace.token.clock || !isLive(source.op)) continue
    throw new GradientError(
      `checkpoint: the function used ${nameOf(source)} when it ran again for the gradient, but not the first time. Let it use the same Values each time, and keep none that it makes.`,
    )
  }
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
  return again(inside, inputs, segment, ({ reader, trace, root }) => {
    const found = new Map<Node, T>()
    backpropagate(root, trace.token, (_open, run) =>
      run(reader, g, (node, share) => {
        if (node.args === trace.token || segment.sources.has(node)) found.set(node, share)
      }),
    )
    const nodes = [...trace.inputs, ...segment.sources]
    return nodes.map((node) => found.get(node) ?? reader.fit(0, node))
  })
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
 * where they were. A leaf that it assigns to, a running mean say, is set back likewise: it is changed once. Arguments
 * and results may be nested; what `f` closes over gets its gradients as well.
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
