/** Makes the tree of loops and leaves from a plan, and finds leaves by node. */
import { type Chained, TERM_KINDS } from './chains.ts'
import type { Kind } from './flat.ts'
import type { PlanLoop } from './plan.ts'
import type { Item, Leaf, LoopNode } from './rolled.ts'

export interface Tree {
  readonly items: readonly Item[]
  readonly leaves: readonly Leaf[]
  readonly loops: readonly LoopNode[]
  /** For each node the index of its leaf. */
  readonly leafOf: Int32Array
}

export function treeOf(trace: Chained, plan: readonly PlanLoop[]): Tree {
  const leaves: Leaf[] = []
  const loops: LoopNode[] = []
  const leafOf = new Int32Array(trace.count).fill(-1)

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
    mark(leafOf, id, leaves.push(made) - 1, path, 0)
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
    }
    while (at < high) list.push(leaf(at++, path))
    return list
  }
  return { items: items(plan, trace.inputs, trace.count, []), leaves, loops, leafOf }
}

function mark(leafOf: Int32Array, id: number, leaf: number, path: readonly LoopNode[], level: number): void {
  const loop = path[level]
  if (loop === undefined) leafOf[id] = leaf
  else for (let i = 0; i < loop.count; i++) mark(leafOf, id + i * loop.period, leaf, path, level + 1)
}
