/**
 * Walking the graph without recursion: how often each node is used, an order in which inputs come first, and the scratch
 * fields of nodes, which a walk fills and clears again.
 */
import { GradientError } from './errors.ts'
import { type Input, isLeaf, mode, type Node, nameOf, ruleOf } from './node.ts'
import { ARGUMENT, CONSTANT, isLive, LEAF } from './op.ts'

/** A walk on its way: nodes whose uses have all been seen, leaves that hold a cotangent, and the node in hand. */
export interface Pass {
  /** The clock when it began: what its nodes were found to be consistent at. */
  readonly clock: number
  readonly ready: Node[]
  readonly leaves: Node[]
  current: Node
}

/** Calls `visit` for each input of the node that a gradient flows to. */
export function eachInput(node: Node, visit: (input: Node, index: number) => void): void {
  const { a, b, op } = node
  if (op.dlist !== null) {
    ;(a as readonly Input[]).forEach((input, i) => {
      if (typeof input === 'object' && input.op !== CONSTANT && i !== op.held) visit(input, i)
    })
    return
  }
  if (typeof a === 'object' && op.da !== null && (a as Node).op !== CONSTANT) visit(a as Node, 0)
  if (typeof b === 'object' && op.db !== null && b.op !== CONSTANT) visit(b, 1)
}

/**
 * Where a pass stops: the argument nodes of a traced function, whose `args` this is, made at this clock; and the nodes
 * from before it that are to have their share too.
 */
export interface Boundary {
  readonly clock: number
  readonly sources?: ReadonlySet<Node>
}

/** A leaf that was assigned to after the node read it would give a wrong gradient in silence. */
function checkFresh(node: Node, input: Input | readonly Input[]): void {
  if (typeof input === 'number') return
  if (!('op' in input)) {
    for (const one of input) checkFresh(node, one)
  } else if (input.stamp < node.stamp && isLeaf(input)) {
    throw new GradientError(
      `backward: ${nameOf(input)} was assigned to after ${ruleOf(node)} was computed from it. Compute the result again before asking for its gradient.`,
    )
  }
}

/**
 * Sets `stamp` of every node between `root` and the boundary to the number of its uses. Leaves keep no count, nor do
 * nodes from before the boundary, which cannot depend on it. Tells whether the graph is open: whether it goes back to
 * something differentiable besides the boundary.
 */
export function countUses(root: Node, boundary: Boundary | undefined): boolean {
  const stack: Node[] = []
  const oldest = boundary === undefined ? 0 : boundary.clock
  let open = false
  const reach = (node: Node): void => {
    if (node.stamp > 0) node.stamp++
    else if (node.op === LEAF || node.stamp > oldest) open ||= isLive(node.op)
    else {
      // An argument holds the data that it was called with, whatever happens to the leaf.
      if (node.op !== ARGUMENT) {
        checkFresh(node, node.a)
        checkFresh(node, node.b)
      }
      node.stamp = 1
      if (boundary === undefined || node.args !== boundary) stack.push(node)
      // The argument of a surrounding transform is a source too; that of an inner one leads to its source.
      if (node.op === ARGUMENT && node.args !== boundary && (node.a as Node).op === CONSTANT) open = true
    }
  }
  reach(root)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) eachInput(node, reach)
  return open
}

export interface Saved {
  readonly node: Node
  readonly stamp: number
  readonly cotangent: unknown
}

/** Clears the scratch fields of all nodes that a pass has not finished, and returns what they held. */
export function takeDown({ ready, leaves, current, clock }: Pass): Saved[] {
  const saved: Saved[] = []
  const todo: Node[] = [current]
  const visit = (node: Node): void => {
    if (node.stamp <= 0 && node.cotangent === undefined) return
    saved.push({ node, stamp: node.stamp, cotangent: node.cotangent })
    // What keeps no count (a leaf, a source before the boundary) keeps its stamp.
    if (node.stamp >= 0 && !isLeaf(node)) node.stamp = clock
    node.cotangent = undefined
    todo.push(node)
  }
  for (const node of ready) visit(node)
  for (const leaf of leaves) visit(leaf)
  visit(current)
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) eachInput(node, visit)
  return saved
}

/** Gives nodes back what takeDown took. */
export function restore(saved: readonly Saved[]): void {
  for (const { node, stamp, cotangent } of saved) {
    node.stamp = stamp
    node.cotangent = cotangent
  }
}

/** The nodes between `root` and the boundary, each after all of its inputs, and whether the graph is open. */
export function inOrder(root: Node, boundary: Boundary | undefined): { order: Node[]; open: boolean } {
  const order: Node[] = []
  const pass: Pass = { clock: mode.clock, ready: [root], leaves: [], current: root }
  const release = (input: Node): void => {
    if (input.stamp > 0 && --input.stamp === 0) pass.ready.push(input)
  }
  try {
    const open = countUses(root, boundary)
    for (let node = pass.ready.pop(); node !== undefined; node = pass.ready.pop()) {
      if (node !== root || node.stamp > 0) node.stamp = pass.clock
      order.push(node)
      if (boundary === undefined || node.args !== boundary) eachInput(node, release)
    }
    return { order: order.reverse(), open }
  } catch (error) {
    takeDown(pass)
    throw error
  }
}
