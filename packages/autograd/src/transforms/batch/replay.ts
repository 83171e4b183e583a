/** Runs what was recorded on one example again, over all of them. */
import { type Input, labelOf, mode, type Node } from '../../node.ts'
import { ARGUMENT, type Batched, STOPPED } from '../../op.ts'
import { type Value, values } from '../../value.ts'
import { CHECKPOINT, runSegment, type Segment, type SegmentArgs } from '../checkpoint.ts'
import { CUSTOM, type Custom, type CustomArgs, runCustom } from '../customGradient.ts'
import { type LoopArgs, runLoop, SCAN } from '../scanLoop.ts'
import { again, type Loop } from '../scanStep.ts'
import { replaying } from '../streams.ts'
import { repeated, toFront } from './align.ts'
import { exampleOf, recordExample } from './examples.ts'
import { batchRuleOf } from './rules.ts'

/** What stands for a recorded node: the same for all examples, with these along axis 0. */
export type Batch = ReadonlyMap<Node, Value>

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
    if (!inputs.some((input) => input.mapped)) continue
    const all = runNode(node, inputs, { batch, clock, size })
    batch.set(node, all)
    const label = labelOf(node)
    // What was made before the recording keeps the name that it has.
    if (label !== undefined && all.stamp <= clock) all.withLabel(label)
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
  if (op === SCAN) return overLoop(node, (args as LoopArgs).loop, inputs, all)
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

/** The inputs of a node that are in the batch: what its function closes over is among them. */
function knownOf(node: Node, batch: Batch): (readonly [Node, Value])[] {
  return inputsOf(node).flatMap((input) => {
    const all = batch.get(input as Node)
    return all === undefined ? [] : [[input as Node, all] as const]
  })
}

/** A checkpoint over all examples. */
function overSegment(
  node: Node,
  { run, count, streams }: Segment,
  inputs: readonly Batched<Value>[],
  { batch, clock, size }: Run,
): Value {
  const known = knownOf(node, batch)
  const mapped = inputs.map((input) => input.mapped)
  const overAll: Segment['run'] = (list) => {
    const own = new Map(known)
    const examples = examplesOf(list, mapped, own)
    const one = recordExample(() => run(examples))
    return replay(one, clock, own, size)
  }
  const args = inputs.slice(0, count).map((input) => input.x as Value)
  return replaying(streams, () => runSegment(overAll, args), true)
}

/** A loop over all examples: they are the first axis of the carries, and the second of what has a row for each step. */
function overLoop(node: Node, loop: Loop, inputs: readonly Batched<Value>[], { batch, clock, size }: Run): Value {
  const known = knownOf(node, batch)
  const { carries, liveRows, results } = loop
  const rows = inputs.slice(carries, carries + liveRows.length)
  const mapped = [...new Array<boolean>(carries).fill(true), ...rows.map((input) => input.mapped)]
  const step: Loop['step'] = (list, row) => {
    const own = new Map(known)
    const examples = examplesOf(list, mapped, own)
    const one = again(loop, row, () => recordExample(() => loop.step(examples, row)))
    return one.map((y) => replay(y, clock, own, size))
  }
  const inits = inputs.slice(0, carries).map((input) => repeated(values, input, size))
  const xs = rows.map((input) => (input.mapped ? toFront(values, input.x as Value, 1) : (input.x as Value)))
  const parts = runLoop({ ...loop, step }, inits, xs, true)
  const all = parts.map((part, i) => (i < carries ? part : toFront(values, part, 1)))
  if (results === 1) return all[0] as Value
  const flat = all.map((part) => values.reshape(part, [size, part.size / size]))
  return values.concat(flat, 1)
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
