/**
 * Operations applied to nodes: the numbers are computed, and what made them is remembered where a gradient can flow.
 * `V` is the class of the nodes with its methods: there is one, Value, which this room need not know.
 */
import { checkResult } from './anomaly.ts'
import { carrierOf } from './carriers/carrier.ts'
import { type Data, dtypeOf, shapeOf, toNdArray } from './data.ts'
import { withLabels } from './guard.ts'
import { type Input, mode, Node, noteRead, type Recorder, takesShare } from './node.ts'
import { type Carrier, CONSTANT, isLive, type Op, STOPPED } from './op.ts'

/** Numbers that nothing is remembered of. */
export function constantNode<V extends Node>(raw: Data): V {
  return new Node(CONSTANT, raw, 0, 0, undefined) as V
}

/** Applies an operation of one input. */
export function one<V extends Node>(op: Op, x: V, args?: unknown): V {
  const at = x.raw
  const raw = typeof at === 'number' && op.scalar !== null ? op.scalar(at, 0, args) : op.forward(at, 0, args)
  if (mode.anomaly) checkResult(op.name, raw, [x])
  return made(op, raw, x, 0, args, op.da !== null && x.op !== CONSTANT) as V
}

/** Applies an operation of two inputs; a plain number stays a number. */
export function two<V extends Node>(op: Op, a: V | number, b: V | number, args?: unknown): V {
  const x = typeof a === 'number' ? a : a.raw
  const y = typeof b === 'number' ? b : b.raw
  const raw =
    typeof x === 'number' && typeof y === 'number' && op.scalar !== null
      ? op.scalar(x, y, args)
      : twoArrays(op, a, b, args)
  if (mode.anomaly) checkResult(op.name, raw, [a, b])
  return made(op, raw, a, b, args, (op.da !== null && takesShare(a)) || (op.db !== null && takesShare(b))) as V
}

/** Beside an array, a float64 scalar that is a node has a say in the dtype of the result; a plain number has none. */
function twoArrays(op: Op, a: Input, b: Input, args: unknown): Data {
  let x = typeof a === 'number' ? a : a.raw
  let y = typeof b === 'number' ? b : b.raw
  if (typeof x === 'number' && typeof y !== 'number' && typeof a !== 'number') x = toNdArray(x)
  if (typeof y === 'number' && typeof x !== 'number' && typeof b !== 'number') y = toNdArray(y)
  try {
    return op.forward(x, y, args)
  } catch (error) {
    throw withLabels(error, [a, b])
  }
}

/** Applies an operation of a list of inputs. */
export function many<V extends Node>(op: Op, inputs: readonly (V | number)[], args?: unknown): V {
  // As in `two`: beside an array, a float64 scalar that is a node has a say in the dtype.
  const arrays = inputs.some((input) => typeof input !== 'number' && typeof input.raw !== 'number')
  const raw = op.forwardList(
    inputs.map((input) => (typeof input === 'number' ? input : arrays ? toNdArray(input.raw) : input.raw)),
    args,
  )
  if (mode.anomaly) checkResult(op.name, raw, inputs)
  const live = inputs.some((input, index) => index !== op.held && takesShare(input))
  return made(op, raw, inputs, 0, args, live) as V
}

/** The same numbers, through which no gradient flows. */
export function stopped<V extends Node>(x: V): V {
  return mode.tracing > 0 ? (traced(STOPPED, x.raw, x, 0, undefined, false) as V) : constantNode(x.raw)
}

/** The node that an operation made: recorded when a gradient can flow through it, a constant otherwise. */
function made(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown, live: boolean): Node {
  if (mode.tracing > 0) return traced(op, raw, a, b, args, live)
  return live && mode.recording ? new Node(op, raw, a, b, args) : new Node(CONSTANT, raw, 0, 0, undefined)
}

/** What an input is to a function that is traced, in bits: a million of these are asked for, so none is an object. */
const LIVE = 1
const MAPPED = 2
const UNKNOWN = 4

/** Whether a gradient can flow to it, whether it depends on an example of vmap, and on what a compiled program reads. */
function natureOf(x: Input): number {
  if (typeof x === 'number') return 0
  const { op } = x
  const { mapped, compiling } = mode
  const nature = (isLive(op) ? LIVE : 0) | (mapped?.has(x) ? MAPPED : 0)
  // Constants of the program: made in the call, or single numbers that it is checked for.
  if (compiling === undefined) return nature
  return op === CONSTANT && (x.stamp <= compiling.began || typeof x.raw === 'number') ? nature : nature | UNKNOWN
}

/** While vmap records: what depends on one of its examples is remembered, whether or not a gradient flows. */
function traced(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown, live: boolean): Node {
  const list = Array.isArray(a) ? (a as readonly Input[]) : undefined
  let nature = natureOf(b)
  if (list === undefined) nature |= natureOf(a as Input)
  else for (const x of list) nature |= natureOf(x)
  const recorded = live && mode.recording && (nature & LIVE) !== 0
  const mapped = (nature & MAPPED) !== 0
  // While a function is compiled, everything that does not follow from constants is remembered.
  if ((nature & (MAPPED | UNKNOWN)) === 0) {
    if (mode.compiling !== undefined) noteReads(mode.compiling, list ?? [a as Input, b])
    return recorded ? new Node(op, raw, a, b, args) : new Node(CONSTANT, raw, 0, 0, undefined)
  }
  const made = remembered(new Node(op, raw, a, b, args), mapped)
  if (recorded || op === STOPPED) return made
  // No gradient flows: remembered, but behind a stop.
  return remembered(new Node(STOPPED, raw, made, 0, undefined), mapped)
}

function noteReads(recorder: Recorder, inputs: readonly Input[]): void {
  for (const x of inputs) if (typeof x === 'object') noteRead(recorder, x)
}

function remembered(node: Node, mapped: boolean): Node {
  if (mapped) mode.mapped?.add(node)
  mode.compiling?.nodes.push(node)
  return node
}

/** A plain number as a node. */
export function lift<V extends Node>(x: V | number): V {
  return typeof x === 'number' ? constantNode(x) : x
}

/** The carrier that records: rules that run over it can be differentiated again. */
export const nodes: Carrier<Node> = carrierOf<Node>({
  apply: (op, a, b, args) => (op.arity === 1 ? one(op, lift(a), args) : two(op, a, b, args)),
  applyList: (op, inputs, args) => many(op, inputs, args),
  shape: (x) => (typeof x === 'number' ? [] : shapeOf(x.raw)),
  dtype: (x) => (typeof x === 'number' ? 'float64' : dtypeOf(x.raw)),
  constant: (x) => constantNode(x),
})
