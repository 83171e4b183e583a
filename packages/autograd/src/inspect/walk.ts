/** Reads a graph: what each node was computed from, and all nodes behind one of them. */
import { type Input, isLeaf, type Node } from '../node.ts'
import { ARGUMENT, CONSTANT } from '../op.ts'

/** Where a graph ends: leaves, constants, and the arguments of a function that is being differentiated. */
export function isEnd(node: Node): boolean {
  return isLeaf(node) || node.op === ARGUMENT
}

/** An argument of a differentiated function stands for the differentiable Value that was passed, if one was. */
function resolve(input: Input): Input {
  let found = input
  while (typeof found === 'object' && found.op === ARGUMENT) {
    const original = found.a as Node
    if (original.op === CONSTANT) break
    found = original
  }
  return found
}

/** What the operation was applied to, in order: nodes, and plain numbers. */
export function inputsOf(node: Node): Input[] {
  const { op, a, b } = node
  if (isEnd(node)) return []
  if (typeof a === 'object' && !('op' in a)) return a.map(resolve)
  // Of an operation with one input, b is 0.
  const single = b === 0 && op.db === null && op.held !== 1
  return single ? [resolve(a)] : [resolve(a), resolve(b)]
}

/** Whether the operation pulls a gradient back to its input at the index. */
export function flowsTo(node: Node, index: number): boolean {
  const { op } = node
  const input = inputsOf(node)[index]
  if (typeof input !== 'object' || input.op === CONSTANT) return false
  return op.dlist !== null ? index !== op.held : (index === 0 ? op.da : op.db) !== null
}

/** All nodes behind `root`, itself last: each after its inputs, first inputs first. Nothing is recursive. */
export function walk(root: Node): Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const path: { readonly node: Node; readonly inputs: Input[]; next: number }[] = []
  const enter = (node: Node): void => {
    seen.add(node)
    path.push({ node, inputs: inputsOf(node), next: 0 })
  }
  enter(resolve(root) as Node)
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const input = step.inputs[step.next++]
    if (input === undefined) {
      order.push(step.node)
      path.pop()
    } else if (typeof input === 'object' && !seen.has(input)) enter(input)
  }
  return order
}
