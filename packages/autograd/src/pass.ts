/**
 * Passes over the graph: each fills the scratch fields of nodes and clears them again, and may run inside another. Also
 * the shortest pass, an order in which inputs come first.
 */
import type { NdArray } from './data.ts'
import { isLeaf, mode, type Node } from './node.ts'
import { type Boundary, closedOver, countUses, eachInput } from './walk.ts'

/** A walk on its way: nodes whose uses have all been seen, leaves that hold a cotangent, and the node in hand. */
export interface Pass {
  /** The clock when it began: what its nodes were found to be consistent at. */
  readonly clock: number
  readonly ready: Node[]
  readonly leaves: Node[]
  current: Node
  /** Cotangents that are arrays of this pass alone, so that shares may be added to them in place. */
  readonly sums: Map<Node, NdArray>
}

/** What the scratch fields of a node held. */
interface Saved {
  readonly node: Node
  readonly stamp: number
  readonly cotangent: unknown
}

/** Clears the scratch fields of a node under way; `clock` is that of a pass that counts it. Returns what they held. */
function clear(node: Node, clock: number): Saved | undefined {
  const { stamp, cotangent } = node
  if (stamp <= 0 && cotangent === undefined) return undefined
  // What keeps no count (a leaf, a source before the boundary) keeps its stamp.
  if (stamp >= 0 && !isLeaf(node)) node.stamp = clock
  node.cotangent = undefined
  return { node, stamp, cotangent }
}

/**
 * Clears the scratch fields of all nodes that a pass has not finished, and returns what they held. Through the nodes in
 * `cleared` it looks for more, though they were cleared before.
 */
function takeDown({ ready, leaves, current, clock }: Pass, cleared: readonly Node[] = []): Saved[] {
  const saved: Saved[] = []
  const pending: Node[] = [current, ...cleared]
  const visit = (node: Node): void => {
    const held = clear(node, clock)
    if (held === undefined) return
    saved.push(held)
    pending.push(node)
  }
  for (const node of ready) visit(node)
  for (const leaf of leaves) visit(leaf)
  visit(current)
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) eachInput(node, visit)
  return saved
}

/** Gives nodes back what they held. */
function restore(saved: readonly Saved[]): void {
  for (const { node, stamp, cotangent } of saved) {
    node.stamp = stamp
    node.cotangent = cotangent
  }
}

/** A pass under way: the one around it, of which a rule started it, and what it put aside of all of these. */
interface Active extends Pass {
  readonly outer: Active | null
  readonly aside: readonly Saved[]
}

let active: Active | null = null

/**
 * Puts aside what the passes under way hold in nodes that the next pass may meet: a rule may itself differentiate. What
 * was made since they began is in none of them, so a pass over that meets only what it closes over; else it may be all.
 */
function putAside(root: Node, boundary: Boundary | undefined): Saved[] {
  if (active === null) return []
  const { clock } = active
  if (boundary !== undefined && boundary.clock < clock) {
    const met = boundary.sources ?? closedOver(root, boundary.clock, [])
    return Array.from(met, (node) => clear(node, clock)).filter((saved) => saved !== undefined)
  }
  const aside: Saved[] = []
  const cleared: Node[] = []
  for (let pass: Active | null = active; pass !== null; pass = pass.outer) {
    for (const saved of takeDown(pass, cleared)) aside.push(saved)
    for (const { node } of pass.aside) cleared.push(node)
  }
  return aside
}

/** Runs a pass. While it runs, its nodes hold nothing of the passes under way; when it throws, nothing of its own. */
export function alone<R>(root: Node, boundary: Boundary | undefined, run: (pass: Pass) => R): R {
  const outer = active
  const aside = putAside(root, boundary)
  const pass: Active = { clock: mode.clock, ready: [root], leaves: [], current: root, sums: new Map(), outer, aside }
  active = pass
  try {
    return run(pass)
  } catch (error) {
    takeDown(pass)
    throw error
  } finally {
    active = outer
    restore(aside)
  }
}

/** The nodes between `root` and the boundary, each after all of its inputs, and whether the graph is open. */
export function inOrder(root: Node, boundary: Boundary | undefined): { order: Node[]; open: boolean } {
  return alone(root, boundary, ({ ready, clock }) => {
    const order: Node[] = []
    const release = (input: Node): void => {
      if (input.stamp > 0 && --input.stamp === 0) ready.push(input)
    }
    const open = countUses(root, boundary)
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      if (node !== root || node.stamp > 0) node.stamp = clock
      order.push(node)
      if (boundary === undefined || node.args !== boundary) eachInput(node, release)
    }
    return { order: order.reverse(), open }
  })
}
