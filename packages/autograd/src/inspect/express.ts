/** Whole formulas: of a graph, or of the parts of it between named Values. */
import { UnsupportedError } from '../errors.ts'
import type { Input, Node } from '../node.ts'
import type { Piece } from './notation.ts'
import { inputsOf, isEnd } from './walk.ts'

/** Whether a node is written as its name where another one uses it. */
export type IsNamed = (node: Node) => boolean

/** How many operations the formula of each node has when written out: a part that is used twice counts twice. */
export function countOperations(order: readonly Node[], isNamed: IsNamed): ReadonlyMap<Node, number> {
  const counts = new Map<Node, number>()
  for (const node of order) {
    const inputs = inputsOf(node)
    let count = isEnd(node) ? 0 : Math.max(inputs.length - 1, 1)
    for (const input of inputs) if (typeof input === 'object' && !isNamed(input)) count += counts.get(input) ?? 0
    counts.set(node, count)
  }
  return counts
}

/** @throws UnsupportedError when there is more to write than anybody reads. */
export function checkOperations(name: string, count: number, maxOperations: number, advice: string): void {
  if (count <= maxOperations) return
  const size = count < 1e6 ? String(count) : 'millions of'
  throw new UnsupportedError(
    `${name}: written out there are ${size} operations, more than maxOperations = ${maxOperations}. ${advice}`,
  )
}

/**
 * The formula of each node, down to the ends of the graph and the named nodes. Put together from the inputs on, so that
 * nothing is recursive; count the operations first.
 * @param of How ends, named nodes and plain numbers are written.
 * @param combine How an operation is written, its inputs being written already.
 */
export function expressAll<P extends Piece>(
  order: readonly Node[],
  isNamed: IsNamed,
  of: (input: Input) => P,
  combine: (node: Node, inputs: readonly P[]) => P,
): ReadonlyMap<Node, P> {
  const formulas = new Map<Node, P>()
  const use = (input: Input): P => {
    if (typeof input === 'number' || isNamed(input)) return of(input)
    return formulas.get(input) ?? of(input)
  }
  for (const node of order) formulas.set(node, isEnd(node) ? of(node) : combine(node, inputsOf(node).map(use)))
  return formulas
}
