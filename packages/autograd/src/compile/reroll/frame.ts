/** One level of the code that is being made: a block, the loop around it, and what is known in one iteration. */
import {
  type Address,
  address,
  type Buffer,
  type Carry,
  type Load,
  type Loop,
  loop,
  type Result,
  type Term,
} from '../program/program.ts'
import type { Kept } from './keep.ts'
import type { Carried, Group, Last, Leaf, LoopNode, Place, Producer, Slot, Sum } from './rolled.ts'
import { type Block, block, Terms } from './terms.ts'

export interface Frame {
  /** How many loops are around. */
  readonly depth: number
  readonly node: LoopNode | null
  readonly loop: Loop | null
  /** Whether iterations run from the last to the first. */
  readonly reversed: boolean
  readonly block: Block
  readonly values: Map<Producer, Term>
  /** Sums so far: of this iteration, or of its share in a sum of a frame outside. */
  readonly sums: Map<Sum, Term>
  /** What came in from the iteration before, in forward order. */
  readonly carried: Map<Carried, Carry>
  /** What inner loops handed on in their last iteration. */
  readonly lasts: Map<Carried, Term>
  /** Their cotangents, which come in from the iteration after. */
  readonly returned: Map<Carried, Carry>
  /** Leaves computed in the forward phase of this frame, those of inner loops included. */
  readonly done: Set<Leaf>
}

/** The code so far: its buffers, and the frames that are open. */
export class Code {
  readonly terms: Terms
  readonly frames: Frame[]
  readonly buffers: Buffer[] = []
  readonly x: Buffer
  private readonly memory: Map<Group | Carried | Producer, Buffer>
  private readonly tables: Map<Float64Array | Int32Array, Buffer>

  /** Values that the reverse does not make anew, with the depth of the forward phase that keeps them. */
  readonly kept: Kept

  constructor(inputs: number, { plain = false, kept = new Map() }: { plain?: boolean; kept?: Kept } = {}) {
    this.kept = kept
    this.x = this.buffer('x', inputs, 'input')
    const top = block(null)
    this.terms = new Terms(top, plain)
    this.frames = [frameOf(0, null, null, false, top)]
    this.memory = new Map()
    this.tables = new Map()
  }

  get frame(): Frame {
    return this.frames.at(-1) as Frame
  }

  buffer(name: string, size: number, kind: Buffer['kind'], type: Buffer['type'] = 'f64'): Buffer {
    const made: Buffer = { name, type, size, kind }
    this.buffers.push(made)
    return made
  }

  /** A buffer of one iteration of the loops of `path`. */
  scratch(name: string, size: number, path: readonly LoopNode[]): Buffer {
    return this.buffer(`${name}${this.buffers.length}`, size, path.some((node) => node.vector) ? 'private' : 'scratch')
  }

  groupBuffer(group: Group): Buffer {
    return this.remember(group, () => this.scratch('cells', group.size, group.path))
  }

  /** What a carried value was before each iteration, and after the last. */
  historyBuffer(slot: Carried): Buffer {
    return this.remember(slot, () => this.scratch('history', slot.loop.count + 1, slot.loop.path.slice(0, -1)))
  }

  private remember(owner: Group | Carried | Producer, make: () => Buffer): Buffer {
    const known = this.memory.get(owner) ?? make()
    this.memory.set(owner, known)
    return known
  }

  tableBuffer(values: Float64Array | Int32Array): Buffer {
    const known = this.tables.get(values)
    if (known !== undefined) return known
    const type = values instanceof Int32Array ? 'i32' : 'f64'
    const name = `${type === 'i32' ? 'places' : 'constants'}${this.buffers.length}`
    const made: Buffer = { name, type, size: values.length, kind: 'constant', data: values }
    this.buffers.push(made)
    this.tables.set(values, made)
    return made
  }

  open(node: LoopNode, reversed: boolean): Frame {
    const { frame } = this
    const made = loop(node.count, { parallel: !node.sequential, vector: node.vector })
    const inner = frameOf(frame.depth + 1, node, made, reversed, block(frame.block, made.body))
    this.frames.push(inner)
    this.terms.at = inner.block
    return inner
  }

  /** Ends the loop, which becomes a statement of the frame outside. */
  close(): void {
    const inner = this.frames.pop() as Frame
    this.terms.at = this.frame.block
    this.frame.block.statements.push(inner.loop as Loop)
  }

  /** Runs `make` as if in the frame outside at the depth, before the loops that are open. */
  outside<T>(depth: number, make: () => T): T {
    const inner = this.frames.splice(depth + 1)
    this.terms.at = this.frame.block
    const made = make()
    this.frames.push(...inner)
    this.terms.at = this.frame.block
    return made
  }

  carry(frame: Frame, init: Term, join: Carry['join']): Carry {
    const made: Carry = { kind: 'carry', type: 'f64', init, next: null, join }
    frame.loop?.carries.push(made)
    return made
  }

  result(carry: Carry): Result {
    return { kind: 'result', type: 'f64', carry }
  }

  /** The address of base + Σ stride·iteration, in the order in which the frames run. */
  affine(buffer: Buffer, base: number, strides: readonly number[]): Address {
    let at = base
    const terms: { loop: Loop; stride: number }[] = []
    for (const [level, stride] of strides.entries()) {
      const frame = this.frames[level + 1]
      if (stride === 0 || !frame?.loop) continue
      if (frame.reversed) at += stride * (frame.loop.count - 1)
      terms.push({ loop: frame.loop, stride: frame.reversed ? -stride : stride })
    }
    return address(buffer, at, terms)
  }

  address(buffer: Buffer, { base, strides, table }: Place, shift = 0): Address {
    if (table === null) return this.affine(buffer, base - shift, strides)
    const index = this.load(this.affine(this.tableBuffer(table), base, strides))
    return address(buffer, -shift, [], index)
  }

  load(from: Address): Term {
    return this.terms.once(this.keyOf(from), () => loadOf(from))
  }

  /** A load that is not shared: the memory changes. */
  loadNow(from: Address): Term {
    const made = loadOf(from)
    this.terms.at.statements.push(made)
    return made
  }

  keyOf({ buffer, base, terms, index }: Address): string {
    const parts = terms.map(({ loop: l, stride }) => `${this.terms.idOf(l)}*${stride}`)
    return `${this.terms.idOf(buffer)}[${base}+${parts.join()}+${index === null ? '' : this.terms.idOf(index)}]`
  }

  store(to: Address, value: Term): void {
    this.terms.at.statements.push({ kind: 'store', address: to, value })
  }

  accumulate(to: Address, value: Term): void {
    this.terms.at.statements.push({ kind: 'accumulate', address: to, value })
  }

  /** The value of a producer in the frames that are open. */
  value(producer: Producer): Term {
    const frame = this.frames[producer.path.length] as Frame
    const made = producer.kind === 'leaf' ? frame.values.get(producer) : frame.sums.get(producer)
    if (made === undefined && this.kept.has(producer)) return this.load(this.keptPlace(producer))
    if (producer.kind === 'leaf') {
      const known = made
      if (known === undefined) throw new Error(`the value of node ${producer.id} is not there yet`)
      return known
    }
    return made ?? this.terms.constant(0)
  }

  /** Where a value is kept for the reverse: a cell for each iteration inside the phase that keeps it. */
  keptPlace(producer: Producer): Address {
    const { path } = producer
    const phase = this.kept.get(producer) ?? 0
    const strides = path.map(() => 0)
    let size = 1
    for (let level = path.length - 1; level >= phase; level--) {
      strides[level] = size
      size *= path[level]?.count ?? 1
    }
    const buffer = this.remember(producer, () => this.scratch('kept', size, path.slice(0, phase)))
    return this.affine(buffer, 0, strides)
  }

  /** The operand in the present iteration. */
  slot(slot: Slot): Term {
    switch (slot.kind) {
      case 'constant':
        return this.terms.constant(slot.value)
      case 'table':
        return this.load(this.affine(this.tableBuffer(slot.values), 0, slot.strides))
      case 'input':
        return this.load(this.address(this.x, slot.place))
      case 'local':
        return this.value(slot.from)
      case 'cells':
        return this.load(this.address(this.groupBuffer(slot.group), slot.place))
      case 'carried':
        return this.carriedValue(slot)
      case 'last':
        return this.lastValue(slot)
    }
  }

  private lastValue({ of }: Last): Term {
    const known = this.frames[of.loop.path.length - 1]?.lasts.get(of)
    if (known === undefined) throw new Error(`what the loop at node ${of.loop.start} hands on is not there yet`)
    return known
  }

  private carriedValue(slot: Carried): Term {
    const depth = slot.loop.path.length
    const frame = this.frames[depth] as Frame
    const known = frame.carried.get(slot)
    if (known !== undefined) return known
    // In the reverse of the loop, memory tells what came in.
    const strides = slot.loop.path.map((_, level) => (level === depth - 1 ? 1 : 0))
    return this.load(this.affine(this.historyBuffer(slot), 0, strides))
  }
}

function loadOf(from: Address): Load {
  return { kind: 'load', type: from.buffer.type, address: from }
}

export function frameOf(
  depth: number,
  node: LoopNode | null,
  made: Loop | null,
  reversed: boolean,
  inner: Block,
): Frame {
  return {
    depth,
    node,
    loop: made,
    reversed,
    block: inner,
    values: new Map(),
    sums: new Map(),
    carried: new Map(),
    lasts: new Map(),
    returned: new Map(),
    done: new Set(),
  }
}
