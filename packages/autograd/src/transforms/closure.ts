/** What a function closes over, read off what it computed. */
import type { Input, Node } from '../node.ts'
import { CONSTANT, LEAF } from '../op.ts'

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
