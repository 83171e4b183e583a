/** Groups what is stored into kernels: expressions that are computed by the same loops. */
import type { AxesArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sameShape } from '../../shape.ts'
import { type Expression, isElementwise, type Operation } from '../graph/expression.ts'
import { bodyOf } from '../graph/scan.ts'
import { isInline, isView } from './arrays.ts'
import { isPieced } from './pieces.ts'

/** One nest of loops, or one call: what runs as a whole. */
export interface Kernel {
  /** Elementwise over a shape; reductions of a shape over the same axes; anything else, alone. */
  readonly kind: 'map' | 'reduce' | 'other'
  readonly shape: Shape
  readonly axes: readonly number[]
  readonly members: Operation[]
}

function kindOf(x: Operation, stored: ReadonlySet<Expression>): Kernel['kind'] {
  if (isPieced(x, (input) => stored.has(input))) return 'other'
  if (isInline(x)) return 'map'
  return x.op === table.sum || x.op === table.max ? 'reduce' : 'other'
}

/** Kernels in an order in which they can run. */
export function planKernels(order: readonly Expression[], stored: ReadonlySet<Expression>): Kernel[] {
  const kernels: Kernel[] = []
  const placeOf = new Map<Expression, number>()
  for (const x of order) {
    if (x.op === null || !stored.has(x) || isAlias(x, stored)) {
      // An alias is there when what it renames is.
      if (x.op !== null && isAlias(x, stored)) placeOf.set(x, placeOf.get(x.inputs[0] as Expression) ?? -1)
      continue
    }
    const kind = kindOf(x, stored)
    const shape = kind === 'reduce' ? (x.inputs[0] as Expression).shape : x.shape
    const axes = kind === 'reduce' ? (x.args as AxesArgs).axes : []
    const { before, within } = readsOf(x, stored, placeOf, kind === 'map')
    const at = kind === 'other' ? findLoop(kernels, x) : findKernel(kernels, kind, shape, axes, before, within)
    if (at >= 0) (kernels[at] as Kernel).members.push(x)
    else kernels.push({ kind, shape, axes, members: [x] })
    placeOf.set(x, at >= 0 ? at : kernels.length - 1)
  }
  return kernels
}

/** The kernel of the loop that the expression is one of the results of: all have the same inputs. */
function findLoop(kernels: readonly Kernel[], x: Operation): number {
  const body = bodyOf(x)
  return body === undefined
    ? -1
    : kernels.findIndex(({ members: [other] }) => other !== undefined && bodyOf(other) === body)
}

/** A stored reshape of something stored is the same memory. */
export function isAlias(x: Operation, stored: ReadonlySet<Expression>): boolean {
  return x.op === table.reshape && stored.has(x.inputs[0] as Expression)
}

/** The latest kernel with the same loops that runs after all that is read whole, and not before what is read in step. */
function findKernel(
  kernels: readonly Kernel[],
  kind: Kernel['kind'],
  shape: Shape,
  axes: readonly number[],
  before: number,
  within: number,
): number {
  for (let at = kernels.length - 1; at > before && at >= within; at--) {
    const kernel = kernels[at] as Kernel
    if (kernel.kind === kind && sameShape(kernel.shape, shape) && sameShape(kernel.axes, axes)) return at
  }
  return -1
}

/** The last kernel that must be over, and the last one that must at least be the same. */
function readsOf(
  x: Operation,
  stored: ReadonlySet<Expression>,
  placeOf: ReadonlyMap<Expression, number>,
  inStep: boolean,
): { before: number; within: number } {
  let before = -1
  let within = -1
  const seen = { inStep: new Set<Expression>(), whole: new Set<Expression>() }
  const visit = (input: Expression, step: boolean, parent: Operation): void => {
    const same = step && (isElementwise(parent.op) || parent.op === table.cast) && sameShape(input.shape, x.shape)
    const known = same ? seen.inStep : seen.whole
    if (known.has(input)) return
    known.add(input)
    if (stored.has(input)) {
      const place = placeOf.get(input) ?? -1
      if (same) within = Math.max(within, place)
      else before = Math.max(before, place)
    } else if (input.op !== null) for (const next of input.inputs) visit(next, same, input)
  }
  for (const input of x.inputs) visit(input, inStep && !isView(x), x)
  return { before, within }
}
