/** Walking the graph without recursion: how often each node is used, and what a function closes over. */
import { GradientError } from './errors.ts'
import { type Input, isLeaf, mode, type Node, nameOf, ruleOf, takesShare } from './node.ts'
import { ARGUMENT, CONSTANT, isLive, LEAF, STOPPED } from './op.ts'

/** Calls `visit` for each input of the node that a gradient flows to. A call an input: too slow for the hot loops. */
export function eachInput({ op, a, b }: Node, visit: (input: Node) => void): void {
  if (op.dlist !== null) {
    for (const [i, input] of (a as readonly Input[]).entries()) if (i !== op.held && takesShare(input)) visit(input)
    return
  }
  if (op.da !== null && takesShare(a as Input)) visit(a as Node)
  if (op.db !== null && takesShare(b)) visit(b)
}

/**
 * Where a pass stops: the argument nodes of a traced function, whose `args` this is, made at this clock; and the nodes
 * from before it that are to have their share too, which are then all that the function closes over.
 */
export interface Boundary {
  readonly clock: number
  readonly sources?: ReadonlySet<Node>
}

/** A leaf that was assigned to after the node read it would give a wrong gradient in silence. */
function checkFresh(node: Node): void {
  const { op, a, b } = node
  // An argument holds the data that it was called with, and a stop its own, whatever happens to the leaf.
  if (op === ARGUMENT || op === STOPPED) return
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

/** Everything with a gradient from before the clock that `root` was computed from, not through `inputs`; and new leaves. */
export function closedOver(root: Node, clock: number, inputs: readonly Node[]): Set<Node> {
  const sources = new Set<Node>()
  const seen = new Set<Node>(inputs)
  const stack: Node[] = []
  const reach = (node: Input): void => {
    if (typeof node !== 'object' || seen.has(node)) return
    seen.add(node)
    if (node.op === LEAF || (node.stamp > clock && node.op !== CONSTANT)) sources.add(node)
    else stack.push(node)
  }
  reach(root)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { a, b } = node
    if (typeof a === 'object' && !('op' in a)) a.forEach(reach)
    else reach(a as Input)
    reach(b)
  }
  return sources
}
