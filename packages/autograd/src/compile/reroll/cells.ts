/** Which values share memory, for how long, and in which order. */
import type { Chained } from './chains.ts'
import { eachIteration, placeOf } from './fit.ts'
import {
  type Carried,
  countsOf,
  type Group,
  type Leaf,
  type LoopNode,
  type Place,
  type Producer,
  type Slot,
  type Sum,
} from './rolled.ts'
import type { Sums } from './sums.ts'
import type { Tree } from './tree.ts'

/** Nodes that are met in memory, one an iteration of the path, and where they are once that is known. */
interface Meeting {
  readonly table: Int32Array
  readonly path: readonly LoopNode[]
  readonly sources: readonly Producer[]
  place: Place | null
}

/** An operand that is read from memory, before its place is known. */
export interface Pending extends Meeting {
  readonly kind: 'pending'
  /** The loops around the reader in whose iteration all that it reads was made. */
  readonly shared: number
  /** The loops in which an iteration reads what another one made, a bit a level. */
  readonly across: number
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
  private readonly sums: Sums
  private readonly pending: Pending[] = []
  private readonly targets: Map<Leaf, Meeting> = new Map()
  private readonly resolved: Map<OpenSlot, Slot> = new Map()
  private readonly parents: Map<Producer, Producer> = new Map()
  private readonly cellOf: Int32Array
  private readonly groups: Map<Producer, Group> = new Map()

  constructor(trace: Chained, tree: Tree, sums: Sums) {
    this.trace = trace
    this.tree = tree
    this.sums = sums
    this.cellOf = new Int32Array(trace.count)
  }

  /** Who makes the value of a node: its leaf, or the sum that it completes. */
  producerOf(id: number): Producer {
    const chain = this.trace.chain[id] as number
    if (chain < 0) return this.tree.leaves[this.tree.leafOf[id] as number] as Leaf
    return this.sums.sums[this.sums.sumOf[chain] as number] as Sum
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

  read(table: Int32Array, path: readonly LoopNode[]): Pending {
    const sources = new Set<Producer>()
    let shared = path.length
    let across = 0
    eachIteration(countsOf(path), (index, at) => {
      const id = table[index] as number
      sources.add(this.producerOf(id))
      let shift = 0
      for (let level = 0; level < path.length; level++) {
        const { start, period, count } = path[level] as LoopNode
        const from = start + shift + (at[level] as number) * period
        if (id < from || id >= from + period) {
          shared = Math.min(shared, level)
          if (id >= start + shift && id < start + shift + period * count) across |= 1 << level
          break
        }
        shift += (at[level] as number) * period
      }
    })
    const list = [...sources]
    this.join(list)
    const made: Pending = { kind: 'pending', table, path, sources: list, shared, across, place: null }
    this.pending.push(made)
    return made
  }

  /** Sums that one node adds to lie side by side. */
  shareSums(): void {
    for (const [leaf, chains] of this.sums.chainsOf) {
      if (leaf.into !== null) continue
      const sources = [...new Set(chains)].map((chain) => this.sums.sums[this.sums.sumOf[chain] as number] as Sum)
      const table = chains.map((chain) => this.trace.lasts[chain] as number)
      this.join(sources)
      this.targets.set(leaf, { table, path: leaf.path, sources, place: null })
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
      const { table, path } = meeting
      const place = placeOf(this.cells(table, path, group), countsOf(path))
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
      const cells = (lists[k] as Int32Array).map((id) => this.cellOf[id] as number)
      const inner = placeOf(cells, countsOf(producer.path.slice(depth)))
      places.set(producer, { ...inner, strides: [...path.map(() => 0), ...inner.strides] })
    }
    return { producers, path, size: ids.length, ids, places }
  }

  /** The cells of nodes, counted in the first iteration of the loops of the group. */
  private cells(table: Int32Array, path: readonly LoopNode[], { path: around }: Group): Int32Array {
    if (around.length === 0) return table.map((id) => this.cellOf[id] as number)
    const out = new Int32Array(table.length)
    eachIteration(countsOf(path), (index, at) => {
      let id = table[index] as number
      for (let level = 0; level < around.length; level++) {
        id -= (at[level] as number) * (around[level] as LoopNode).period
      }
      out[index] = this.cellOf[id] as number
    })
    return out
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

/** The node in each iteration of the path. */
function instances(id: number, path: readonly LoopNode[]): Int32Array {
  const nodes = new Int32Array(path.reduce((size, { count }) => size * count, 1))
  eachIteration(countsOf(path), (index, at) => {
    let node = id
    for (let level = 0; level < path.length; level++) node += (at[level] as number) * (path[level] as LoopNode).period
    nodes[index] = node
  })
  return nodes
}
