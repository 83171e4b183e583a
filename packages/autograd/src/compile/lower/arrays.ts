/** Which expressions get memory of their own, and which are computed where they are used. */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sameShape, sizeOf } from '../../shape.ts'
import { type Expression, isElementwise, type Operation } from '../graph/expression.ts'
import { readBy } from './matrices.ts'
import { findPieced } from './pieces.ts'

/** What one more evaluation of an operation costs, in additions. */
const CHEAP = new Set<Op>(
  [
    'add sub mul neg abs sign square maximum minimum gt ge lt le eq ne mulNoNan preference step relu relu6 inside clamp where gap cast leakyRelu floor ceil',
  ].flatMap((names) => names.split(' ').map((name) => table[name as keyof typeof table] as Op)),
)
const COSTLY = 10
/** Above this an expression that is used more than once is stored. */
export const LIMIT = 8

/** Chains of operations are computed in place up to this length; some passes follow them recursively. */
const DEEPEST = 64

/** Operations that only say where an element is found. */
const views = new Set<Op>([table.transpose as Op, table.broadcastTo as Op, table.slice as Op, table.reshape as Op])

/** Whether an element of the result can be computed by itself, wherever it is used. */
export function isInline({ op }: Operation): boolean {
  return isElementwise(op) || views.has(op) || op === table.cast || op === table.gather || op === table.take
}

export function isView({ op }: Operation): boolean {
  return views.has(op)
}

/** What one element costs, without its inputs. */
export function costOf({ op }: Operation): number {
  return views.has(op) ? 0 : CHEAP.has(op) ? 1 : COSTLY
}

/** The expressions that the roots are computed from, each after its inputs; not those in `given`. */
export function inOrder(roots: readonly Expression[], given: ReadonlySet<Expression> = new Set()): Expression[] {
  const seen = new Set<Expression>()
  const stack = [...roots]
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    if (seen.has(x) || given.has(x)) continue
    seen.add(x)
    if (x.op !== null) stack.push(...x.inputs)
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

/** The expressions that are stored: those that must be, and those that would cost more to compute again. */
export function chooseStored(order: readonly Expression[], roots: readonly Expression[]): Set<Expression> {
  const stored = new Set<Expression>(roots)
  const pieced = findPieced(order, roots)
  const uses = new Map<Expression, number>()
  for (const x of order) {
    if (x.op === null) continue
    for (const input of new Set(x.inputs)) {
      const repeated = sizeOf(x.shape) > sizeOf(input.shape) ? 2 : 1
      uses.set(input, (uses.get(input) ?? 0) + repeated)
    }
  }
  const costs = new Map<Expression, number>()
  const depths = new Map<Expression, number>()
  for (const x of order) {
    if (x.op === null) {
      stored.add(x)
      continue
    }
    if (pieced.boxes.has(x)) {
      costs.set(x, costs.get(x.inputs[0] as Expression) ?? 0)
      continue
    }
    if (!isInline(x)) {
      stored.add(x)
      for (const input of needsMemory(x)) stored.add(input)
      continue
    }
    if (x.op === table.gather || x.op === table.take) stored.add(x.inputs[0] as Expression)
    if (x.op === table.reshape && !isFlat(x.inputs[0] as Expression, stored)) stored.add(x.inputs[0] as Expression)
    let cost = costOf(x)
    for (const input of x.inputs) cost += stored.has(input) ? 0 : (costs.get(input) ?? 0)
    costs.set(x, cost)
    const depth = 1 + Math.max(0, ...x.inputs.map((input) => (stored.has(input) ? 0 : (depths.get(input) ?? 0))))
    depths.set(x, depth)
    if (depth >= DEEPEST) stored.add(x)
    if (((uses.get(x) ?? 0) > 1 && cost > LIMIT) || pieced.tops.has(x)) stored.add(x)
  }
  return stored
}

/** The inputs that an operation reads as arrays, not element by element. */
function needsMemory({ op, inputs }: Operation): readonly Expression[] {
  if (op === table.matmul) return inputs.map(readBy)
  const perElement: readonly Op[] = [table.sum, table.max, table.unslice, table.concat, table.cumsum] as Op[]
  return perElement.includes(op) ? [] : inputs
}

/** Whether the element at a place in row order can be found without taking the place apart into an index. */
export function isFlat(x: Expression, stored: ReadonlySet<Expression>): boolean {
  if (x.op === null || stored.has(x)) return true
  if (x.op === table.reshape) return isFlat(x.inputs[0] as Expression, stored)
  if (!isElementwise(x.op) && x.op !== table.cast) return false
  return x.inputs.every((input) => (isPoint(input) || sameShape(input.shape, x.shape)) && isFlat(input, stored))
}

function isPoint(x: Expression): boolean {
  return x.op === null && x.source.kind === 'uniform'
}

/** The sizes along which an array is walked. */
export function sizesOf(shape: Shape): number[] {
  return shape.filter((n) => n !== 1)
}
