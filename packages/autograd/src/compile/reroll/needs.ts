/**
 * What has to be computed where. The forward phase of depth f runs inside one iteration of the first f loops (f = 0: at
 * the top level): it makes what the reverse of that iteration needs and cannot make on the spot.
 */
import { rangeOf } from './fit.ts'
import {
  type Carried,
  countsOf,
  type Leaf,
  type LoopNode,
  type Producer,
  type Rolled,
  type Slot,
  sourcesOf,
} from './rolled.ts'
import { type Needs, Probe } from './rules.ts'

export class Demand {
  /** For each leaf, a bit for each depth of a forward phase that runs it. */
  private readonly bits: Map<Leaf, number>
  /** Carried values whose history the reverse reads. */
  readonly histories: Set<Carried>
  /** Values that a forward phase keeps for those inside it. */
  private readonly kept: ReadonlyMap<Producer, number>

  constructor(kept: ReadonlyMap<Producer, number> = new Map()) {
    this.bits = new Map()
    this.histories = new Set()
    this.kept = kept
  }

  /** The depth of the phase that makes a value which is read in the phase of depth f. */
  private phaseOf(source: Producer, f: number): number {
    return Math.min(f, source.path.length, this.kept.get(source) ?? f)
  }

  has(leaf: Leaf, depth: number): boolean {
    return (((this.bits.get(leaf) ?? 0) >> depth) & 1) === 1
  }

  /** Asks for the value in the forward phase of the depth, and for all that it is made of. */
  want(producer: Producer, depth: number): void {
    const stack: [Producer, number][] = [[producer, this.phaseOf(producer, depth)]]
    const push = (source: Producer, f: number) => stack.push([source, this.phaseOf(source, f)])
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const [source, f] = next
      if (source.kind === 'sum') {
        for (const member of source.members) push(member, f)
        continue
      }
      const bits = this.bits.get(source) ?? 0
      if ((bits >> f) & 1) continue
      this.bits.set(source, bits | (1 << f))
      for (const slot of source.slots) this.slot(slot, f, push)
    }
  }

  /** The same for an operand that is read in the forward phase of depth f. */
  wantSlot(slot: Slot, depth: number): void {
    this.slot(slot, depth, (source, f) => this.want(source, f))
  }

  private slot(slot: Slot, f: number, push: (source: Producer, f: number) => void): void {
    if (slot.kind === 'local') push(slot.from, f)
    else if (slot.kind === 'cells') {
      for (const source of slot.group.producers) push(source, Math.min(f, slot.group.path.length))
    } else if (slot.kind === 'last') {
      push(slot.of.from, Math.min(f, slot.of.loop.path.length - 1))
    } else if (slot.kind === 'carried') {
      const level = slot.loop.path.length
      if (level <= f) this.histories.add(slot)
      const own = level > f ? f : level - 1
      push(slot.from, own)
      this.slot(slot.init, own, push)
    }
  }
}

export interface Activity {
  /** For each leaf that a gradient flows through, what the share of each operand needs; null where none flows. */
  readonly shares: ReadonlyMap<Leaf, readonly (Needs | null)[]>
}

/** The operands through which the output depends on the chosen inputs; `chosen` tells whether one is from … to. */
export function activityOf(rolled: Rolled, output: Slot, chosen: (from: number, to: number) => boolean): Activity {
  const probe = new Probe()
  const rules = new Map<Leaf, readonly (Needs | null)[]>()
  for (const leaf of rolled.leaves) {
    rules.set(leaf, leaf.term === null ? probe.needsOf(leaf.op, leaf.slots.length) : [{ operands: 0, result: false }])
  }
  const varied = new Set<Producer>()
  const slotVaries = (slot: Slot, path: readonly LoopNode[]): boolean => {
    if (slot.kind === 'input') return chosen(...rangeOf(slot.place, countsOf(path)))
    if (slot.kind === 'carried') return varied.has(slot.from) || slotVaries(slot.init, path)
    return sourcesOf(slot).some((source) => varied.has(source))
  }
  for (let before = -1; varied.size !== before; ) {
    before = varied.size
    for (const leaf of rolled.leaves) {
      const open = rules.get(leaf) as readonly (Needs | null)[]
      if (varied.has(leaf) || !leaf.slots.some((slot, i) => open[i] !== null && slotVaries(slot, leaf.path))) continue
      varied.add(leaf)
      if (leaf.term === null) continue
      if (leaf.into?.kind === 'sum') varied.add(leaf.into)
      else if (leaf.into !== null) for (const sum of leaf.into.group.producers) varied.add(sum)
    }
  }
  const useful = new Set<Producer>()
  const stack: Producer[] = []
  const use = (slot: Slot): void => {
    for (const source of sourcesOf(slot)) {
      if (useful.has(source) || !varied.has(source)) continue
      useful.add(source)
      stack.push(source)
    }
  }
  use(output)
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const leaves = next.kind === 'sum' ? next.members : [next]
    for (const leaf of leaves) {
      useful.add(leaf)
      const open = rules.get(leaf) as readonly (Needs | null)[]
      for (const [i, slot] of leaf.slots.entries()) if (open[i] !== null) use(slot)
    }
  }
  const shares = new Map<Leaf, readonly (Needs | null)[]>()
  for (const leaf of rolled.leaves) {
    if (!useful.has(leaf) || !varied.has(leaf)) continue
    const open = rules.get(leaf) as readonly (Needs | null)[]
    shares.set(
      leaf,
      leaf.slots.map((slot, i) => (slotVaries(slot, leaf.path) ? (open[i] ?? null) : null)),
    )
  }
  return { shares }
}
