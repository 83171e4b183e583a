/** Identities that hold for every number, NaN and −0 included, or that only drop a choice of the sign of zero. */
import type { DType } from '../../data.ts'
import type { Op, ShapeArgs, SliceArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sameShape } from '../../shape.ts'
import { type Expression, isElementwise, type Maker, uniformOf } from './expression.ts'
import { beside, narrowed } from './narrow.ts'
import { simplerSlice } from './slices.ts'

/** The expression in the shape and dtype of a result that equals it. */
function as(build: Maker, x: Expression, shape: Shape, dtype: DType): Expression | undefined {
  if (x.dtype !== dtype) return undefined
  if (sameShape(x.shape, shape)) return x
  const value = uniformOf(x)
  if (value !== undefined) return build.uniform(value, shape, dtype)
  return build.apply(table.broadcastTo, [x], { shape }, shape, dtype)
}

/** A simpler expression, or undefined. */
export function simplify(
  build: Maker,
  op: Op,
  inputs: readonly Expression[],
  args: unknown,
  shape: Shape,
  dtype: DType,
): Expression | undefined {
  const [a, b] = inputs
  if (a === undefined) return undefined
  const whole = uniformOf(a)
  if (whole !== undefined && moves.has(op)) {
    return build.uniform(dtype === 'float32' ? Math.fround(whole) : whole, shape, dtype)
  }
  if (dtype === 'float32' && isElementwise(op)) {
    const narrow = beside(build, { op, inputs, args }, shape)
    if (narrow !== undefined) return narrow
  }
  if (op === table.cast) return a.dtype === dtype ? a : dtype === 'float32' ? narrowed(build, a, shape) : undefined
  if (op === table.slice) return simplerSlice(build, a, args as SliceArgs)
  if ((op === table.reshape || op === table.broadcastTo) && sameShape(a.shape, shape)) return a
  if (op === table.reshape && a.op === table.reshape && a.inputs[0] !== undefined) {
    return build.apply(op, a.inputs, args, shape, dtype)
  }
  if (op === table.broadcastTo && a.op === table.broadcastTo && a.inputs[0] !== undefined) {
    if (a.inputs[0].shape.length > 0) return undefined
    return build.apply(op, a.inputs, { shape } satisfies ShapeArgs, shape, dtype)
  }
  if (op === table.neg && a.op === table.neg) return a.inputs[0]
  if (op === table.sum && (args as { axes: readonly number[] }).axes.every((axis) => a.shape[axis] === 1)) {
    return build.apply(table.reshape, [a], { shape }, shape, dtype)
  }
  return b === undefined ? undefined : arithmetic(build, op, a, b, shape, dtype)
}

const moves: ReadonlySet<Op> = new Set<Op>([
  table.reshape as Op,
  table.transpose as Op,
  table.broadcastTo as Op,
  table.slice as Op,
  table.cast as Op,
])

function arithmetic(
  build: Maker,
  op: Op,
  a: Expression,
  b: Expression,
  shape: Shape,
  dtype: DType,
): Expression | undefined {
  const x = uniformOf(a)
  const y = uniformOf(b)
  if (op === table.mul || op === table.mulNoNan) {
    if (x === 1) return as(build, b, shape, dtype)
    if (y === 1) return as(build, a, shape, dtype)
    // No number is so that 0 times it is not 0, where 0 wins.
    if (op === table.mulNoNan && (x === 0 || y === 0)) return build.uniform(0, shape, dtype)
    if (x === -1 || y === -1) return negated(build, x === -1 ? b : a, shape, dtype)
    // A finite factor that is not 0 makes no NaN of what was none, but for 0·∞, which needs a 0.
    if (op === table.mulNoNan && (isPlain(x) || isPlain(y)))
      return build.apply(table.mul, [a, b], undefined, shape, dtype)
  }
  if (op === table.div && y === 1) return as(build, a, shape, dtype)
  if (op === table.add) {
    // −0 + x is x; 0 + −0 is 0.
    if (Object.is(x, -0)) return as(build, b, shape, dtype)
    if (Object.is(y, -0)) return as(build, a, shape, dtype)
  }
  if (op === table.sub) {
    if (Object.is(y, 0)) return as(build, a, shape, dtype)
    if (Object.is(x, -0)) return negated(build, b, shape, dtype)
  }
  return undefined
}

function isPlain(x: number | undefined): boolean {
  return x !== undefined && x !== 0 && Number.isFinite(x)
}

function negated(build: Maker, x: Expression, shape: Shape, dtype: DType): Expression | undefined {
  const same = as(build, x, shape, dtype)
  return same === undefined ? undefined : build.apply(table.neg, [same], undefined, shape, dtype)
}
