/** The statements of one step of a loop. */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import type { ScanBody } from '../graph/scan.ts'
import type { Statement } from '../program/program.ts'
import { chooseStored, inOrder } from './arrays.ts'
import type { Memory } from './elements.ts'
import { linear, type Region } from './index.ts'
import { mapLoops } from './map.ts'
import { isAlias, planKernels } from './plan.ts'
import { type Context, resultRegion } from './regions.ts'

/** What a step writes, and where. `added`: what is there already, which the value is the sum of something with. */
export interface Write {
  readonly value: Expression
  readonly region: Region
  readonly added: Expression | undefined
}

/** The matrix product that is added to a carry, where nothing else reads it. */
function productIn({ value, added }: Write, order: readonly Expression[]): Operation | undefined {
  if (added === undefined || value.op === null) return undefined
  const uses = (x: Expression): number =>
    order.reduce((sum, { op, ...rest }) => sum + (op === null ? 0 : countIn((rest as Operation).inputs, x)), 0)
  let x = value.inputs.find((input) => input !== added)
  while (x !== undefined && x.op === (table.reshape as Op) && uses(x) === 1) x = x.inputs[0]
  return x !== undefined && x.op === (table.matmul as Op) && x.dtype === value.dtype && uses(x) === 1 ? x : undefined
}

function countIn(inputs: readonly Expression[], x: Expression): number {
  return inputs.filter((input) => input === x).length
}

export function stepStatements(
  context: Context,
  { invariants }: ScanBody,
  bound: ReadonlyMap<Expression, Region>,
  writes: readonly Write[],
): Statement[] {
  const whole = inOrder(
    writes.map(({ value }) => value),
    invariants,
  )
  const products = new Map(
    writes.flatMap((write) => {
      const product = writes.every((other) => other === write || other.value !== write.value)
        ? productIn(write, whole)
        : undefined
      return product === undefined ? [] : [[write, product] as const]
    }),
  )
  const roots = writes.map((write) => products.get(write) ?? write.value)
  const order = inOrder(roots, invariants)
  const stored = chooseStored(order, [...roots, ...invariants])
  const own = new Set(order)
  const regions = new Map(bound)
  const memory: Memory = (x) => regions.get(x) ?? (own.has(x) && x.op !== null ? undefined : context.memory(x))
  const copies: Write[] = []
  const given = new Map<Expression, Region>()
  writes.forEach((write, i) => {
    const root = roots[i] as Expression
    if (root.op === null || !own.has(root) || isAlias(root, stored) || given.has(root)) copies.push(write)
    else given.set(root, write.region)
  })
  for (const x of order) {
    if (x.op === null || !stored.has(x)) continue
    const from = isAlias(x, stored) ? memory(x.inputs[0] as Expression) : undefined
    const region = from ?? given.get(x) ?? resultRegion(x, 'scratch')
    regions.set(x, region)
    if (from === undefined && !given.has(x)) context.buffers.add(region.buffer)
  }
  const inner: Context = { ...context, memory, accumulated: new Set(products.values()) }
  const computed = planKernels(order, stored).flatMap((kernel) => context.lower(inner, kernel))
  const copied = copies.flatMap(({ value, region }) =>
    mapLoops(memory, value.shape, [{ value, region, place: (index) => linear(index, value.shape) }]),
  )
  return [...computed, ...copied]
}
