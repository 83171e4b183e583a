/** Makes a carrier from the one thing that carriers differ in: how an operation is applied. */
import type { Data, DType } from '../data.ts'
import { type Carrier, NN, type Op } from '../op.ts'
import { table } from '../ops/table.ts'
import type { Shape } from '../shape.ts'

export interface Interpreter<T> {
  apply(op: Op, a: T | number, b: T | number, args: unknown): T
  applyList(op: Op, inputs: readonly (T | number)[], args: unknown): T
  shape(x: T | number): Shape
  dtype(x: T | number): DType
  constant(x: Data): T
}

export function carrierOf<T>({ apply, applyList, shape, dtype, constant }: Interpreter<T>): Carrier<T> {
  const one = (op: Op) => (a: T | number) => apply(op, a, 0, undefined)
  const two = (op: Op) => (a: T | number, b: T | number) => apply(op, a, b, undefined)
  const reduction =
    (op: Op) =>
    (a: T | number, axes: readonly number[], keepDims = false): T =>
      apply(op, a, 0, { axes, keepDims })
  return {
    add: two(table.add),
    sub: two(table.sub),
    mul: two(table.mul),
    div: two(table.div),
    mulNoNan: two(table.mulNoNan),
    divNoNan: two(table.divNoNan),
    pow: two(table.pow),
    neg: one(table.neg),
    abs: one(table.abs),
    sign: one(table.sign),
    square: one(table.square),
    reciprocal: one(table.reciprocal),
    exp: one(table.exp),
    exp2: one(table.exp2),
    log: one(table.log),
    sin: one(table.sin),
    cos: one(table.cos),
    sinh: one(table.sinh),
    cosh: one(table.cosh),
    tanh: one(table.tanh),
    sigmoid: one(table.sigmoid),
    softplus: one(table.softplus),
    step: one(table.step),
    inside: (a, min, max) => apply(table.inside as Op, a, 0, { min, max }),
    floorDiv: two(table.floorDiv),
    sechSquared: one(table.sechSquared),
    asinSlope: one(table.asinSlope),
    asinhSlope: one(table.asinhSlope),
    acoshSlope: one(table.acoshSlope),
    atanSlope: one(table.atanSlope),
    atanhSlope: one(table.atanhSlope),
    normalCdf: one(table.normalCdf),
    normalPdf: one(table.normalPdf),
    polygamma: (a, order) => apply(table.polygamma as Op, a, 0, { order }),
    inversePower: (a, b, order, imaginary) => apply(table.inversePower as Op, a, b, { order, imaginary }),
    direction: two(table.direction),
    hypot: two(table.hypot),
    gap: two(table.gap),
    preference: two(table.preference),
    gt: two(table.gt),
    ge: two(table.ge),
    lt: two(table.lt),
    le: two(table.le),
    eq: two(table.eq),
    ne: two(table.ne),
    where: (condition, a, b) => applyList(table.where, [condition, a, b], undefined),
    sum: reduction(table.sum as Op),
    mean: reduction(table.mean as Op),
    max: reduction(table.max as Op),
    norm: reduction(table.norm as Op),
    unit: (a, axes) => apply(table.unit as Op, a, 0, { axes }),
    logSumExp: reduction(table.logSumExp as Op),
    softmax: (a, axes) => apply(table.softmax as Op, a, 0, { axes }),
    softmaxComplement: (a, axes) => apply(table.softmaxComplement as Op, a, 0, { axes }),
    cumsum: (a, axis, reverse = false) => apply(table.cumsum as Op, a, 0, { axis, reverse }),
    argmax: (a, axis) => apply(table.argmax as Op, a, 0, { axis }),
    cumargmax: (a, axis) => apply(table.cumargmax as Op, a, 0, { axis }),
    argsort: (a, axis, descending = false) => apply(table.argsort as Op, a, 0, { axis, descending }),
    reshape: (a, shape) => apply(table.reshape as Op, a, 0, { shape }),
    transpose: (a, axes) => apply(table.transpose as Op, a, 0, { axes }),
    broadcastTo: (a, shape) => apply(table.broadcastTo as Op, a, 0, { shape }),
    slice: (a, args) => apply(table.slice as Op, a, 0, args),
    unslice: (a, args) => apply(table.unslice as Op, a, 0, args),
    concat: (list, axis) => applyList(table.concat as Op, list, { axis }),
    gather: (a, indices, axis) => apply(table.gather as Op, a, indices, { axis }),
    scatter: (src, indices, axis, shape) => apply(table.scatter as Op, src, indices, { axis, shape }),
    take: (a, indices, axis) => apply(table.take as Op, a, indices, { axis }),
    untake: (src, indices, axis, shape) => apply(table.untake as Op, src, indices, { axis, shape }),
    matmul: (a, b, args = NN) => apply(table.matmul as Op, a, b, args),
    cast: (a, dtype) => apply(table.cast as Op, a, 0, { dtype }),
    apply,
    applyList,
    shape,
    dtype,
    constant,
  }
}
