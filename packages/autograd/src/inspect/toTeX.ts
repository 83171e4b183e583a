/** The expression behind a Value as TeX. */
import { type Input, labelOf, type Node } from '../node.ts'
import type { Value } from '../value.ts'
import { checkOperations, countOperations, expressAll, type IsNamed } from './express.ts'
import { scribeOf } from './scribe.ts'
import { tex } from './tex.ts'
import { inputsOf, isEnd, walk } from './walk.ts'

export interface TeXOptions {
  /**
   * One equation for each labelled Value and each one that is used several times, aligned, instead of one expression
   * down to the leaves.
   */
  readonly equations?: boolean
  /** Leave out what changes nothing (1 · x, x + 0, two minus signs); for gradients, which are full of it. */
  readonly simplify?: boolean
  /** The most operations that are written; default 200. A part that is used twice counts twice. */
  readonly maxOperations?: number
}

/** The nodes that get an equation: labelled ones, those used several times, and the last. */
function equationNodes(order: readonly Node[]): ReadonlySet<Node> {
  const uses = new Map<Input, number>()
  for (const node of order) for (const input of inputsOf(node)) uses.set(input, (uses.get(input) ?? 0) + 1)
  const last = order.at(-1)
  return new Set(
    order.filter((node) => !isEnd(node) && (node === last || labelOf(node) !== undefined || (uses.get(node) ?? 0) > 1)),
  )
}

/**
 * The expression that a Value was computed by, in TeX for KaTeX, MathJax or LaTeX with amsmath. Leaves are named by
 * their labels, those without one x_1, x_2, …
 * @throws UnsupportedError when more than `maxOperations` operations would be written.
 * @example
 * const [w, x, b] = [value(2, { label: 'w' }), value(-3, { label: 'x' }), value(1, { label: 'b' })]
 * toTeX(w.mul(x).add(b).tanh()) // \tanh\left(w \cdot x + b\right)
 */
export function toTeX(y: Value, options: TeXOptions = {}): string {
  const { equations = false, simplify = false, maxOperations = 200 } = options
  const order = walk(y)
  const last = order.at(-1) ?? y
  const named: ReadonlySet<Node> = equations ? equationNodes(order) : new Set()
  const isNamed: IsNamed = (node) => named.has(node)
  const counts = countOperations(order, isNamed)
  const rows = named.size > 0 ? [...named] : [last]
  const count = rows.reduce((sum, node) => sum + (counts.get(node) ?? 0), 0)
  const advice = 'Write a part of it (a Value further in), or pass { maxOperations }'
  checkOperations('toTeX', count, maxOperations, equations ? `${advice}.` : `${advice} or { equations: true }.`)

  const { of, combine, simplified } = scribeOf(order, tex)
  const formulas = expressAll(order, isNamed, of, simplify ? simplified : combine)
  const sideOf = (node: Node): string => tex.side(formulas.get(node) ?? of(node))
  if (named.size === 0) return (formulas.get(last) ?? of(last)).text
  const lines = rows.map((node) => `  ${of(node).text} &= ${sideOf(node)}`)
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}`
}
