/** Finds the loops that made a flat trace. */
import { type Chained, chainSums } from './chains.ts'
import { classify, Irregular } from './classify.ts'
import type { FlatTrace } from './flat.ts'
import { type Phase, phaseOf } from './phase.ts'
import { type PlanLoop, Planner } from './plan.ts'
import { type Item, isInside, type LoopNode, type Producer, type Rolled } from './rolled.ts'
import { seamsOf } from './seams.ts'
import { shorten } from './shorten.ts'
import { stretchLoops, stretchTrace } from './stretch.ts'
import { treeOf } from './tree.ts'

/** More straight code than this is better run by an interpreter. */
const LONGEST_CODE = 6000
/** A vector loop needs some iterations to pay. */
const VECTOR_COUNT = 8

/**
 * The rolled form of a scalar trace, or null where little of it repeats. Any `phase` gives a right program.
 * @example
 * const rolled = reroll(trace)
 * if (rolled !== null) interpret(gradientProgram(rolled, { output: 0, inputs: [0, 1, 2] }))
 */
export function reroll(flat: FlatTrace, phase: Phase = phaseOf): Rolled | null {
  return rolledBy(searchShort(flat, phase)) ?? rolledBy(search(flat, phase))
}

interface Found {
  readonly trace: Chained
  readonly loops: readonly PlanLoop[]
}

/** The rolled form, if operands are what the loops promise. */
function rolledBy(found: Found | null): Rolled | null {
  if (found === null) return null
  const { trace, loops } = found
  try {
    const rolled = classify(trace, treeOf(trace, loops))
    order(rolled)
    return rolled
  } catch (error) {
    if (error instanceof Irregular) return null
    throw error
  }
}

/** The loops of a trace, with its sums. */
function search(flat: FlatTrace, phase: Phase): Found | null {
  const { trace } = chainSums(flat)
  const { loops, cost } = new Planner(trace, phase).plan()
  return cost > LONGEST_CODE ? null : { trace, loops }
}

/** The same by a few of the repetitions of its long run; null where it has none, or where these do not tell all. */
function searchShort(flat: FlatTrace, phase: Phase): Found | null {
  const short = shorten(flat)
  if (short === null) return null
  const chains = chainSums(short.flat)
  const seams = seamsOf(flat, short, chains)
  if (seams === null) return null
  const { loops: plan, cost } = new Planner(chains.trace, phase).plan(seams.nodes.period)
  const loops = cost > LONGEST_CODE ? null : stretchLoops(plan, seams.nodes)
  return loops === null ? null : { trace: stretchTrace(flat, chains.trace, seams), loops }
}

/** Finds which loops have to run in order, and along which lanes may run. */
function order({ leaves, items }: Rolled): void {
  for (const { slots, path } of leaves) {
    for (let slot of slots) {
      for (; slot.kind === 'carried'; slot = slot.init) slot.loop.sequential = true
      if (slot.kind !== 'cells') continue
      for (const [level, loop] of path.entries()) {
        if ((slot.across >> level) & 1 || slot.group.producers.some((source) => grows(source, loop))) {
          loop.sequential = true
        }
      }
    }
  }
  // The outermost parallel loop, unless it is short and there is a longer one inside.
  const longest = (loop: LoopNode): number => (loop.sequential ? 0 : loop.count)
  const within = (list: readonly Item[]): number =>
    list.reduce((most, item) => (item.kind === 'loop' ? Math.max(most, longest(item), within(item.body)) : most), 0)
  const choose = (list: readonly Item[]) => {
    for (const item of list) {
      if (item.kind !== 'loop') continue
      item.vector = !item.sequential && (item.count >= VECTOR_COUNT || item.count >= within(item.body))
      if (!item.vector) choose(item.body)
    }
  }
  choose(items)
}

/** Whether iterations of the loop add to one sum: who reads it there has to wait. */
function grows(source: Producer, loop: LoopNode): boolean {
  if (source.kind !== 'sum' || !source.inMemory || source.path.length >= loop.path.length) return false
  return source.members.some((member) => isInside(member, loop))
}
