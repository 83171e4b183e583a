/** Scalar programs as flat traces: what loops over single numbers recorded, for the search for these loops. */
import type { Input, Node } from '../../node.ts'
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { argsText } from '../argsText.ts'
import { type FlatTrace, type Kind, NONE } from '../reroll/flat.ts'
import { FOREIGN, needed, OUTSIDE, type Traced } from './needed.ts'
import type { Recording } from './recording.ts'
import { type Cells, NotFlat, Sources } from './sources.ts'

export interface Flat extends Traced {
  /** Where the numbers of each argument lie. */
  readonly given: readonly Cells[]
  /** Where those of leaves from outside lie. */
  readonly captured: readonly { readonly leaf: Node; readonly cells: Cells }[]
}

/** Fewer operations than this are better treated as arrays of one element. */
const SMALLEST = 200

/**
 * Each node is read once, in the order of creation, into typed arrays: there may be a hundred thousand, and the code that
 * reads them is not optimised yet. While it lasts, the scratch field of a node that was recorded holds what it is as an
 * operand: its id, a cell of the inputs, −1 − k for the constant k.
 */
class Flattener {
  private readonly recording: Recording
  private readonly sources: Sources
  private readonly outside: Map<Node, number>
  private readonly constants: number[]
  /** Nodes beside those of the recording whose scratch field is in use. */
  private readonly marked: Node[]
  /** What some node reads, or the function returns. */
  private readonly used: Uint8Array
  /** Whether something is read that is no single number. */
  private foreign: boolean

  constructor(recording: Recording, differentiate: boolean) {
    this.recording = recording
    this.sources = new Sources(recording, differentiate)
    this.outside = new Map()
    this.constants = []
    this.marked = []
    this.used = new Uint8Array(this.sources.own + recording.nodes.length + 1)
    this.foreign = false
  }

  private operand(input: Input): number {
    if (typeof input === 'number') return -this.constants.push(input)
    // The scratch field of what is older may be part of a pass that is under way.
    const known = input.stamp > this.recording.clock ? this.outside.get(input) : input.cotangent
    const operand = typeof known === 'number' ? known : this.find(input)
    if (operand >= 0 && operand < OUTSIDE) this.used[operand] = 1
    return operand
  }

  /** What is no operation of numbers: another name of something, or a number of a source. */
  private find(node: Node): number {
    const operand = this.named(node)
    if (node.stamp > this.recording.clock) this.outside.set(node, operand)
    else {
      node.cotangent = operand
      this.marked.push(node)
    }
    return operand
  }

  private named(node: Node): number {
    const { sources, constants } = this
    try {
      const same = sources.behind(node)
      if (same !== undefined) return this.operand(same)
      const found = sources.find(node)
      if (typeof found !== 'number') return -constants.push(found.constant)
      return found < sources.own ? found : OUTSIDE + found
    } catch (error) {
      // Nothing is lost where nobody needs it.
      if (!(error instanceof NotFlat)) throw error
      this.foreign = true
      return FOREIGN
    }
  }

  run(): Flat | undefined {
    const { sources } = this
    const { nodes, outputs } = this.recording
    const most = sources.own + nodes.length
    const [kind, a, b, c] = [new Int32Array(most), blank(most), blank(most), blank(most)]
    const values = new Float64Array(most)
    const kinds = new Kinds()
    let id = sources.own
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as Node
      const { op, raw } = node
      if (typeof raw !== 'number') continue
      if (op.scalar !== null) {
        a[id] = this.operand(node.a as Input)
        if (op.arity === 2) b[id] = this.operand(node.b)
      } else if (op === table.where) {
        const [condition = 0, x = 0, y = 0] = node.a as readonly Input[]
        a[id] = this.operand(condition)
        b[id] = this.operand(x)
        c[id] = this.operand(y)
      } else continue
      kind[id] = kinds.of(op, node.args)
      values[id] = raw
      node.cotangent = id++
    }
    const results = outputs.map((y) => this.operand(y))
    const trace: FlatTrace = {
      inputs: sources.own,
      count: id,
      kind: kind.subarray(0, id),
      kinds: kinds.list,
      a: a.subarray(0, id),
      b: b.subarray(0, id),
      c: c.subarray(0, id),
      constants: Float64Array.from(this.constants),
      outputs: results,
    }
    const all = { trace, values: values.subarray(0, id), given: sources.given, captured: [] }
    const isWhole = sources.captured.size === 0 && !this.foreign && this.used.indexOf(0, sources.own) === id
    const flat = isWhole ? all : this.rest(all)
    return flat === undefined || flat.trace.count - flat.trace.inputs < SMALLEST ? undefined : flat
  }

  /** Without what the results do not need. */
  private rest(all: Flat): Flat | undefined {
    const made = needed(all, this.sources.size)
    if (made === undefined) return undefined
    const { trace, values, reads } = made
    const isRead = ({ start, size }: Cells): boolean => reads.subarray(start, start + size).includes(1)
    const captured = Array.from(this.sources.captured, ([leaf, cells]) => ({ leaf, cells }))
    return { trace, values, given: all.given, captured: captured.filter(({ cells }) => isRead(cells)) }
  }

  /** Leaves no trace on the nodes. */
  clear(): void {
    const { recording, marked } = this
    for (const list of [recording.nodes, marked]) {
      for (let i = 0; i < list.length; i++) (list[i] as Node).cotangent = undefined
    }
  }
}

function blank(count: number): Int32Array {
  return new Int32Array(count).fill(NONE)
}

/** Operations with their arguments, each once. */
class Kinds {
  readonly list: Kind[]
  /** By the text of the arguments, or by themselves where no text tells them apart. */
  private readonly known: Map<Op, Map<unknown, number>>
  private readonly plain: Map<Op, number>

  constructor() {
    this.list = []
    this.known = new Map()
    this.plain = new Map()
  }

  of(op: Op, args: unknown): number {
    // Most operations have none.
    if (args === undefined) return this.plain.get(op) ?? this.add(op, args, this.plain, op)
    const byArgs = this.known.get(op) ?? new Map<unknown, number>()
    this.known.set(op, byArgs)
    const key = argsText(args) ?? args
    return byArgs.get(key) ?? this.add(op, args, byArgs, key)
  }

  private add<K>(op: Op, args: unknown, known: Map<K, number>, key: K): number {
    known.set(key, this.list.length)
    return this.list.push({ op, args }) - 1
  }
}

/** The recording as a flat trace; undefined where it works with arrays, draws numbers, changes leaves, or is small. */
export function flatten(recording: Recording, differentiate: boolean): Flat | undefined {
  const { draws, effects, gradients, nodes, outputs } = recording
  if (draws.length > 0 || effects.length > 0 || gradients.length > 0 || nodes.length < SMALLEST) return undefined
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
