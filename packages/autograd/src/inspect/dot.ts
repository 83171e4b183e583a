/** The graph behind a Value as a picture, in Graphviz' language. */
import { showShape, UnsupportedError } from '../errors.ts'
import type { Value } from '../value.ts'
import { formatNumber } from './numbers.ts'
import { type TraceNode, trace } from './trace.ts'

export interface DotOptions {
  /** From left to right, or from top to bottom. */
  readonly direction?: 'LR' | 'TB'
  /** Whether boxes show gradients; default: when a backward pass has reached the graph. */
  readonly gradients?: boolean
  /** The largest graph that is drawn; default 300 Values. */
  readonly maxNodes?: number
}

/** Operations that have a sign. */
const SIGNS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  neg: '-',
  mul: '·',
  mulNoNan: '·',
  div: '/',
  divNoNan: '/',
  pow: '^',
  matmul: '@',
}

function escapeText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')
}

/** In a record braces, bars and angle brackets part fields, and spaces collapse. */
function escapeField(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/["\\{}|<>]/g, '\\$&')
}

function numbers(first: readonly number[], shape: readonly number[]): string {
  const size = shape.reduce((x, y) => x * y, 1)
  const list = first.map(formatNumber).join(', ')
  return shape.length === 0 ? list : `[${list}${size > first.length ? ', …' : ''}]`
}

/** What a box tells: label, shape and dtype of an array, data, gradient. */
function fields({ label, shape, dtype, value, gradient, op }: TraceNode, gradients: boolean): string[] {
  const parts = label === undefined ? [] : [label]
  const type = [...(shape.length > 0 ? [showShape(shape)] : []), ...(dtype === 'float32' ? [dtype] : [])]
  if (type.length > 0) parts.push(type.join(' '))
  parts.push(`data ${numbers(value, shape)}`)
  if (gradients && op !== 'constant') parts.push(`grad ${gradient === undefined ? '0' : numbers(gradient, shape)}`)
  return parts
}

const FILLS: Readonly<Record<string, string>> = { leaf: '#e3f0ff', argument: '#e3f0ff', constant: '#f1f1f1' }

function box(node: TraceNode, across: boolean, gradients: boolean): string {
  const text = fields(node, gradients).map(escapeField).join(' | ')
  const fill = FILLS[node.op] ?? '#ffffff'
  // Braces turn a record, so that the fields stand side by side in either direction.
  return `  v${node.id} [shape=record, fillcolor="${fill}", label="${across ? `{ ${text} }` : text}"]`
}

/** The sign or name of an operation; a product of transposed matrices says which. */
function look({ op, args }: TraceNode): string {
  const sign = SIGNS[op]
  if (args.transposeA === true || args.transposeB === true) {
    return `shape=oval, label="A${args.transposeA ? 'ᵀ' : ''} @ B${args.transposeB ? 'ᵀ' : ''}"`
  }
  if (sign === undefined) return `shape=oval, label="${escapeText(op)}"`
  return `shape=circle, width=0.4, fixedsize=true, fontsize=16, label="${sign}"`
}

/** The operation that made a Value, with an edge from each input. */
function operation(node: TraceNode): string[] {
  const { id, inputs } = node
  return [`  op${id} [${look(node)}]`, ...inputs.map((input) => `  v${input} -> op${id}`), `  op${id} -> v${id}`]
}

/**
 * The graph behind a Value as Graphviz DOT: a box for each Value with its label, data and gradient, a circle for each
 * operation. Render it with `dot -Tsvg`, or @viz-js/viz.
 * @throws UnsupportedError for a graph with more than `maxNodes` Values.
 * @example
 * const y = value(2, { label: 'a' }).mul(3)
 * y.backward()
 * toDot(y, { direction: 'TB' }) // digraph { …
 */
export function toDot(y: Value, { direction = 'LR', gradients, maxNodes = 300 }: DotOptions = {}): string {
  const nodes = trace(y)
  if (nodes.length > maxNodes) {
    throw new UnsupportedError(
      `toDot: the graph has ${nodes.length} Values, more than maxNodes = ${maxNodes}: too many to look at. Draw a part of it (from a Value further in), or pass { maxNodes }.`,
    )
  }
  const shown = gradients ?? nodes.some((node) => node.gradient !== undefined)
  const lines = nodes.flatMap((node) => [
    box(node, direction === 'LR', shown),
    ...(node.inputs.length > 0 ? operation(node) : []),
  ])
  return `digraph {
  graph [rankdir=${direction}, ordering=in]
  node [fontname="Helvetica", fontsize=11, style=filled, fillcolor="#ffffff"]
  edge [arrowsize=0.7]
${lines.join('\n')}
}
`
}
