/** The chain rule of a graph, worked out: for each use of a Value the local derivative, its numbers and the share. */
import { numericReader } from '../carriers/numeric.ts'
import { type Data, dtypeOf, filled, shapeOf } from '../data.ts'
import { backpropagate, seenBy } from '../graph.ts'
import type { Input, Node } from '../node.ts'
import type { Carrier, Rule } from '../op.ts'
import { sizeOf } from '../shape.ts'
import type { Scribe } from './scribe.ts'
import type { Text } from './text.ts'
import { textbook } from './textbook.ts'
import { flowsTo, inputsOf } from './walk.ts'
import { builtInName } from './write.ts'

/** What one use of a Value hands back to it. */
export interface Share {
  readonly input: Node
  /** Which input of the operation it is. */
  readonly index: number
  /** Whether there is a local derivative to multiply with: elementwise, or the gradient of a single number. */
  readonly isLocal: boolean
  /** The local derivative, else the whole share, as the record's rule has it and as textbooks write it, if different. */
  readonly formulas: readonly Text[]
  /** The share before it is summed over what was broadcast, and after. */
  readonly full: Data
  readonly share: Data
}

/** One operation on the way back. */
export interface Step {
  readonly node: Node
  readonly arriving: Data
  readonly shares: readonly Share[]
}

/** Runs the rule of the node for its input at the index, or another rule in its place, with a carrier. */
function pull<T>(
  node: Node,
  index: number,
  k: Carrier<T>,
  of: (input: Input) => T | number,
  g: T,
  other?: Rule<unknown>,
): T | number {
  const { op, args } = node
  const inputs = inputsOf(node)
  // A node, unlike a plain number, is never seen as a number by a carrier of anything else.
  const y = of(node) as T
  if (op.dlist !== null) return op.dlist(k, g, y, inputs.map(of), index, args)
  const rule = other ?? (index === 0 ? op.da : op.db)
  return rule?.(k, g, y, of(inputs[0] ?? 0), of(inputs[1] ?? 0), args) ?? 0
}

function formulasOf(node: Node, index: number, cotangent: Text, { k, of }: Scribe): Text[] {
  const run = (other?: Rule<unknown>): Text => {
    const formula = pull(node, index, k, of, cotangent, other)
    return typeof formula === 'number' ? k.number(formula) : formula
  }
  const name = builtInName(node.op)
  if (name === undefined) {
    // A rule of the user's own may understand nothing but numbers and Values: then there is no formula.
    try {
      return [run()]
    } catch {
      return []
    }
  }
  const familiar = textbook[name]?.[index === 0 ? 'da' : 'db']
  return familiar === undefined ? [run()] : [run(), run(familiar)]
}

function shareOf(node: Node, index: number, input: Node, arriving: Data, scribe: Scribe): Share {
  const { op, raw } = node
  const isLocal = op.linearity === 'elementwise' || sizeOf(shapeOf(raw)) === 1
  const one = filled(shapeOf(raw), 1, dtypeOf(raw))
  const cotangent = isLocal ? scribe.k.number(1, one) : { ...scribe.derivative(node), raw: arriving }
  const full = pull(node, index, numericReader.k, (x) => seenBy(numericReader, x, node), arriving)
  return {
    input,
    index,
    isLocal,
    formulas: formulasOf(node, index, cotangent, scribe),
    full,
    share: numericReader.fit(full, input),
  }
}

/** The gradient of `root` with respect to every node, as backward() gives it, with no gradient field touched. */
export function gradientsOf(root: Node): ReadonlyMap<Node, Data> {
  const totals = new Map<Node, Data>()
  backpropagate(root, undefined, (_open, run) => {
    run<Data>(numericReader, filled(shapeOf(root.raw), 1, dtypeOf(root.raw)), (node, g) => totals.set(node, g))
  })
  return totals
}

/** The steps of the chain rule, from the last node of `order` back to the first operations. */
export function chainRule(order: readonly Node[], gradients: ReadonlyMap<Node, Data>, scribe: Scribe): Step[] {
  return order.toReversed().flatMap((node) => {
    const arriving = gradients.get(node)
    if (arriving === undefined) return []
    const shares = inputsOf(node).flatMap((input, index) =>
      typeof input === 'object' && flowsTo(node, index) ? [shareOf(node, index, input, arriving, scribe)] : [],
    )
    return shares.length > 0 ? [{ node, arriving, shares }] : []
  })
}
