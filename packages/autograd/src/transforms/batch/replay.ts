/** Runs what was recorded on one example again, over all of them. */
import { compact, type Data, NdArray } from '../../data.ts'
import { type Input, mode, type Node } from '../../node.ts'
import { ARGUMENT, type Batched, EXAMPLE, FIXED, STOPPED } from '../../op.ts'
import { sizeOf } from '../../shape.ts'
import { make, type Value, values } from '../../value.ts'
import { CHECKPOINT, runSegment, type Segment, type SegmentArgs } from '../checkpoint.ts'
import { CUSTOM, type Custom, type CustomArgs, runCustom } from '../customGradient.ts'
import { withRecording } from '../recording.ts'
import { replaying } from '../streams.ts'
import { repeated } from './align.ts'
import { batchRuleOf } from './rules.ts'

/** What stands for a recorded node: the same for all examples, with these along axis 0. */
export type Batch = ReadonlyMap<Node, Value>

/** Runs `f` while everything that depends on an example is recorded. */
export function recordExample<R>(f: () => R): R {
  mode.mapped ??= new WeakSet()
  mode.tracing++
  try {
    return withRecording('vmap', true, f)
  } finally {
    mode.tracing--
  }
}

/** A node that stands for the first of the examples along axis 0. */
export function exampleOf(all: Value): Value {
  const shape = all.shape.slice(1)
  const { data } = all.raw as NdArray
  const raw: Data = compact(new NdArray(shape, data.subarray(0, sizeOf(shape))))
  const example = make(all.requiresGrad ? EXAMPLE : FIXED, raw, 0, 0, undefined)
  mode.mapped ??= new WeakSet()
  mode.mapped.add(example)
  return example
}

function inputsOf({ a, b }: Node): readonly Input[] {
  if (typeof a === 'object' && !('op' in a)) return a
  return b === 0 ? [a] : [a, b]
}

/** The nodes made since the clock that `root` depends on, each after its inputs; those in `given` are not asked further. */
function recorded(root: Node, clock: number, given: Batch): Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const stack: { readonly node: Node; readonly inputs: readonly Input[]; next: number }[] = []
  const enter = (node: Input): void => {
    if (typeof node !== 'object' || seen.has(node) || given.has(node)) return
    seen.add(node)
    // What was made before cannot depend on the examples.
    if (node.stamp <= clock && mode.mapped?.has(node)) stack.push({ node, inputs: inputsOf(node), next: 0 })
  }
  enter(root)
  for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
    if (step.next < step.inputs.length) enter(step.inputs[step.next++] as Input)
    else {
      order.push(step.node)
      stack.pop()
    }
  }
  return order
}

/** Computes for `size` examples what `root` is for one; recorded nodes on the way are added to the batch. */
export function replay(root: Value, clock: number, batch: Map<Node, Value>, size: number): Value {
  for (const node of recorded(root, clock, batch)) {
    const inputs = inputsOf(node).map((input): Batched<Value> => {
      const all = typeof input === 'object' ? batch.get(input) : undefined
      return all === undefined ? { x: input as Value | number, mapped: false } : { x: all, mapped: true }
    })
    if (inputs.some((input) => input.mapped)) batch.set(node, runNode(node, inputs, { batch, clock, size }))
  }
  return batch.get(root) ?? values.broadcastTo(root, [size, ...root.shape])
}

/** What a recording is run over. */
interface Run {
  readonly batch: Batch
  readonly clock: number
  readonly size: number
}

function runNode(node: Node, inputs: readonly Batched<Value>[], all: Run): Value {
  const { op, args } = node
  const [first] = inputs as readonly [Batched<Value>]
  if (op === ARGUMENT) return first.x as Value
  if (op === STOPPED) return (first.x as Value).detach()
  if (op === CHECKPOINT) return overSegment(node, (args as SegmentArgs).segment, inputs, all)
  if (op === CUSTOM) return overCustom((args as CustomArgs).custom, inputs, all)
  return batchRuleOf(op)(values, inputs, args, all.size)
}

/** The examples of inputs that are mapped, entered into the batch; the others as they are. */
function examplesOf(list: readonly Value[], mapped: readonly boolean[], batch: Map<Node, Value>): Value[] {
  return list.map((all, i) => {
    if (!mapped[i]) return all
    const example = exampleOf(all)
    batch.set(example, all)
    return example
  })
}

/** A checkpoint over all examples: what it closes over is among its inputs, and so in the batch. */
function overSegment(
  node: Node,
  { run, count, streams }: Segment,
  inputs: readonly Batched<Value>[],
  { batch, clock, size }: Run,
): Value {
  const known = inputsOf(node).flatMap((input) => {
    const all = batch.get(input as Node)
    return all === undefined ? [] : [[input as Node, all] as const]
  })
  const mapped = inputs.map((input) => input.mapped)
  const overAll: Segment['run'] = (list) => {
    const own = new Map(known)
    const examples = examplesOf(list, mapped, own)
    const one = recordExample(() => run(examples))
    return replay(one, clock, own, size)
  }
  const args = inputs.slice(0, count).map((input) => input.x as Value)
  return replaying(streams, () => runSegment(overAll, args))
}

/** A custom gradient over all examples: its pullback is recorded on one example of the cotangent. */
function overCustom({ call, count }: Custom, inputs: readonly Batched<Value>[], { batch, clock, size }: Run): Value {
  return runCustom(
    (list) => {
      const own = new Map(batch)
      const one = recordExample(() =>
        call(
          examplesOf(
            list,
            list.map(() => true),
            own,
          ),
        ),
      )
      const pull = (g: Value): Value[] => {
        const [example] = examplesOf([g], [true], own) as [Value]
        return recordExample(() => one.pull(example)).map((share) => replay(share, clock, own, size))
      }
      return { root: replay(one.root, clock, own, size), pull }
    },
    inputs.slice(0, count).map((input) => repeated(values, input, size)),
  )
}
