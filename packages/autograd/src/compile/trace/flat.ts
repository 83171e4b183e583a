/** Scalar programs as flat traces: what loops over single numbers recorded, for the search for these loops. */
import { dtypeOf, shapeOf } from '../../data.ts'
import { type Input, type Node, noteRead } from '../../node.ts'
import { ARGUMENT, CONSTANT, isLive, LEAF, type Op, type SliceArgs, STOPPED } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sizeOf, stridesOf } from '../../shape.ts'
import { argsText } from '../argsText.ts'
import { type FlatTrace, type Kind, NONE } from '../reroll/flat.ts'
import type { Recording } from './recording.ts'

/** The numbers of one source in the row of all inputs. */
export interface Cells {
  readonly start: number
  readonly size: number
}

export interface Flat {
  readonly trace: FlatTrace
  /** Where the numbers of each argument lie. */
  readonly given: readonly Cells[]
  /** Where those of leaves from outside lie. */
  readonly captured: readonly { readonly leaf: Node; readonly cells: Cells }[]
}

/** Fewer operations than this are better treated as arrays of one element. */
const SMALLEST = 200
/** What stands in the scratch field of a node that is needed. */
const NEEDED = -1

/** Elements of a source: those that a chain of slices and reshapes chooses. */
interface View {
  readonly source: Node
  readonly offset: number
  readonly strides: readonly number[]
  readonly shape: Shape
}

class NotFlat extends Error {}

class Flattener {
  private readonly recording: Recording
  private readonly givenStarts: Map<Node, number>
  private readonly captured: Map<Node, Cells>
  private readonly views: Map<Node, View>
  private readonly constants: number[]
  private inputs: number
  /** Nodes whose scratch field is in use. */
  private readonly marked: Node[]
  private readonly differentiate: boolean

  constructor(recording: Recording, differentiate: boolean) {
    this.recording = recording
    this.differentiate = differentiate
    this.inputs = 0
    this.givenStarts = new Map()
    this.captured = new Map()
    this.views = new Map()
    this.constants = []
    this.marked = []
    for (const input of recording.inputs) {
      if (dtypeOf(input.raw) !== 'float64') throw new NotFlat()
      this.givenStarts.set(input, this.inputs)
      this.inputs += sizeOf(shapeOf(input.raw))
    }
  }

  /** Where the first number of a source lies; undefined for what is computed, or constant. */
  private startOf(node: Node): number | undefined {
    const given = this.givenStarts.get(node)
    if (given !== undefined) return given
    const isOlder = node.stamp > this.recording.clock
    const isLeaf = node.op === LEAF || (node.op === CONSTANT && typeof node.raw !== 'number')
    if (!isLeaf || !isOlder) {
      // Something from outside that a gradient could flow to.
      if (node.op !== LEAF && isLive(node.op)) throw new NotFlat()
      if (node.op === CONSTANT) noteRead(this.recording, node)
      return undefined
    }
    const known = this.captured.get(node)
    if (known !== undefined) return known.start
    if (dtypeOf(node.raw) !== 'float64') throw new NotFlat()
    const cells = { start: this.inputs, size: sizeOf(shapeOf(node.raw)) }
    this.captured.set(node, cells)
    this.inputs += cells.size
    return cells.start
  }

  private isSource(node: Node): boolean {
    return this.givenStarts.has(node) || node.op === LEAF || node.op === CONSTANT || node.stamp > this.recording.clock
  }

  private need(input: Input): void {
    if (typeof input !== 'object' || input.cotangent === NEEDED) return
    if (this.isSource(input)) {
      this.startOf(input)
      return
    }
    input.cotangent = NEEDED
    this.marked.push(input)
  }

  private viewOf(node: Node): View {
    const known = this.views.get(node)
    if (known !== undefined) return known
    const view = this.makeView(node)
    this.views.set(node, view)
    return view
  }

  private makeView(node: Node): View {
    const shape = shapeOf(node.raw)
    if (this.isSource(node)) return { source: node, offset: 0, strides: stridesOf(shape), shape }
    const from = this.viewOf(node.a as Node)
    if (node.op === (table.slice as Op)) {
      const { start, step } = node.args as SliceArgs
      const offset = from.strides.reduce((sum, stride, axis) => sum + stride * (start[axis] ?? 0), from.offset)
      return { ...from, offset, strides: from.strides.map((stride, axis) => stride * (step[axis] ?? 1)), shape }
    }
    if (node.op === ARGUMENT) return from
    if (node.op !== (table.reshape as Op)) throw new NotFlat()
    const kept = from.shape.flatMap((n, axis) => (n === 1 ? [] : [axis]))
    const axes = shape.flatMap((n, axis) => (n === 1 ? [] : [axis]))
    if (kept.length !== axes.length || kept.some((axis, i) => from.shape[axis] !== shape[axes[i] as number])) {
      throw new NotFlat()
    }
    const strides = shape.map((_, axis) => from.strides[kept[axes.indexOf(axis)] ?? -1] ?? 0)
    return { ...from, strides, shape }
  }

  /** A single number of a source, where the node is no operation on numbers. */
  private pickOf({ source, offset }: View): number {
    const start = this.startOf(source)
    if (start !== undefined) return start + offset
    const { raw } = source
    return this.constant(typeof raw === 'number' ? raw : (raw.data[offset] as number))
  }

  private constant(x: number): number {
    return -this.constants.push(x)
  }

  /** The node that stands behind one that only renames it. */
  private isAlias({ op, a }: Node): boolean {
    if (op === ARGUMENT) return true
    if (op !== STOPPED) return false
    const made = (a as Node).op
    const noGradient = made.da === null && made.db === null && made.dlist === null
    if (this.differentiate && !noGradient) throw new NotFlat()
    return true
  }

  /** From the results back: what is needed, all of it single numbers. */
  private mark(): Node[] {
    const { nodes } = this.recording
    for (const y of this.recording.outputs) this.need(y)
    const needed: Node[] = []
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i] as Node
      if (node.cotangent !== NEEDED) continue
      if (typeof node.raw !== 'number') throw new NotFlat()
      needed.push(node)
      if (node.op === (table.reshape as Op)) this.viewOf(node)
      else if (this.isAlias(node)) this.need(node.a as Node)
      else if (node.op === table.where) for (const input of node.a as readonly Input[]) this.need(input)
      else if (node.op.scalar !== null) {
        this.need(node.a as Input)
        if (node.op.arity === 2) this.need(node.b)
      } else throw new NotFlat()
    }
    return needed.reverse()
  }

  private operand(input: Input): number {
    if (typeof input === 'number') return this.constant(input)
    if (typeof input.cotangent === 'number') return input.cotangent
    return this.pickOf(this.viewOf(input))
  }

  run(): Flat | undefined {
    const needed = this.mark()
    // Captured leaves that only views name have their cells now, before nodes get their ids.
    for (const view of this.views.values()) this.startOf(view.source)
    const first = this.inputs
    const ops = needed.filter(
      (node) => node.op !== (table.reshape as Op) && node.op !== ARGUMENT && node.op !== STOPPED,
    )
    if (ops.length < SMALLEST) return undefined
    const count = first + ops.length
    const [kind, a, b, c] = Array.from({ length: 4 }, () => new Int32Array(count).fill(NONE)) as [
      Int32Array,
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    kind.fill(0)
    const kinds = new Kinds()
    let id = first
    for (const node of needed) {
      const { op } = node
      if (op === (table.reshape as Op)) node.cotangent = this.pickOf(this.viewOf(node))
      else if (op === ARGUMENT || op === STOPPED) node.cotangent = this.operand(node.a as Node)
      else {
        const list = op === table.where ? (node.a as readonly Input[]) : [node.a as Input, node.b]
        kind[id] = kinds.of(op, node.args)
        a[id] = this.operand(list[0] as Input)
        if (op.arity > 1) b[id] = this.operand(list[1] as Input)
        if (op.arity > 2) c[id] = this.operand(list[2] as Input)
        node.cotangent = id++
      }
    }
    const outputs = this.recording.outputs.map((y) => this.operand(y))
    const trace: FlatTrace = {
      inputs: first,
      count,
      kind,
      kinds: kinds.list,
      a,
      b,
      c,
      constants: Float64Array.from(this.constants),
      outputs,
    }
    return {
      trace,
      given: this.recording.inputs.map((input) => ({
        start: this.givenStarts.get(input) ?? 0,
        size: sizeOf(shapeOf(input.raw)),
      })),
      captured: [...this.captured].map(([leaf, cells]) => ({ leaf, cells })),
    }
  }

  /** Leaves no trace on the nodes. */
  clear(): void {
    for (const node of this.marked) node.cotangent = undefined
  }
}

/** Operations with their arguments, each once. */
class Kinds {
  readonly list: Kind[]
  /** By the text of the arguments, or by themselves where no text tells them apart. */
  private readonly known: Map<Op, Map<unknown, number>>

  constructor() {
    this.list = []
    this.known = new Map()
  }

  of(op: Op, args: unknown): number {
    const byArgs = this.known.get(op) ?? new Map<unknown, number>()
    this.known.set(op, byArgs)
    const key = argsText(args) ?? args
    const found = byArgs.get(key)
    if (found !== undefined) return found
    byArgs.set(key, this.list.length)
    return this.list.push({ op, args }) - 1
  }
}

/** The recording as a flat trace; undefined where it works with arrays, draws numbers, changes leaves, or is small. */
export function flatten(recording: Recording, differentiate: boolean): Flat | undefined {
  const { draws, effects, nodes, outputs } = recording
  if (draws.length > 0 || effects.length > 0 || nodes.length < SMALLEST) return undefined
  if (outputs.some((y) => typeof y.raw !== 'number')) return undefined
  let flattener: Flattener | undefined
  try {
    flattener = new Flattener(recording, differentiate)
    return flattener.run()
  } catch (error) {
    if (error instanceof NotFlat) return undefined
    throw error
  } finally {
    flattener?.clear()
  }
}
