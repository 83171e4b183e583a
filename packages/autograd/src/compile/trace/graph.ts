/** Turns what was recorded into expressions. */
import { dtypeOf, shapeOf } from '../../data.ts'
import { TraceError } from '../../errors.ts'
import { type Input, type Node, nameOf, noteRead } from '../../node.ts'
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

class Reader {
  readonly build: Builder
  readonly captured: Map<Node, number>
  readonly closed: Set<Node>
  private readonly found: Map<Node, Expression>
  private readonly recording: Recording
  private readonly assigned: ReadonlyMap<Node, true>

  constructor(recording: Recording) {
    const { inputs, draws } = recording
    this.build = new Builder()
    this.recording = recording
    this.captured = new Map()
    this.closed = new Set()
    this.assigned = new Map(recording.effects.map(({ leaf }) => [leaf, true]))
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
    return same === undefined ? inputsOf(node) : [same]
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
    if (same !== undefined) {
      this.checkNotAssigned(same, node)
      return this.found.get(same) as Expression
    }
    if (node.op === EXAMPLE || node.op === FIXED) throw escaped()
    if (node.op === (SCAN as Op)) return scanExpression(this, node)
    const dtype = dtypeOf(raw)
    const inputs = inputsOf(node).map((input) => {
      if (typeof input === 'number') return this.build.uniform(input, [], dtype)
      this.checkNotAssigned(input, node)
      return this.found.get(input) as Expression
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

  /** A leaf that was assigned to inside the function is read as it was before the call. */
  private checkNotAssigned(input: Node, by: Node): void {
    if (this.assigned.has(input) && by.stamp <= input.stamp) {
      throw new TraceError(
        `compile: ${nameOf(input)} is read after it was assigned to in the same call. Compute with the Value that you assign, or make two compiled functions.`,
      )
    }
  }
}

export function graphOf(recording: Recording): Graph {
  const { outputs, effects, gradients } = recording
  const reads = effects.map((effect) => (effect.kind === 'assign' ? [effect.value] : effect.reads))
  const reader = new Reader(recording)
  const graph = {
    outputs: outputs.map((y) => reader.expression(y)),
    effects: effects.map(({ kind, leaf }, i) => ({
      target: reader.expression(leaf),
      reads: (reads[i] ?? []).map((x) => {
        const read = reader.expression(x)
        // What is assigned takes the dtype of the leaf.
        return kind === 'assign' ? reader.build.k.cast(read, dtypeOf(leaf.raw)) : read
      }),
    })),
    gradients: gradients.flatMap(({ gradient }) => (gradient === undefined ? [] : [reader.expression(gradient)])),
  }
  return { ...graph, captured: [...reader.captured.keys()], closed: [...reader.closed] }
}
