/** The cotangents of values: in terms, in registers from iteration to iteration, and in memory that mirrors the values'. */
import type { Carry, Term } from '../program/program.ts'
import { Adjoints } from './adjoints.ts'
import type { Code, Frame } from './frame.ts'
import type { Activity } from './needs.ts'
import {
  type Carried,
  type Cells,
  type Group,
  type Item,
  isInside,
  type Leaf,
  type LoopNode,
  type Producer,
  type Slot,
  type Sum,
} from './rolled.ts'
import { Target } from './targets.ts'

export class Cotangents {
  readonly adjoints: Adjoints
  private readonly code: Code
  private readonly gradient: Target
  private readonly targets: Map<Group, Target>
  /** Groups whose cells get cotangents. */
  private readonly active: Set<Group>
  /** Carried values that do, by their loop and by what makes them. */
  private readonly carried: Map<LoopNode, Set<Carried>>
  private readonly readers: Map<Producer, Set<Carried>>
  private readonly complete: Map<Sum, Term | undefined>

  constructor(code: Code, { shares }: Activity, gradient: Target, output: Slot) {
    this.code = code
    this.gradient = gradient
    this.adjoints = new Adjoints(code)
    this.targets = new Map()
    this.active = new Set()
    this.carried = new Map()
    this.readers = new Map()
    this.complete = new Map()
    for (const [leaf, list] of shares) {
      for (const [i, slot] of leaf.slots.entries()) if (list[i] !== null) this.noteSlot(slot)
      if (leaf.into?.kind === 'cells') this.active.add(leaf.into.group)
    }
    this.noteSlot(output)
  }

  private noteSlot(slot: Slot): void {
    if (slot.kind === 'cells') this.active.add(slot.group)
    if (slot.kind === 'last') this.noteSlot(slot.of)
    if (slot.kind !== 'carried') return
    this.noteSlot(slot.init)
    add(this.carried, slot.loop, slot)
    add(this.readers, slot.from, slot)
  }

  private targetOf(group: Group): Target {
    const known = this.targets.get(group)
    if (known !== undefined) return known
    const buffer = this.code.scratch('adjoints', group.size, group.path)
    const made = new Target(buffer, group.path, { group, first: 0 })
    this.targets.set(group, made)
    return made
  }

  /** Adds to the cotangent of what the slot reads. */
  give(slot: Slot, share: Term): void {
    if (share.kind === 'constant' && share.value === 0) return
    switch (slot.kind) {
      case 'input':
        this.adjoints.toMemory(this.gradient, slot.place, share)
        break
      case 'local':
        this.adjoints.toValue(slot.from, slot.from.path.length, share)
        break
      case 'carried':
        this.adjoints.toValue(slot, slot.loop.path.length, share)
        break
      case 'last':
        this.adjoints.toLast(slot.of, share)
        break
      case 'cells':
        this.adjoints.toMemory(this.targetOf(slot.group), slot.place, share)
    }
  }

  /**
   * Opens the loop for its reverse; carries bring what flows to an iteration from the one after, and to the last one from
   * behind the loop.
   */
  open(node: LoopNode): ReadonlyMap<Carried, Carry> {
    const { code } = this
    const { lasts } = this.adjoints.of(code.frame)
    const frame = code.open(node, node.sequential)
    for (const slot of this.carried.get(node) ?? []) {
      frame.returned.set(slot, code.carry(frame, lasts.get(slot) ?? code.terms.constant(0), null))
    }
    return frame.returned
  }

  /** Cotangents that the item reads are made complete. */
  prepare(item: Item, frame: Frame): void {
    for (const group of this.active) {
      if (group.producers.some((source) => madeBy(source, item))) this.adjoints.flush(group)
    }
    const sums = new Set<Sum>()
    eachLeaf(item, ({ into }) => {
      if (into?.kind === 'sum' && into.path.length === frame.depth) sums.add(into)
    })
    for (const sum of sums) this.of(sum)
  }

  /** The cotangent of a producer of the present frame, or of a sum of a frame outside. */
  of(producer: Producer): Term | undefined {
    if (producer.kind === 'sum' && this.complete.has(producer)) return this.complete.get(producer)
    const { code } = this
    const { frame, terms } = code
    let sum = this.adjoints.of(frame).own.get(producer)
    for (const slot of this.readers.get(producer) ?? []) {
      const carry = frame.returned.get(slot)
      if (carry !== undefined) sum = terms.add(sum, carry)
    }
    const { group } = producer
    if (group !== null && this.active.has(group)) {
      const place = group.places.get(producer)
      const target = this.targetOf(group)
      if (place !== undefined) {
        this.adjoints.flush(group)
        sum = terms.add(sum, code.loadNow(code.address(target.buffer, place)))
      }
    }
    if (producer.kind === 'sum') this.complete.set(producer, sum)
    return sum
  }

  /** The cotangent of a cell. */
  inCell({ group, place }: Cells): Term {
    return this.code.loadNow(this.code.address(this.targetOf(group).buffer, place))
  }

  settle(frame: Frame): void {
    for (const target of [this.gradient, ...this.targets.values()]) {
      if (target.path.length === frame.depth) target.settle()
    }
  }

  /** Zeros for the cells that are added to, where the reverse of the frame's iteration began. */
  finish(frame: Frame, at: number): void {
    this.settle(frame)
    for (const target of [this.gradient, ...this.targets.values()]) {
      if (target.path.length !== frame.depth || target.path.at(-1) !== (frame.node ?? undefined)) continue
      for (const [start, size] of target.open()) {
        const to = this.code.affine(target.buffer, start, [])
        frame.block.statements.splice(at, 0, { kind: 'clear', span: { address: to, size } })
      }
    }
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else known.add(value)
}

function madeBy(source: Producer, item: Item): boolean {
  if (source.kind === 'sum') return source.members.some((member) => madeBy(member, item))
  return source === item || (item.kind === 'loop' && isInside(source, item))
}

function eachLeaf(item: Item, visit: (leaf: Leaf) => void): void {
  if (item.kind === 'leaf') visit(item)
  else for (const inner of item.body) eachLeaf(inner, visit)
}
