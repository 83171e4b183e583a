/** Which sums belong together: a sum is complete once an iteration of the loops in which all its additions lie. */
import type { Chained } from './chains.ts'
import { eachIteration, fit, gather } from './fit.ts'
import { countsOf, type Leaf, type LoopNode, type Sum } from './rolled.ts'
import type { Tree } from './tree.ts'

export interface Sums {
  readonly sums: readonly Sum[]
  /** For each chain of the trace the index of its sum. */
  readonly sumOf: Int32Array
  /** The chains that a leaf adds to, one an iteration. */
  readonly chainsOf: ReadonlyMap<Leaf, Int32Array>
}

export function sumsOf(trace: Chained, { leaves }: Tree): Sums {
  const { starts, lasts } = trace
  const sumOf = new Int32Array(starts.length).fill(-1)
  const adders = leaves.filter(({ term }) => term !== null)
  const chainsOf = new Map(adders.map((leaf) => [leaf, gather(trace.chain, leaf.id, leaf.path)]))
  const depths = new Int32Array(starts.length).fill(MOST_LOOPS)
  for (const [leaf, chains] of chainsOf) confine(chains, lasts, leaf.path, depths)

  // Chains that differ only in the iteration of the loops around are one sum.
  const sums: Sum[] = []
  const known = new Map<string, number>()
  const sumFor = (chain: number, path: readonly LoopNode[], at: readonly number[]): number => {
    const scope = path.slice(0, depths[chain])
    const shift = scope.reduce((sum, { period }, level) => sum + period * (at[level] as number), 0)
    const id = (lasts[chain] as number) - shift
    const start = starts[chain] as number
    const key = `${id},${scope.length}`
    const index = known.get(key)
    if (index !== undefined) return index
    known.set(key, sums.length)
    return sums.push({ kind: 'sum', id, path: scope, start, members: [], inMemory: false, group: null }) - 1
  }
  for (const [leaf, chains] of chainsOf) {
    const own = only(chains, lasts, leaf.path, depths)
    const indices = new Set<number>()
    if (own) {
      const index = sumFor(
        chains[0] as number,
        leaf.path,
        leaf.path.map(() => 0),
      )
      for (let i = 0; i < chains.length; i++) sumOf[chains[i] as number] = index
      indices.add(index)
    } else {
      eachIteration(countsOf(leaf.path), (i, at) => {
        const chain = chains[i] as number
        if (sumOf[chain] === -1) sumOf[chain] = sumFor(chain, leaf.path, at)
        indices.add(sumOf[chain] as number)
      })
    }
    for (const index of indices) sums[index]?.members.push(leaf)
    const [first] = indices
    if (indices.size === 1) leaf.into = sums[first as number] as Sum
    else for (const index of indices) (sums[index] as Sum).inMemory = true
  }
  // Whoever adds to a sum in memory, adds in memory.
  for (const { inMemory, members } of sums) if (inMemory) for (const member of members) member.into = null
  return { sums, sumOf, chainsOf }
}

/** More loops around a node than there are. */
const MOST_LOOPS = 64

/** Finds how many loops around have one iteration in which all additions of a chain lie: that of its last one. */
function confine(chains: Int32Array, lasts: Int32Array, path: readonly LoopNode[], depths: Int32Array): void {
  const ids = chains.map((chain) => lasts[chain] as number)
  const affine = fit(ids, countsOf(path))
  const limit = (chain: number, depth: number) => {
    if (depth < (depths[chain] as number)) depths[chain] = depth
  }
  if (affine !== null) {
    let depth = 0
    while (depth < path.length) {
      const { start, period, count } = path[depth] as LoopNode
      const stays = count === 1 || affine.strides[depth] === period
      if (!stays || affine.base < start || affine.base >= start + period) break
      depth++
    }
    // Where the first chain stays in its iteration for some loops, so do the others; else each is looked at.
    const { start, period, count } = path[depth] ?? { start: 0, period: 0, count: 0 }
    if (depth === path.length || affine.base < start || affine.base >= start + period * count || count === 0) {
      for (let i = 0; i < chains.length; i++) limit(chains[i] as number, depth)
      return
    }
  }
  eachIteration(countsOf(path), (i, at) => {
    let shift = 0
    let depth = 0
    for (; depth < path.length; depth++) {
      const { start, period } = path[depth] as LoopNode
      shift += (at[depth] as number) * period
      if ((ids[i] as number) < start + shift || (ids[i] as number) >= start + shift + period) break
    }
    limit(chains[i] as number, depth)
  })
}

/** Whether the chains are one sum, once an iteration of the loops of their depth. */
function only(chains: Int32Array, lasts: Int32Array, path: readonly LoopNode[], depths: Int32Array): boolean {
  const depth = depths[chains[0] as number] as number
  for (let i = 1; i < chains.length; i++) if (depths[chains[i] as number] !== depth) return false
  const affine = fit(
    chains.map((chain) => lasts[chain] as number),
    countsOf(path),
  )
  return affine?.strides.every((stride, level) => stride === (level < depth ? path[level]?.period : 0)) ?? false
}
