/** How each operation runs over many examples at once. The table is total: an operation without a rule is a type error. */
import { UnsupportedError } from '../../errors.ts'
import type { AxisArgs, BatchRule, Op, ShapeArgs, SliceArgs } from '../../op.ts'
import type * as activation from '../../ops/activation.ts'
import type * as arithmetic from '../../ops/arithmetic.ts'
import type * as comparison from '../../ops/comparison.ts'
import type * as exponential from '../../ops/exponential.ts'
import type * as rounding from '../../ops/rounding.ts'
import type * as special from '../../ops/special.ts'
import { table } from '../../ops/table.ts'
import type * as trigonometric from '../../ops/trigonometric.ts'
import { aligned, both, exampleShape, merged, repeated, withRank } from './align.ts'
import * as places from './places.ts'
import * as products from './products.ts'

type ArgsOf<Record> = Record extends Op<infer Args> ? Args : never

/** The families whose operations all are elementwise: these only have their ranks aligned. */
type Elementwise =
  | keyof typeof activation
  | keyof typeof arithmetic
  | Exclude<keyof typeof comparison, 'where'>
  | keyof typeof exponential
  | keyof typeof rounding
  | keyof typeof special
  | keyof typeof trigonometric

/** Rules of operations that work along axes: the examples stand before all of them. */
function alongAxis<Args extends AxisArgs>(op: Op<Args>): BatchRule<Args> {
  return (k, [input], args) => k.apply(op as Op, input?.x ?? 0, 0, { ...args, axis: args.axis + 1 })
}

function alongAxes<Args extends { readonly axes: readonly number[] }>(op: Op<Args>): BatchRule<Args> {
  return (k, [input], args) => k.apply(op as Op, input?.x ?? 0, 0, { ...args, axes: args.axes.map((axis) => axis + 1) })
}

/** slice and unslice: all examples, and the same places of each. */
function overRanges(op: Op<SliceArgs>): BatchRule<SliceArgs> {
  return (k, [input], { start, step, shape }, size) =>
    k.apply(op as Op, input?.x ?? 0, 0, { start: [0, ...start], step: [1, ...step], shape: [size, ...shape] })
}

/** Operations on the matrices in the last two axes: all axes before are examples already. */
function overMatrices<Args>(op: Op<Args>): BatchRule<Args> {
  return (k, inputs, args) => {
    const list = aligned(k, inputs)
    return op.arity === 1 ? k.apply(op as Op, list[0] ?? 0, 0, args) : k.applyList(op as Op, list, args)
  }
}

const rules = {
  sum: alongAxes(table.sum),
  mean: alongAxes(table.mean),
  max: alongAxes(table.max),
  norm: alongAxes(table.norm),
  unit: alongAxes(table.unit),
  logSumExp: alongAxes(table.logSumExp),
  softmax: alongAxes(table.softmax),
  softmaxComplement: alongAxes(table.softmaxComplement),
  logSoftmax: alongAxes(table.logSoftmax),
  cumsum: alongAxis(table.cumsum),
  argsort: alongAxis(table.argsort),
  argmax: alongAxis(table.argmax),
  cumargmax: alongAxis(table.cumargmax),
  reshape: (k, [input], { shape }: ShapeArgs, size) => k.reshape(input?.x ?? 0, [size, ...shape]),
  broadcastTo: (k, inputs, { shape }: ShapeArgs, size) =>
    k.broadcastTo(withRank(k, both(inputs)[0], shape.length), [size, ...shape]),
  transpose: (k, [input], { axes }) => k.transpose(input?.x ?? 0, [0, ...axes.map((axis) => axis + 1)]),
  slice: overRanges(table.slice),
  unslice: overRanges(table.unslice),
  cast: (k, [input], { dtype }) => k.cast(input?.x ?? 0, dtype),
  concat: (k, inputs, args, size) =>
    k.applyList(
      table.concat as Op,
      inputs.map((input) => repeated(k, input, size)),
      { ...args, axis: args.axis + 1 },
    ),
  where: (k, inputs) => k.applyList(table.where, aligned(k, inputs), undefined),
  gather: places.gather,
  scatter: places.scatter,
  take: places.take,
  untake: places.untake,
  matmul: products.matmul,
  conv: products.conv,
  convInput: products.convInput,
  convWeight: products.convWeight,
  inv: overMatrices(table.inv),
  solve: overMatrices(table.solve),
  det: overMatrices(table.det),
  slogdet: overMatrices(table.slogdet),
  lift: overMatrices(table.lift),
  cholesky: overMatrices(table.cholesky),
  argmaxWindow: (k, inputs, args, size) => {
    const [planes] = both(inputs)
    const y = k.argmaxWindow(merged(k, planes.x, 2), args)
    return k.reshape(y, [size, exampleShape(k, planes)[0] as number, ...k.shape(y).slice(1)])
  },
} satisfies { readonly [Name in Exclude<keyof typeof table, Elementwise>]: BatchRule<ArgsOf<(typeof table)[Name]>> }

const known = new Map<Op, BatchRule<never>>(
  Object.entries(rules).map(([name, rule]) => [table[name as keyof typeof rules] as Op, rule as BatchRule<never>]),
)

/** The rule of an operation. @throws UnsupportedError for an operation of one's own that is not elementwise and has none. */
export function batchRuleOf(op: Op): BatchRule<unknown> {
  const own = op.batch ?? (known.get(op) as BatchRule<unknown> | undefined)
  if (own !== undefined) return own
  if (op.linearity === 'elementwise') {
    return (k, inputs, args) => {
      const [a, b] = aligned(k, inputs)
      return k.apply(op, a ?? 0, b ?? 0, args)
    }
  }
  throw new UnsupportedError(
    `vmap: it does not know how ${op.name} runs over many examples at once. Give its record a batch rule, or make it elementwise with unary or binary.`,
  )
}
