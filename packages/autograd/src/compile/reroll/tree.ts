/** Makes the tree of loops and leaves from a plan, and finds leaves by node. */
import { type Chained, TERM_KINDS } from './chains.ts'
import type { Kind } from './flat.ts'
import type { PlanLoop } from './plan.ts'
import type { Item, Leaf, LoopNode } from './rolled.ts'

export interface Tree {
  readonly items: readonly Item[]
  readonly leaves: readonly Leaf[]
  readonly loops: readonly LoopNode[]
  /** For each node the number of its leaf. */
  readonly leafOf: Int32Array
}

export function treeOf(trace: Chained, plan: readonly PlanLoop[]): Tree {
  const leaves: Leaf[] = []
  const loops: LoopNode[] = []
  const leafOf = new Int32Array(trace.count)

  const leaf = (id: number, path: readonly LoopNode[]): Leaf => {
    const kind = trace.kind[id] as number
    const own = trace.kinds.length - TERM_KINDS.length
    const made: Leaf = {
      kind: 'leaf',
      id,
      path,
      op: trace.kinds[kind] as Kind,
      slots: [],
      term: TERM_KINDS[kind - own] ?? null,
      into: null,
      group: null,
    }
    leafOf[id] = leaves.push(made) - 1
    return made
  }

  const items = (inner: readonly PlanLoop[], low: number, high: number, path: readonly LoopNode[]): Item[] => {
    const list: Item[] = []
    let at = low
    for (const { start, period, count, body } of inner) {
      while (at < start) list.push(leaf(at++, path))
      const around: LoopNode[] = [...path]
      const node: LoopNode = {
        kind: 'loop',
        start,
        period,
        count,
        path: around,
        body: [],
        sequential: false,
        vector: false,
      }
      around.push(node)
      loops.push(node)
      list.push(node)
      node.body.push(...items(body, start, start + period, around))
      at = start + period * count
      repeat(leafOf, start, period, at)
    }
    while (at < high) list.push(leaf(at++, path))
    return list
  }
  return { items: items(plan, trace.inputs, trace.count, []), leaves, loops, leafOf }
}

/** Fills [start, end) with repetitions of the first `period` entries. */
function repeat(table: Int32Array, start: number, period: number, end: number): void {
  for (let done = period; done < end - start; done *= 2) {
    table.copyWithin(start + done, start, Math.min(start + done, end - done))
  }
}
