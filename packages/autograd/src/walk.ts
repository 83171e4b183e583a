/**
 * Walking the graph without recursion: how often each node is used, an order in which inputs come first, and the scratch
 * fields of nodes, which a walk fills and clears again.
 */
import { GradientError } from './errors.ts'
import { type Input, isLeaf, mode, type Node, nameOf, ruleOf, takesShare } from './node.ts'
import { ARGUMENT, CONSTANT, isLive, LEAF } from './op.ts'

/** A walk on its way: nodes whose uses have all been seen, leaves that hold a cotangent, and the node in hand. */
export interface Pass {
  /** The clock when it began: what its nodes were found to be consistent at. */
  readonly clock: number
  readonly ready: Node[]
  readonly leaves: Node[]
  current: Node
}

/** Calls `visit` for each input of the node that a gradient flows to. A call an input: too slow for the hot loops. */
function eachInput({ op, a, b }: Node, visit: (input: Node) => void): void {
  if (op.dlist !== null) {
    for (const [i, input] of (a as readonly Input[]).entries()) if (i !== op.held && takesShare(input)) visit(input)
    return
  }
  if (op.da !== null && takesShare(a as Input)) visit(a as Node)
  if (op.db !== null && takesShare(b)) visit(b)
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
function checkFresh(node: Node): void {
  const { op, a, b } = node
  // An argument holds the data that it was called with, whatever happens to the leaf.
  if (op === ARGUMENT) return
  if (op.dlist !== null) for (const input of a as readonly Input[]) checkRead(node, input)
  else checkRead(node, a as Input)
  checkRead(node, b)
}

function checkRead(node: Node, input: Input): void {
  if (typeof input === 'number' || input.stamp >= node.stamp || !isLeaf(input)) return
  throw new GradientError(
    `backward: ${nameOf(input)} was assigned to after ${ruleOf(node)} was computed from it. Compute the result again before asking for its gradient.`,
  )
}

/**
 * Sets `stamp` of every node between `root` and the boundary to the number of its uses. Leaves keep no count, nor do
 * nodes from before the boundary, which cannot depend on it. Tells whether the graph is open: whether it goes back to
 * something differentiable besides the boundary.
 */
export function countUses(root: Node, boundary: Boundary | undefined): boolean {
  const stack: Node[] = []
  let open = countUse(root, boundary, stack)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { op, a, b } = node
    if (op.dlist !== null) {
      eachInput(node, (input) => {
        if (countUse(input, boundary, stack)) open = true
      })
    } else {
      if (op.da !== null && takesShare(a as Input) && countUse(a as Node, boundary, stack)) open = true
      if (op.db !== null && takesShare(b) && countUse(b, boundary, stack)) open = true
    }
  }
  return open
}

/** Counts one use; a node that is new goes on the stack. Tells whether it is a source besides the boundary. */
function countUse(node: Node, boundary: Boundary | undefined, stack: Node[]): boolean {
  if (node.stamp > 0) {
    node.stamp++
    return false
  }
  if (node.op === LEAF || (boundary !== undefined && node.stamp > boundary.clock)) return isLive(node.op)
  // Nothing has been assigned to since a node of this very clock was made.
  if (node.stamp !== mode.clock) checkFresh(node)
  node.stamp = 1
  if (boundary === undefined || node.args !== boundary) stack.push(node)
  // The argument of a surrounding transform is a source too; that of an inner one leads to its source.
  return node.op === ARGUMENT && node.args !== boundary && (node.a as Node).op === CONSTANT
}

export interface Saved {
  readonly node: Node
  readonly stamp: number
  readonly cotangent: unknown
}

/** Clears the scratch fields of all nodes that a pass has not finished, and returns what they held. */
export function takeDown({ ready, leaves, current, clock }: Pass): Saved[] {
  const saved: Saved[] = []
  const pending: Node[] = [current]
  const visit = (node: Node): void => {
    if (node.stamp <= 0 && node.cotangent === undefined) return
    saved.push({ node, stamp: node.stamp, cotangent: node.cotangent })
    // What keeps no count (a leaf, a source before the boundary) keeps its stamp.
    if (node.stamp >= 0 && !isLeaf(node)) node.stamp = clock
    node.cotangent = undefined
    pending.push(node)
  }
  for (const node of ready) visit(node)
  for (const leaf of leaves) visit(leaf)
  visit(current)
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) eachInput(node, visit)
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
