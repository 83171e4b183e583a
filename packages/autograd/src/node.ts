/** What one step of a computation remembers. The graph is made of these, and knows nothing more. */
import type { Data, FloatArray } from './data.ts'
import { TraceError, UnsupportedError } from './errors.ts'
import { ARGUMENT, CONSTANT, EXAMPLE, FIXED, LEAF, type Op, STOPPED } from './op.ts'

/** An input of an operation: another node, or a plain number that never became one. */
export type Input = Node | number

/** A stream of random numbers, as far as a function that runs again needs it. */
export interface Stream {
  restore(state: readonly number[]): void
}

/** Leaves that were assigned to, and what they held before. */
export type Assigned = ReadonlyMap<Node, { readonly raw: Data; readonly stamp: number }>

/** What a function drew, and what it was told of the state that it follows, in order: for when it runs again. */
export interface Again {
  readonly drawn: Iterator<Node>
  readonly answers: Iterator<unknown>
}

/** What happens to the gradient of a leaf or an argument while a function is compiled. */
export interface Graded {
  /** What it was before: it is put aside meanwhile. */
  readonly before: Data | Node | undefined
  /** Whether it was cleared, or set, so that what it was before has no part in what it is afterwards. */
  fresh: boolean
  /** Whether it was read before that: then there must be none when the program runs. */
  read: boolean
}

/** What a function that is being compiled does besides computing: noted while it is traced, done at each run. */
export interface Recorder {
  /** The clock when the function was called: what was made since has a stamp no higher. */
  readonly clock: number
  /** The clock of the outermost recording: what was there before it may have other numbers at a later call. */
  readonly began: number
  /** Constants from before whose numbers went into the program, with their stamps: it holds as long as these do. */
  readonly reads: Map<Node, number>
  /** What else the program depends on: it holds as long as these answer the same. */
  readonly follows: { readonly read: () => unknown; readonly answer: unknown }[]
  /** Leaves and arguments whose gradient was touched. */
  readonly graded: Map<Node, Graded>
  /** What was recorded, in the order of creation. */
  readonly nodes: Node[]
  /** Numbers that are drawn anew for each run, and the nodes that stand for them. */
  readonly draws: { readonly node: Node; readonly fill: () => ArrayLike<number> }[]
  /** Leaves that get new numbers: those of a node, or what an edit makes of the old ones. */
  readonly effects: Effect[]
  /** Those of a function that ran again for its gradient: what was computed after them met them, nobody makes them. */
  readonly replayed: Effect[]
}

export type Effect = Assignment | Edit

/** When something was assigned to: behind so many recorded nodes, and the stamp that it got. */
interface When {
  readonly leaf: Node
  readonly position: number
  readonly stamp: number
}

export interface Assignment extends When {
  readonly kind: 'assign'
  readonly value: Node
}

export interface Edit extends When {
  readonly kind: 'edit'
  readonly reads: readonly Node[]
  readonly edit: (data: FloatArray, ...reads: FloatArray[]) => void
}

/** What steers the recording of nodes. One object a copy of the package; nothing of it outlives a call. */
export const mode: {
  /** Off inside noGrad. */
  recording: boolean
  /** On inside detectAnomaly. */
  anomaly: boolean
  /**
   * Counts down at every assignment and every traced call: a leaf with a lower stamp than a node was assigned to after
   * the node read it, and a node with a higher stamp than a traced call is older than its arguments.
   */
  clock: number
  /** How many calls of vmap are recording their function. */
  tracing: number
  /** What was computed from one example of a mapped argument. */
  mapped: { has(node: Node): boolean; add(node: Node): void } | undefined
  /** While a function is traced to be compiled: everything that does not follow from constants is recorded. */
  compiling: Recorder | undefined
  /** Inside a checkpoint: where each random stream in use stood before its first use. */
  streams: Map<Stream, readonly number[]> | undefined
  /** Inside a checkpoint: what each leaf that it assigned to held before the first time. */
  assigned: Map<Node, { readonly raw: Data; readonly stamp: number }> | undefined
  /** While a function runs again for the gradient of what it gave before: what it met then. */
  again: Again | undefined
} = {
  recording: true,
  anomaly: false,
  clock: -1,
  tracing: 0,
  mapped: undefined,
  compiling: undefined,
  streams: undefined,
  assigned: undefined,
  again: undefined,
}

/** Before a leaf changes: a checkpoint around the call runs again, and has to know what it started from. */
export function noteAssigned(leaf: Node): void {
  if (mode.assigned?.has(leaf) === false) mode.assigned.set(leaf, { raw: leaf.raw, stamp: leaf.stamp })
}

/**
 * Few fields, all set here in one order: a million of these may be alive, and their bytes are what a graph costs.
 * The last three are the scratch space of backpropagation.
 */
export class Node {
  /** @internal What made it. */
  readonly op: Op
  /** @internal A number, or an array. Only `assign` on a leaf replaces it. */
  raw: Data
  /** @internal The first input, or all inputs of an operation that takes a list; 0 where there is none. */
  readonly a: Input | readonly Input[]
  /** @internal The second input; 0 where there is none. */
  readonly b: Input
  /** @internal What the operation needs besides its inputs. */
  readonly args: unknown
  /** @internal The accumulated gradient: data, a Node where it was made differentiable, or undefined. */
  gradient: Data | Node | undefined
  /** @internal At rest: the clock when the data were made (< 0). In a pass: how many shares are to come (> 0). */
  stamp: number
  /** @internal The shares of the cotangent that have come in during a pass. */
  cotangent: unknown

  constructor(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown) {
    this.op = op
    this.raw = raw
    this.a = a
    this.b = b
    this.args = args
    this.gradient = undefined
    this.stamp = mode.clock
    this.cotangent = undefined
  }
}

/** Numbers that are read must hold for every run of what is being recorded: for all examples, and all later calls. */
export function checkReadable(op: string, node: Node): void {
  const { compiling } = mode
  if (compiling !== undefined && node.op === CONSTANT) noteRead(compiling, node)
  else if (compiling !== undefined) {
    throw new TraceError(
      `${op}: the numbers of ${nameOf(node)} are not known while the function is compiled${placeInUserCode()}; they would stay the same in every later call. Compute with operations (where instead of if, scan instead of a loop that looks at them), or do this outside of the compiled function.`,
    )
  }
  checkUnmapped(op, node)
}

/** Remembers that numbers from before the call went into the program. */
export function noteRead({ began, reads }: Pick<Recorder, 'began' | 'reads'>, node: Node): void {
  if (node.stamp > began) reads.set(node, node.stamp)
}

/** Whether what the numbers are now holds for every run of what is being recorded. */
export function isReadable(node: Node): boolean {
  return (mode.compiling === undefined || node.op === CONSTANT) && mode.mapped?.has(node) !== true
}

/** Numbers of one example, read where vmap computes for all of them, would be wrong for the others. */
export function checkUnmapped(op: string, node: Node): void {
  if (mode.mapped?.has(node)) throw mappedError(op, node)
}

/** For a number of one example that would be taken for those of all. */
export function mappedError(op: string, node: Node): UnsupportedError {
  const made = node.op === STOPPED ? (node.a as Node) : node
  return new UnsupportedError(
    `${op}: ${nameOf(made)} depends on an argument that vmap maps over, so inside the function it stands for every example. Compute with operations (where instead of if), or read the result of vmap.`,
  )
}

/** Whether a share of a cotangent can go to the input: numbers and constants take none. */
export function takesShare(input: Input): input is Node {
  return typeof input === 'object' && input.op !== CONSTANT
}

export function isLeaf(node: Node): boolean {
  return node.op === LEAF || node.op === CONSTANT
}

/** Whether it stands for what a function is called with. */
export function isArgument({ op }: Node): boolean {
  return op === ARGUMENT || op === EXAMPLE || op === FIXED
}

const labels = new WeakMap<Node, string>()

export function labelOf(node: Node): string | undefined {
  return labels.get(node)
}

export function setLabel(node: Node, label: string): void {
  labels.set(node, label)
}

/** For messages: `leaf 'w'`, `add 'h'` where a label exists, else `a leaf`, `a result of add`. */
export function nameOf(node: Node): string {
  const label = labels.get(node)
  if (isArgument(node)) return label === undefined ? 'an argument' : `the argument '${label}'`
  if (label !== undefined) return `${node.op.name} '${label}'`
  return isLeaf(node) ? `a ${node.op.name}` : `a result of ${node.op.name}`
}

/** The operation, and the label of what it made. */
export function ruleOf(node: Node): string {
  const label = labelOf(node)
  return label === undefined ? node.op.name : `${node.op.name} '${label}'`
}

/** The line of the caller's code: the first on the stack that is not of this package, as far as the host tells. */
function placeInUserCode(): string {
  const frames = new Error().stack?.split('\n').filter((text) => /:\d+:\d+\)?$/.test(text)) ?? []
  const own = /([^\s(]*\/)[^/]*:\d+:\d+\)?$/.exec(frames[0] ?? '')?.[1]
  const line = own === undefined ? undefined : frames.find((text) => !text.includes(own))
  return line === undefined ? '' : ` (${line.trim().replace(/^at /, '')})`
}
