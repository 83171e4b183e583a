/** Where the numbers of arguments and leaves lie in the row of all inputs of a scalar program, and how they are read. */
import { dtypeOf, shapeOf } from '../../data.ts'
import { type Input, type Node, noteRead } from '../../node.ts'
import { ARGUMENT, CONSTANT, EXAMPLE, isLive, LEAF, type Op, type SliceArgs, STOPPED } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sizeOf, stridesOf } from '../../shape.ts'
import type { Recording } from './recording.ts'

/** The numbers of one source in the row of all inputs. */
export interface Cells {
  readonly start: number
  readonly size: number
}

/** Thrown where the recording is no scalar program. */
export class NotFlat extends Error {}

/** Elements of a source: those that a chain of slices and reshapes chooses. */
interface View {
  readonly source: Node
  readonly offset: number
  readonly strides: readonly number[]
  readonly shape: Shape
}

/** Where a number is found: its place in the row, or the number itself. */
export type Found = number | { readonly constant: number }

export class Sources {
  /** Where the numbers of each argument lie. */
  readonly given: readonly Cells[]
  /** Where those of leaves from outside lie, as far as they have been asked for. */
  readonly captured: Map<Node, Cells>
  /** The length of the row: of the part for arguments, and as far as it is known now. */
  readonly own: number
  size: number
  private readonly recording: Recording
  private readonly starts: Map<Node, number>
  private readonly views: Map<Node, View>
  private readonly differentiate: boolean

  /** @throws NotFlat for arguments in single precision. */
  constructor(recording: Recording, differentiate: boolean) {
    this.recording = recording
    this.differentiate = differentiate
    this.captured = new Map()
    this.starts = new Map()
    this.views = new Map()
    this.size = 0
    this.given = recording.inputs.map((input) => {
      if (dtypeOf(input.raw) !== 'float64') throw new NotFlat()
      const cells = this.reserve(input)
      this.starts.set(input, cells.start)
      return cells
    })
    this.own = this.size
  }

  private reserve({ raw }: Node): Cells {
    const cells = { start: this.size, size: sizeOf(shapeOf(raw)) }
    this.size += cells.size
    return cells
  }

  private isSource(node: Node): boolean {
    return node.op === LEAF || node.op === CONSTANT || node.stamp > this.recording.clock || this.starts.has(node)
  }

  /** Where the first number of a source lies; undefined for what is constant. */
  private startOf(node: Node): number | undefined {
    const known = this.starts.get(node)
    if (known !== undefined) return known
    const isOlder = node.stamp > this.recording.clock
    const isLeaf = node.op === LEAF || (node.op === CONSTANT && typeof node.raw !== 'number')
    if (!isLeaf || !isOlder) {
      // Something from outside that a gradient could flow to.
      if (node.op !== LEAF && isLive(node.op)) throw new NotFlat()
      if (node.op === CONSTANT) noteRead(this.recording, node)
      return undefined
    }
    if (dtypeOf(node.raw) !== 'float64') throw new NotFlat()
    const cells = this.reserve(node)
    this.captured.set(node, cells)
    this.starts.set(node, cells.start)
    return cells.start
  }

  /** The node that stands behind one that only renames it. @throws NotFlat where a gradient would flow through. */
  behind({ op, a }: Node): Node | undefined {
    if (op !== ARGUMENT && op !== STOPPED) return undefined
    if (op === STOPPED && this.differentiate && flows(a as Node)) throw new NotFlat()
    return a as Node
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
    const same = this.behind(node)
    if (same !== undefined) return this.viewOf(same)
    if (node.op === (table.slice as Op)) {
      const from = this.viewOf(node.a as Node)
      const { start, step } = node.args as SliceArgs
      const offset = from.strides.reduce((sum, stride, axis) => sum + stride * (start[axis] ?? 0), from.offset)
      return { ...from, offset, strides: from.strides.map((stride, axis) => stride * (step[axis] ?? 1)), shape }
    }
    if (node.op !== (table.reshape as Op)) throw new NotFlat()
    const from = this.viewOf(node.a as Node)
    const kept = from.shape.flatMap((n, axis) => (n === 1 ? [] : [axis]))
    const axes = shape.flatMap((n, axis) => (n === 1 ? [] : [axis]))
    if (kept.length !== axes.length || kept.some((axis, i) => from.shape[axis] !== shape[axes[i] as number])) {
      throw new NotFlat()
    }
    const strides = shape.map((_, axis) => from.strides[kept[axes.indexOf(axis)] ?? -1] ?? 0)
    return { ...from, strides, shape }
  }

  /** A single number of a source. @throws NotFlat where an operation on numbers, or on arrays, made it. */
  find(node: Node): Found {
    const { source, offset } = this.viewOf(node)
    const start = this.startOf(source)
    if (start !== undefined) return start + offset
    const { raw } = source
    return { constant: typeof raw === 'number' ? raw : (raw.data[offset] as number) }
  }
}

/** Whether a gradient would flow to the node if there were no stop behind it. */
function flows({ op, a, b }: Node): boolean {
  if (!isLive(op)) return false
  if (op === LEAF || op === EXAMPLE || op === ARGUMENT) return true
  if (op.da === null && op.db === null && op.dlist === null) return false
  const inputs = typeof a === 'object' && !('op' in a) ? a : [a as Input, b]
  return inputs.some((x) => typeof x === 'object' && isLive(x.op))
}
