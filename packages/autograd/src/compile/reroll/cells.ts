/** Which values share memory, for how long, and in which order. */
import type { Chained } from './chains.ts'
import { type Crossings, crossingsOf } from './crossings.ts'
import { grid, instances, pick, placeOf } from './fit.ts'
import { Operands } from './operands.ts'
import {
  type Carried,
  countsOf,
  type Group,
  type Leaf,
  type LoopNode,
  type Place,
  type Producer,
  type Slot,
} from './rolled.ts'
import type { Makers } from './sums.ts'
import type { Tree } from './tree.ts'

/** Nodes that are met in memory, and where they are once that is known. */
interface Meeting {
  readonly nodes: Operands
  readonly sources: readonly Producer[]
  place: Place | null
}

/** An operand that is read from memory, before its place is known. */
export interface Pending extends Meeting, Crossings {
  readonly kind: 'pending'
}

/** A slot before the places in memory are known. */
export type OpenSlot = Exclude<Slot, { readonly kind: 'carried' | 'last' | 'cells' }> | OpenCarried | OpenLast | Pending

export interface OpenCarried {
  readonly kind: 'carried'
  readonly from: Producer
  readonly loop: LoopNode
  readonly init: OpenSlot
}

export interface OpenLast {
  readonly kind: 'last'
  readonly of: OpenCarried
}

export class Memory {
  private readonly trace: Chained
  private readonly tree: Tree
  private readonly makers: Makers
  private readonly pending: Pending[] = []
  private readonly targets: Map<Leaf, Meeting> = new Map()
  private readonly resolved: Map<OpenSlot, Slot> = new Map()
  private readonly parents: Map<Producer, Producer> = new Map()
  private readonly cellOf: Int32Array
  /** Marks of producers. */
  private readonly met: Uint8Array
  private readonly groups: Map<Producer, Group> = new Map()

  constructor(trace: Chained, tree: Tree, makers: Makers) {
    this.trace = trace
    this.tree = tree
    this.makers = makers
    this.cellOf = new Int32Array(trace.count)
    this.met = new Uint8Array(makers.producers.length)
  }

  /** Who makes the value of a node: its leaf, or the sum that it completes. */
  producerOf(id: number): Producer {
    const { producers, makerOf } = this.makers
    return producers[makerOf[id] as number] as Producer
  }

  private rootOf(producer: Producer): Producer {
    let root = producer
    for (let up = this.parents.get(root); up !== undefined && up !== root; up = this.parents.get(root)) root = up
    return root
  }

  private join(producers: readonly Producer[]): void {
    const [first] = producers
    if (first === undefined) return
    const root = this.rootOf(first)
    for (const producer of producers) this.parents.set(this.rootOf(producer), root)
    this.parents.set(root, root)
  }

  read(nodes: Operands): Pending {
    // Where all of it is made in the reader's iteration of outer loops, their first iteration tells all.
    const own = nodes.ownDepth()
    const table = nodes.inside(own)
    const { shared, across } = crossingsOf(table, nodes.path, own)
    const sources = this.sourcesOf(table)
    this.join(sources)
    const made: Pending = { kind: 'pending', nodes, sources, shared, across, place: null }
    this.pending.push(made)
    return made
  }

  /** Who makes the nodes, in the order in which they are met. */
  private sourcesOf(table: Int32Array): Producer[] {
    const { met } = this
    const { producers, makerOf } = this.makers
    return meet(table, makerOf, met).map((number) => {
      met[number] = 0
      return producers[number] as Producer
    })
  }

  /** Sums that one node adds to lie side by side. */
  shareSums(): void {
    const { sum } = this.trace
    for (const leaf of this.tree.leaves) {
      if (leaf.term === null || leaf.into !== null) continue
      const nodes = Operands.of(pick(sum, instances(leaf.id, leaf.path)), leaf.path)
      const sources = this.sourcesOf(nodes.table)
      this.join(sources)
      this.targets.set(leaf, { nodes, sources, place: null })
    }
  }

  /** Numbers the cells of every group by age, and finds who writes where. */
  place(): Group[] {
    const members = new Map<Producer, { producers: Producer[]; meetings: Meeting[]; depth: number }>()
    for (const producer of this.parents.keys()) {
      const root = this.rootOf(producer)
      const entry = members.get(root) ?? { producers: [], meetings: [], depth: root.path.length }
      members.set(root, entry)
      entry.producers.push(producer)
      entry.depth = Math.min(entry.depth, sharedDepth(root.path, producer.path))
    }
    for (const meeting of [...this.pending, ...this.targets.values()]) {
      const entry = members.get(this.rootOf(meeting.sources[0] as Producer))
      if (entry === undefined) continue
      entry.meetings.push(meeting)
      if ('shared' in meeting) entry.depth = Math.min(entry.depth, (meeting as Pending).shared)
    }
    const groups = [...members].map(([root, entry]) => this.group(root, entry))
    for (const [leaf, { sources, place }] of this.targets) {
      const group = this.groups.get(sources[0] as Producer)
      if (group !== undefined && place !== null) leaf.into = { kind: 'cells', group, place, across: 0 }
    }
    return groups
  }

  /** The group as deep in the loops as everyone meets the same cells in each iteration there. */
  private group(
    root: Producer,
    { producers, meetings, depth }: { producers: Producer[]; meetings: Meeting[]; depth: number },
  ): Group {
    const group = this.number(producers, root.path.slice(0, depth))
    let least = depth
    for (const meeting of meetings) {
      const place = this.cells(meeting.nodes, group)
      meeting.place = place
      const moving = place.strides.findIndex((stride) => stride !== 0)
      if (moving >= 0) least = Math.min(least, moving)
    }
    if (least < depth) return this.group(root, { producers, meetings, depth: least })
    for (const producer of producers) {
      producer.group = group
      this.groups.set(producer, group)
    }
    return group
  }

  private number(producers: readonly Producer[], path: readonly LoopNode[]): Group {
    const depth = path.length
    const lists = producers.map((producer) => instances(producer.id, producer.path.slice(depth)))
    const ids = new Int32Array(lists.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const list of lists) {
      ids.set(list, at)
      at += list.length
    }
    ids.sort()
    for (let i = 0; i < ids.length; i++) this.cellOf[ids[i] as number] = i
    const places = new Map<Producer, Place>()
    for (const [k, producer] of producers.entries()) {
      const cells = pick(this.cellOf, lists[k] as Int32Array)
      const inner = placeOf(cells, countsOf(producer.path.slice(depth)))
      places.set(producer, { ...inner, strides: [...path.map(() => 0), ...inner.strides] })
    }
    return { producers, path, size: ids.length, ids, places }
  }

  /** The place of the nodes, among cells that are counted in the first iteration of the loops of the group. */
  private cells(nodes: Operands, { path: around }: Group): Place {
    const depth = around.length
    const { affine, path, counts } = nodes
    const moves = affine === null ? -1 : around.findIndex(({ period }, level) => affine.strides[level] !== period)
    if (affine === null || moves >= 0) {
      const shifts = grid(
        0,
        path.map(({ period }, level) => (level < depth ? period : 0)),
        counts,
      )
      return placeOf(
        pick(
          this.cellOf,
          nodes.table.map((id, i) => id - (shifts[i] as number)),
        ),
        counts,
      )
    }
    const inner = placeOf(pick(this.cellOf, nodes.inside(depth)), counts.slice(depth))
    return { ...inner, strides: [...around.map(() => 0), ...inner.strides] }
  }

  /** The slot with its place in memory. Readers of one carried value, or of the same cells, share the slot. */
  resolve(slot: OpenSlot): Slot {
    if (slot.kind !== 'carried' && slot.kind !== 'last' && slot.kind !== 'pending') return slot
    const known = this.resolved.get(slot)
    if (known !== undefined) return known
    const made = slot.kind === 'pending' ? this.cellsOf(slot) : this.handed(slot)
    this.resolved.set(slot, made)
    return made
  }

  private handed(slot: OpenCarried | OpenLast): Slot {
    if (slot.kind === 'last') return { kind: 'last', of: this.resolve(slot.of) as Carried }
    return { ...slot, init: this.resolve(slot.init) }
  }

  private cellsOf({ sources, place, across }: Pending): Slot {
    const group = this.groups.get(sources[0] as Producer)
    if (group === undefined || place === null) throw new Error('an operand has no place in memory')
    return { kind: 'cells', group, place, across }
  }
}

function sharedDepth(a: readonly LoopNode[], b: readonly LoopNode[]): number {
  let depth = 0
  while (depth < a.length && a[depth] === b[depth]) depth++
  return depth
}

/** The numbers of the nodes' makers that are not marked yet, in the order in which they are met; they are marked now. */
function meet(table: Int32Array, makerOf: Int32Array, met: Uint8Array): number[] {
  const list: number[] = []
  for (let i = 0; i < table.length; i++) {
    const number = makerOf[table[i] as number] as number
    if (met[number] === 1) continue
    met[number] = 1
    list.push(number)
  }
  return list
}
