/** Which sums belong together: a sum is complete once an iteration of the loops in which all its additions lie. */
import type { Chained } from './chains.ts'
import { fit, grid, sizeOf } from './fit.ts'
import { Column } from './operands.ts'
import type { Leaf, LoopNode, Place, Producer, Sum } from './rolled.ts'
import type { Tree } from './tree.ts'

/** Who makes the values of nodes. */
export interface Makers {
  /** The leaves, then the sums. */
  readonly producers: readonly Producer[]
  readonly sums: readonly Sum[]
  /** For each node the number of its leaf, or, for the last addition into a sum, of the sum. */
  readonly makerOf: Int32Array
}

/** What some leaves of one body add to, iteration by iteration. Loops all of which add to one sum, count once. */
interface Family {
  readonly path: readonly LoopNode[]
  readonly counts: readonly number[]
  /** The last additions into the sums, and the place that gives them. */
  readonly ends: Int32Array
  readonly place: Place | null
  /** The sums that they are, once these are known. */
  sums: readonly Sum[] | null
}

export function makersOf(trace: Chained, tree: Tree): Makers {
  const { leaves } = tree
  const adders = leaves.filter(({ term }) => term !== null)
  const families = familiesOf(trace, tree, adders)
  /** By the last addition, one more than the number of loops in one iteration of which all additions lie. */
  const depths = new Uint8Array(trace.count)
  for (const family of new Set(families)) confine(family, depths)

  // Those that differ only in the iteration of the loops around are one sum.
  const sums: Sum[] = []
  const makerOf = tree.leafOf.slice()
  const known = new Map<string, number>()
  const numberOf = (id: number, path: readonly LoopNode[]): number => {
    const key = `${id},${path.length}`
    const number = known.get(key)
    if (number !== undefined) return number
    known.set(key, leaves.length + sums.length)
    return leaves.length + sums.push({ kind: 'sum', id, path, members: [], inMemory: false, group: null }) - 1
  }
  const sumsIn = (family: Family): readonly Sum[] => {
    const { path, counts, ends } = family
    const depth = depthOfAll(family, depths)
    const found = new Set<number>()
    if (depth >= 0) {
      const number = numberOf(ends[0] as number, path.slice(0, depth))
      for (let i = 0; i < ends.length; i++) makerOf[ends[i] as number] = number
      found.add(number)
    } else {
      for (let i = 0; i < ends.length; i++) {
        const end = ends[i] as number
        if ((makerOf[end] as number) < leaves.length) {
          const scope = path.slice(0, (depths[end] as number) - 1)
          makerOf[end] = numberOf(end - shiftAt(scope, counts, i), scope)
        }
        found.add(makerOf[end] as number)
      }
    }
    return Array.from(found, (number) => sums[number - leaves.length] as Sum)
  }
  for (const [i, leaf] of adders.entries()) {
    const family = families[i] as Family
    family.sums ??= sumsIn(family)
    for (const sum of family.sums) sum.members.push(leaf)
    const [first, ...others] = family.sums
    if (first !== undefined && others.length === 0) leaf.into = first
    else for (const sum of family.sums) sum.inMemory = true
  }
  // Whoever adds to a sum in memory, adds in memory.
  for (const { inMemory, members } of sums) if (inMemory) for (const member of members) member.into = null
  return { producers: [...leaves, ...sums], sums, makerOf }
}

/** The family of each leaf. Leaves of one body that add to the same sums, share theirs. */
function familiesOf({ sum }: Chained, { items }: Tree, adders: readonly Leaf[]): Family[] {
  const column = new Column(sum, items)
  const known = new Map<readonly LoopNode[], Map<string, Family>>()
  return adders.map(({ id, path }) => {
    const operands = column.at(id, path)
    const { affine } = operands
    const inBody = known.get(path) ?? new Map<string, Family>()
    known.set(path, inBody)
    const key = affine === null ? String(id) : `${affine.base}+${affine.strides.join()}`
    const shared = inBody.get(key)
    if (shared !== undefined) return shared
    const counts = operands.counts.map((count, level) => (affine?.strides[level] === 0 ? 1 : count))
    const ends = affine === null ? operands.table : grid(affine.base, affine.strides, counts)
    const made: Family = { path, counts, ends, place: affine ?? fit(ends, counts), sums: null }
    inBody.set(key, made)
    return made
  })
}

/** Finds how many loops around have one iteration in which all additions into a sum lie: that of the last one. */
function confine({ path, counts, ends, place }: Family, depths: Uint8Array): void {
  if (place !== null) {
    let depth = 0
    while (depth < path.length) {
      const { start, period, count } = path[depth] as LoopNode
      const stays = count === 1 || place.strides[depth] === period
      if (!stays || place.base < start || place.base >= start + period) break
      depth++
    }
    // Where the first sum stays in its iteration for some loops, so do the others; else each is looked at.
    const { start, period, count } = path[depth] ?? { start: 0, period: 0, count: 0 }
    if (depth === path.length || place.base < start || place.base >= start + period * count || count === 0) {
      for (let i = 0; i < ends.length; i++) limit(depths, ends[i] as number, depth)
      return
    }
  }
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i] as number
    let depth = 0
    let shift = 0
    for (let row = ends.length; depth < path.length; depth++) {
      const { start, period } = path[depth] as LoopNode
      row /= counts[depth] as number
      shift += (Math.floor(i / row) % (counts[depth] as number)) * period
      if (end < start + shift || end >= start + shift + period) break
    }
    limit(depths, end, depth)
  }
}

function limit(depths: Uint8Array, end: number, depth: number): void {
  const known = depths[end] as number
  if (known === 0 || depth + 1 < known) depths[end] = depth + 1
}

/** Their depth, if all are one sum once an iteration of the loops of that depth; else −1. */
function depthOfAll({ path, ends, place }: Family, depths: Uint8Array): number {
  const depth = (depths[ends[0] as number] as number) - 1
  for (let i = 1; i < ends.length; i++) if (depths[ends[i] as number] !== depth + 1) return -1
  const isOne = place?.strides.every((stride, level) => stride === (level < depth ? path[level]?.period : 0))
  return isOne === true ? depth : -1
}

/** Σ period·iteration of the loops, in the i-th of all iterations. */
function shiftAt(path: readonly LoopNode[], counts: readonly number[], i: number): number {
  let row = sizeOf(counts)
  return path.reduce((shift, { period }, level) => {
    row /= counts[level] as number
    return shift + (Math.floor(i / row) % (counts[level] as number)) * period
  }, 0)
}
