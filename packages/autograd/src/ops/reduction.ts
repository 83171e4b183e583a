/** Reductions that have rules of their own; the others (mean, std, prod …) are composed of these. */
import * as kernel from '../kernels/reduce.ts'
import { type AxesArgs, type Carrier, type Op, op } from '../op.ts'
import { sizeOf } from '../shape.ts'
import { spread } from './spread.ts'

export const sum: Op<AxesArgs> = op({
  name: 'sum',
  linearity: 'linear',
  forward: (x, _, { axes, keepDims }) => kernel.sum(x, axes, keepDims),
  da: (k, g, _y, a, _b, args) => spread(k, g, a, args),
})

export const mean: Op<AxesArgs> = op({
  name: 'mean',
  linearity: 'linear',
  forward: (x, _, { axes, keepDims }) => kernel.mean(x, axes, keepDims),
  da: (k, g, _y, a, _b, args) => {
    const n = sizeOf(args.axes.map((axis) => k.shape(a)[axis] ?? 1))
    return spread(k, k.div(g, n), a, args)
  },
})

/** Each of n equal maxima gets 1/n of the cotangent, as PyTorch's amax. */
function shares<T>(k: Carrier<T>, y: T, a: T | number, args: AxesArgs): T {
  const mask = k.eq(a, spread(k, y, a, args))
  return k.div(mask, k.sum(mask, args.axes, true))
}

export const max: Op<AxesArgs> = op({
  name: 'max',
  linearity: 'custom',
  forward: (x, _, { axes, keepDims }) => kernel.max(x, axes, keepDims),
  da: (k, g, y, a, _b, args) => k.mulNoNan(spread(k, g, a, args), shares(k, y, a, args)),
  push: (k, t, y, a, _b, args) => k.sum(k.mulNoNan(t, shares(k, y, a, args)), args.axes, args.keepDims),
})

/** The Euclidean norm; its slope x/‖x‖ is taken as 0 at 0. */
export const norm: Op<AxesArgs> = op({
  name: 'norm',
  linearity: 'custom',
  forward: (x, _, { axes, keepDims }) => kernel.norm(x, axes, keepDims),
  da: (k, g, _y, a, _b, args) => k.mulNoNan(spread(k, g, a, args), k.unit(a, args.axes)),
  push: (k, t, _y, a, _b, args) => k.sum(k.mulNoNan(t, k.unit(a, args.axes)), args.axes, args.keepDims),
})

/**
 * (g·q − b·p)/(q·‖x‖) with b = x/max|x|, q = b·b, p = b·g: the product with the symmetric Jacobian (I − uuᵀ)/‖x‖ of
 * u = x/‖x‖, in a form that is exactly 0 where it should be.
 */
function pullUnit<T>(k: Carrier<T>, g: T | number, x: T | number, axes: readonly number[]): T {
  const b = k.divNoNan(x, k.max(k.abs(x), axes, true))
  const q = k.sum(k.square(b), axes, true)
  const p = k.sum(k.mulNoNan(b, g), axes, true)
  return k.divNoNan(k.divNoNan(k.sub(k.mulNoNan(g, q), k.mulNoNan(b, p)), q), k.norm(x, axes, true))
}

/** x/‖x‖, 0 for 0. */
export const unit: Op<{ readonly axes: readonly number[] }> = op({
  name: 'unit',
  linearity: 'custom',
  forward: (x, _, { axes }) => kernel.unit(x, axes),
  da: (k, g, _y, a, _b, { axes }) => pullUnit(k, g, a, axes),
  push: (k, t, _y, a, _b, { axes }) => pullUnit(k, t, a, axes),
})

export const logSumExp: Op<AxesArgs> = op({
  name: 'logSumExp',
  linearity: 'custom',
  forward: (x, _, { axes, keepDims }) => kernel.logSumExp(x, axes, keepDims),
  da: (k, g, _y, a, _b, args) => k.mulNoNan(spread(k, g, a, args), k.softmax(a, args.axes)),
  push: (k, t, _y, a, _b, args) => k.sum(k.mulNoNan(t, k.softmax(a, args.axes)), args.axes, args.keepDims),
})
