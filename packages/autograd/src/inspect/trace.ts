/** The graph behind a Value as plain data. */
import { type Data, type DType, dtypeOf, shapeOf } from '../data.ts'
import { labelOf, Node } from '../node.ts'
import type { Shape } from '../shape.ts'
import type { Value } from '../value.ts'
import { type PlainArgs, plainArgs } from './numbers.ts'
import { inputsOf, walk } from './walk.ts'

/** How many numbers of an array a description holds. */
const SHOWN = 6

/** One Value, or one plain number that an operation was given. All of it is plain data, ready for JSON. */
export interface TraceNode {
  /** Its place in the list: the same graph always gets the same ids. */
  readonly id: number
  /** The name of the operation that made it, or `leaf`, `constant`, `argument` (of a function being differentiated). */
  readonly op: string
  /** The plain arguments of the operation, such as `{ axis: 1 }`. */
  readonly args: PlainArgs
  readonly label?: string
  readonly shape: Shape
  readonly dtype: DType
  /** The first numbers, row-major: one for a scalar, at most six. */
  readonly value: readonly number[]
  /** The first numbers of the accumulated gradient, where a backward pass has reached it. */
  readonly gradient?: readonly number[]
  /** The ids of what the operation was applied to, in order; all are smaller than `id`. */
  readonly inputs: readonly number[]
}

function firstNumbers(raw: Data): number[] {
  return typeof raw === 'number' ? [raw] : Array.from(raw.data.subarray(0, SHOWN))
}

function describe(id: number, node: Node, inputs: readonly number[]): TraceNode {
  const { op, args, raw, gradient } = node
  const label = labelOf(node)
  return {
    id,
    op: op.name,
    args: plainArgs(args),
    ...(label !== undefined && { label }),
    shape: shapeOf(raw).slice(),
    dtype: dtypeOf(raw),
    value: firstNumbers(raw),
    ...(gradient !== undefined && { gradient: firstNumbers(gradient instanceof Node ? gradient.raw : gradient) }),
    inputs,
  }
}

function describeNumber(id: number, x: number): TraceNode {
  return { id, op: 'constant', args: {}, shape: [], dtype: 'float64', value: [x], inputs: [] }
}

/**
 * Describes every Value that `y` was computed from, constants and plain numbers included: each after its inputs, `y`
 * itself last. Graphs of any size and depth.
 * @example
 * trace(value(2).mul(3)).map((node) => node.op) // ['leaf', 'constant', 'mul']
 */
export function trace(y: Value): TraceNode[] {
  const nodes: TraceNode[] = []
  const ids = new Map<Node, number>()
  for (const node of walk(y)) {
    const inputs = inputsOf(node).map((input) => {
      if (typeof input === 'object') return ids.get(input) ?? -1
      return nodes.push(describeNumber(nodes.length, input)) - 1
    })
    ids.set(node, nodes.length)
    nodes.push(describe(nodes.length, node, inputs))
  }
  return nodes
}
