/**
 * Which values the forward phase keeps for the reverse, which else makes them anew: those that cost more to make than to
 * load, of loops that run forward before anyway.
 */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Activity, Demand } from './needs.ts'
import type { Last, Leaf, Producer } from './rolled.ts'

/** For each value that is kept, the depth of the forward phase that keeps it. */
export type Kept = ReadonlyMap<Producer, number>

/** In additions: a store and a load. */
const WORTH = 8
const CHEAP = 1
const DIVISION = 6
const FUNCTION = 16

const { add, sub, mul, mulNoNan, neg, abs, square, maximum, minimum, relu, step, sign, where } = table
const { gt, ge, lt, le, eq, ne, div, sqrt, reciprocal, rsqrt, divNoNan } = table
const cheap: ReadonlySet<Op> = new Set<Op>([
  ...[add, sub, mul, mulNoNan, neg, abs, square, maximum, minimum, relu, step, sign, where],
  ...[gt, ge, lt, le, eq, ne],
])
const divisions: ReadonlySet<Op> = new Set<Op>([div, sqrt, reciprocal, rsqrt, divNoNan])

function costOf({ op }: Leaf): number {
  if (cheap.has(op.op)) return CHEAP
  return divisions.has(op.op) ? DIVISION : FUNCTION
}

export function keep({ shares }: Activity, needed: Demand, lasts: readonly Last[]): Kept {
  const kept = new Map<Producer, number>()
  // Loops whose results others read, run for them.
  const handed = new Set(lasts.map(({ of }) => of.from))
  const consider = (producer: Producer) => {
    const depth = producer.path.length
    if (kept.has(producer) || handed.has(producer) || (producer.kind === 'sum' && producer.inMemory)) return
    const leaves = producer.kind === 'sum' ? producer.members : [producer]
    const runs = (phase: number) => leaves.every((leaf) => needed.has(leaf, phase))
    if (depth === 0 || !runs(depth)) return
    let phase = depth - 1
    while (phase >= 0 && !runs(phase)) phase--
    if (phase >= 0 && remaking(producer, kept) >= WORTH) kept.set(producer, phase)
  }
  for (const [leaf, needs] of shares) {
    for (const need of needs) {
      if (need === null) continue
      for (const [i, slot] of leaf.slots.entries()) {
        if ((need.operands >> i) & 1 && slot.kind === 'local') consider(slot.from)
      }
      if (need.result) consider(leaf)
    }
  }
  return kept
}

/** What it costs to make the value in an iteration of the loops around it, as far as it takes more than loads. */
function remaking(producer: Producer, kept: Kept): number {
  const depth = producer.path.length
  const seen = new Set<Producer>()
  const stack = [producer]
  let cost = 0
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next) || next.path.length < depth || (kept.has(next) && next !== producer)) continue
    seen.add(next)
    for (const leaf of next.kind === 'sum' ? next.members : [next]) {
      cost += costOf(leaf) * leaf.path.slice(depth).reduce((times, { count }) => times * count, 1)
      for (const slot of leaf.slots) if (slot.kind === 'local') stack.push(slot.from)
    }
  }
  return cost
}
