/**
 * Writes value and gradient. For the items of one iteration: what the reverse needs and others have to make (forward
 * phase), then the items in reverse order, each loop making its own values anew; last, values that only the result needs.
 * A loop whose values nobody needs before its reverse, is written once for both.
 */

import { table } from '../../ops/table.ts'
import type { Term } from '../program/program.ts'
import type { Cotangents } from './cotangents.ts'
import { closeLoop, type Forward, someLeaf } from './forward.ts'
import type { Code } from './frame.ts'
import type { Activity, Demand } from './needs.ts'
import { type Item, isInside, type Leaf, type LoopNode, type Producer, type Slot, sourcesOf } from './rolled.ts'
import { type Needs, shareOf } from './rules.ts'

export interface Plans {
  /** What the reverse needs, what the value does, and where gradients flow. */
  readonly needed: Demand
  readonly valued: Demand
  readonly activity: Activity
}

export class Reverse {
  private readonly code: Code
  private readonly forward: Forward
  private readonly cotangents: Cotangents
  private readonly plans: Plans

  constructor(code: Code, forward: Forward, cotangents: Cotangents, plans: Plans) {
    this.code = code
    this.forward = forward
    this.cotangents = cotangents
    this.plans = plans
  }

  /** Value and gradient at the top level; `start` seeds the cotangents. */
  run(items: readonly Item[], start: () => void): void {
    const { frame } = this.code
    const at = this.items(items, true, start)
    this.cotangents.adjoints.flushAll()
    this.cotangents.finish(frame, at)
  }

  /**
   * The items of the present frame: their gradient, and their values where `wantValue`. Tells before which statement the
   * reverse begins.
   */
  private items(items: readonly Item[], wantValue: boolean, start: () => void): number {
    const { code, forward } = this
    const { frame } = code
    const phase = frame.depth
    const valuesOnly = (leaf: Leaf) => wantValue && this.plans.valued.has(leaf, 0)
    const early = (leaf: Leaf) => this.plans.needed.has(leaf, phase)
    forward.prepare((leaf) => early(leaf) || valuesOnly(leaf))

    const merged = new Set<LoopNode>()
    const late: Item[] = []
    for (const item of items) {
      const hasEarly = someLeaf(item, early)
      const hasValues = wantValue && someLeaf(item, (leaf) => valuesOnly(leaf) && !early(leaf) && !frame.done.has(leaf))
      const ready = hasValues && this.isReady(item, valuesOnly)
      if (item.kind === 'leaf') {
        if (hasEarly || ready) forward.leaf(item, phase)
        else if (hasValues) late.push(item)
        continue
      }
      const isActive = someLeaf(item, (leaf) => this.plans.activity.shares.has(leaf))
      if (hasEarly) forward.loop(item, (leaf) => early(leaf) || (ready && valuesOnly(leaf)), phase)
      else if (ready && isActive && !item.sequential) merged.add(item)
      else if (ready) forward.loop(item, valuesOnly, phase)
      if (hasValues && !ready) late.push(item)
    }

    const clears = frame.block.statements.length
    start()
    for (const item of [...items].reverse()) {
      if (!someLeaf(item, (leaf) => this.plans.activity.shares.has(leaf))) continue
      this.cotangents.prepare(item, frame)
      if (item.kind === 'leaf') this.leaf(item)
      else this.loop(item, merged.has(item))
      this.cotangents.settle(frame)
    }
    // Terms that are in their sum already must not be added again.
    const missing = (leaf: Leaf) => valuesOnly(leaf) && !(depthOfSum(leaf) <= phase && frame.done.has(leaf))
    for (const item of late) {
      if (item.kind === 'leaf') forward.leaf(item, phase)
      else forward.loop(item, missing, phase)
    }
    return clears
  }

  /** Whether all that the values of the item are made of, outside of it, is there. */
  private isReady(item: Item, wanted: (leaf: Leaf) => boolean): boolean {
    const { frame } = this.code
    const here = (leaf: Leaf) => frame.node === null || isInside(leaf, frame.node)
    const inside = (leaf: Leaf) => leaf === item || (item.kind === 'loop' && isInside(leaf, item))
    const isThere = (source: Producer): boolean => {
      if (source.kind === 'sum') return source.members.every(isThere)
      return inside(source) || !here(source) || frame.done.has(source)
    }
    return !someLeaf(item, (leaf) => wanted(leaf) && !leaf.slots.every((slot) => sourcesOf(slot).every(isThere)))
  }

  private leaf(leaf: Leaf): void {
    const shares = this.plans.activity.shares.get(leaf)
    if (shares === undefined) return
    if (leaf.into?.kind === 'cells') {
      this.term(leaf, this.cotangents.inCell(leaf.into))
      return
    }
    const g = this.cotangents.of(leaf.into ?? leaf)
    if (g === undefined) return
    if (leaf.into !== null) this.term(leaf, g)
    else this.operation(leaf, shares, g)
  }

  private term(leaf: Leaf, g: Term): void {
    const share = leaf.term === 'minus' ? this.code.terms.apply(table.neg, [g], undefined) : g
    this.cotangents.give(leaf.slots[0] as Slot, share)
  }

  private operation(leaf: Leaf, shares: readonly (Needs | null)[], g: Term): void {
    const { code } = this
    const { terms } = code
    let bits = 0
    let result = false
    for (const needs of shares) {
      bits |= needs?.operands ?? 0
      result ||= needs?.result ?? false
    }
    // What no rule looks at was not computed.
    const unused = terms.constant(Number.NaN)
    const inputs = leaf.slots.map((slot, i) => ((bits >> i) & 1 ? code.slot(slot) : unused))
    const y = result ? code.value(leaf) : unused
    for (const [i, slot] of leaf.slots.entries()) {
      if (shares[i] === null) continue
      const share = shareOf(terms, leaf.op, i, terms.cotangent(g), y, inputs)
      if (share !== undefined) this.cotangents.give(slot, share)
    }
  }

  private loop(node: LoopNode, wantValue: boolean): void {
    const { code, cotangents } = this
    const carries = cotangents.open(node)
    const { frame } = code
    const at = this.items(node.body, wantValue, () => {})
    for (const [slot, carry] of carries)
      carry.next = cotangents.adjoints.of(frame).own.get(slot) ?? code.terms.constant(0)
    const behind = cotangents.adjoints.end(frame)
    this.cotangents.finish(frame, at)
    closeLoop(code, frame)
    behind()
    for (const [slot, carry] of carries) this.cotangents.give(slot.init, code.result(carry))
  }
}

/** The loops around the sum that the leaf adds to. */
function depthOfSum({ into }: Leaf): number {
  if (into === null) return Number.POSITIVE_INFINITY
  return into.kind === 'sum' ? into.path.length : into.group.path.length
}
