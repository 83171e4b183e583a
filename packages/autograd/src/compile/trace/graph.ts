/** Turns what was recorded into expressions. */
import { dtypeOf, shapeOf } from '../../data.ts'
import { TraceError } from '../../errors.ts'
import { type Assignment, type Input, type Node, nameOf, noteRead, type Effect as Recorded } from '../../node.ts'
import { ARGUMENT, CONSTANT, EXAMPLE, FIXED, isLive, LEAF, type Op, STOPPED, type WindowArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sameShape } from '../../shape.ts'
import { CUSTOM, type CustomArgs } from '../../transforms/customGradient.ts'
import { SCAN } from '../../transforms/scanLoop.ts'
import { Builder } from '../graph/builder.ts'
import { expansionOf } from '../graph/expand.ts'
import { type Expression, isElementwise } from '../graph/expression.ts'
import { escaped } from '../graph/scan.ts'
import { checkedPlaces } from './places.ts'
import type { Recording } from './recording.ts'
import { scanExpression } from './scan.ts'

export interface Graph {
  readonly outputs: readonly Expression[]
  /** For each effect the leaf that it changes, and what it reads. */
  readonly effects: readonly { readonly target: Expression; readonly reads: readonly Expression[] }[]
  /** The gradients that the function left on leaves and arguments. */
  readonly gradients: readonly Expression[]
  /** The leaves from outside, in the order of their slots, which follow those of the arguments and draws. */
  readonly captured: readonly Node[]
  /** What else from outside a gradient could flow to: its numbers are constants of the program. */
  readonly closed: readonly Node[]
}

/** Whole numbers up to here are exact in float32. */
const EXACT = 2 ** 24

function inputsOf({ op, a, b }: Node): readonly Input[] {
  if (typeof a === 'object' && !('op' in a)) return a
  return op.arity === 2 ? [a, b] : [a]
}

/** What is behind a node that only renames another, or that a function of its own computes. */
function behind(node: Node): Node | undefined {
  if (node.op === ARGUMENT || node.op === STOPPED) return node.a as Node
  return node.op === (CUSTOM as Op) ? (node.args as CustomArgs).custom.root : undefined
}

interface Happened {
  readonly effect: Recorded
  readonly place: number
}

class Reader {
  readonly build: Builder
  readonly captured: Map<Node, number>
  readonly closed: Set<Node>
  private readonly found: Map<Node, Expression>
  private readonly recording: Recording
  /** What happened to leaves, in order, and where the recorded nodes stand, if anything did. */
  private readonly assigned: ReadonlyMap<Node, readonly Happened[]>
  private readonly order: ReadonlyMap<Node, number>

  constructor(recording: Recording) {
    const { inputs, draws } = recording
    this.build = new Builder()
    this.recording = recording
    this.captured = new Map()
    this.closed = new Set()
    const assigned = new Map<Node, Happened[]>()
    const all = [...recording.effects, ...recording.replayed].sort((a, b) => b.stamp - a.stamp)
    for (const [place, effect] of all.entries()) {
      assigned.set(effect.leaf, [...(assigned.get(effect.leaf) ?? []), { effect, place }])
    }
    this.order = new Map(all.length === 0 ? [] : recording.nodes.map((node, i) => [node, i]))
    this.assigned = assigned
    const given = [...inputs, ...draws.map(({ node }) => node)]
    this.found = new Map(
      given.map((node, slot) => [node, this.build.input(slot, shapeOf(node.raw), dtypeOf(node.raw))]),
    )
  }

  /** The slot of a leaf from outside. */
  slotOf(leaf: Node): number {
    const known = this.captured.get(leaf)
    if (known !== undefined) return known
    const slot = this.recording.inputs.length + this.recording.draws.length + this.captured.size
    this.captured.set(leaf, slot)
    return slot
  }

  /** What stands for a node that nothing made. */
  bind(node: Node, x: Expression): void {
    this.found.set(node, x)
  }

  expression(root: Node): Expression {
    const stack: Node[] = [root]
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (this.found.has(node)) {
        stack.pop()
        continue
      }
      const missing = this.dependencies(node).filter((x): x is Node => typeof x === 'object' && !this.found.has(x))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      this.found.set(node, this.translate(node))
    }
    return this.found.get(root) as Expression
  }

  private isSource(node: Node): boolean {
    return node.op === CONSTANT || node.op === LEAF || node.stamp > this.recording.clock
  }

  /** Leaves and arrays of constants from outside: their numbers may be others at a later call. */
  private isInput({ op, raw, stamp }: Node): boolean {
    return stamp > this.recording.clock && (op === LEAF || (op === CONSTANT && typeof raw !== 'number'))
  }

  private dependencies(node: Node): readonly Input[] {
    if (this.isSource(node)) return []
    const same = behind(node)
    const inputs = same === undefined ? inputsOf(node) : [same]
    return this.assigned.size === 0 ? inputs : inputs.map((x) => (typeof x === 'number' ? x : this.at(x, node)))
  }

  /** What stands for the numbers of a node when `by` was computed from it: a leaf may have been assigned to before. */
  private at(node: Node, by: Node): Node {
    const position = this.order.get(by)
    return this.after(node, ({ effect }) =>
      position === undefined ? by.stamp <= effect.stamp : effect.position <= position,
    )
  }

  private after(node: Node, isBefore: (happened: Happened) => boolean): Node {
    const last = this.assigned.get(node)?.findLast(isBefore)
    if (last === undefined) return node
    const { effect, place } = last
    if (effect.kind === 'assign') return this.after(effect.value, (each) => each.place < place)
    throw new TraceError(
      `compile: ${nameOf(node)} is read after it was edited (update) in the same call. Edits are made when everything is computed: make two compiled functions.`,
    )
  }

  /** The numbers of a node when `by` was computed from it, in the dtype of the node. */
  numbersAt(node: Node, by: Node): Expression {
    return this.build.k.cast(this.expression(this.at(node, by)), dtypeOf(node.raw))
  }

  /** What a leaf is assigned, in its dtype. */
  assignedBy(effect: Assignment): Expression {
    const { leaf, value } = effect
    const own = this.assigned.get(leaf)?.find((each) => each.effect === effect)?.place ?? 0
    const x = this.expression(this.after(value, ({ place }) => place < own))
    return this.build.k.cast(this.build.k.cast(x, dtypeOf(value.raw)), dtypeOf(leaf.raw))
  }

  /** The numbers from before the call, apart from the memory of a leaf that gets others. */
  apart(x: Expression): Expression {
    let whole = x
    while (whole.op === (table.reshape as Op)) whole = whole.inputs[0] as Expression
    const isWritten = [...this.assigned.keys()].some((leaf) => this.found.get(leaf) === whole)
    return isWritten ? this.build.operation(table.cast as Op, [x], { dtype: x.dtype }, x.shape, x.dtype) : x
  }

  private translate(node: Node): Expression {
    const { raw } = node
    if (this.assigned.has(node) || this.isInput(node)) {
      return this.build.input(this.slotOf(node), shapeOf(raw), dtypeOf(raw))
    }
    if (this.isSource(node)) {
      if (isLive(node.op) && node.op !== LEAF) this.closed.add(node)
      if (node.op === CONSTANT) noteRead(this.recording, node)
      return this.build.constant(raw)
    }
    const same = behind(node)
    if (same !== undefined) return this.numbersAt(same, node)
    if (node.op === EXAMPLE || node.op === FIXED) throw escaped()
    if (node.op === (SCAN as Op)) return scanExpression(this, node)
    const dtype = dtypeOf(raw)
    const inputs = inputsOf(node).map((input) => {
      if (typeof input === 'number') return this.build.uniform(input, [], dtype)
      return this.numbersAt(input, node)
    })
    return this.operation(node, inputs)
  }

  private operation({ op, args, raw }: Node, inputs: readonly Expression[]): Expression {
    const { build } = this
    const shape = shapeOf(raw)
    const dtype = dtypeOf(raw)
    const expansion = expansionOf(op)
    const [first, second] = inputs
    if (expansion !== undefined && first !== undefined) {
      const result = expansion(build.k, first, args as never)
      if (sameShape(result.shape, shape)) return build.apply(table.cast, [result], { dtype }, shape, dtype)
    }
    if (first !== undefined && second !== undefined && op.held === 1) {
      return build.apply(op, [first, checkedPlaces(build, op, first, second, args)], args, shape, dtype)
    }
    if (op === table.where && first !== undefined && first.dtype !== dtype) {
      const chosen = build.k.cast(build.k.ne(first, 0), dtype)
      return build.apply(op, [chosen, ...inputs.slice(1)], args, shape, dtype)
    }
    if (isElementwise(op) || op === table.cast) return build.apply(op, inputs, args, shape, dtype)
    if (op === table.argmaxWindow && first !== undefined) {
      // Places in a plane, as numbers of the type that they are found in, where that has them all.
      const { input } = args as WindowArgs
      const own = input[0] * input[1] <= EXACT ? first.dtype : dtype
      return build.apply(table.cast, [build.apply(op, inputs, args, shape, own)], { dtype }, shape, dtype)
    }
    // Kernels that read arrays want them in one dtype.
    const alike = inputs.map((x) => (x.dtype === dtype ? x : build.apply(table.cast, [x], { dtype }, x.shape, dtype)))
    return build.apply(op, alike, args, shape, dtype)
  }
}

export function graphOf(recording: Recording): Graph {
  const { outputs, effects, gradients } = recording
  const reader = new Reader(recording)
  const targets = effects.map(({ leaf }) => reader.expression(leaf))
  const isChanged = new Set(effects.map(({ leaf }) => leaf))
  const graph = {
    // A leaf that is returned has its new numbers, everything else those that it was computed with.
    outputs: outputs.map((y) => (isChanged.has(y) ? reader.expression(y) : reader.apart(reader.expression(y)))),
    effects: effects.map((effect, i) => ({
      target: targets[i] as Expression,
      reads:
        effect.kind === 'assign'
          ? [reader.apart(reader.assignedBy(effect))]
          : // Edits are made in order: a leaf has the numbers that it has by then.
            effect.reads.map((x) => (isChanged.has(x) ? reader.expression(x) : reader.apart(reader.expression(x)))),
    })),
    gradients: gradients.flatMap(({ gradient }) =>
      gradient === undefined ? [] : [reader.apart(reader.expression(gradient))],
    ),
  }
  return { ...graph, captured: [...reader.captured.keys()], closed: [...reader.closed] }
}
