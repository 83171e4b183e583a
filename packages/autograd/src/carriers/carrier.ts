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
    rsqrt: one(table.rsqrt),
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
    inside: (a, min, max) => apply(table.inside, a, 0, { min, max }),
    floorDiv: two(table.floorDiv),
    sechSquared: one(table.sechSquared),
    asinSlope: one(table.asinSlope),
    asinhSlope: one(table.asinhSlope),
    acoshSlope: one(table.acoshSlope),
    atanSlope: one(table.atanSlope),
    atanhSlope: one(table.atanhSlope),
    normalCdf: one(table.normalCdf),
    normalPdf: one(table.normalPdf),
    polygamma: (a, order) => apply(table.polygamma, a, 0, { order }),
    inversePower: (a, b, order, imaginary) => apply(table.inversePower, a, b, { order, imaginary }),
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
    sum: reduction(table.sum),
    mean: reduction(table.mean),
    max: reduction(table.max),
    norm: reduction(table.norm),
    unit: (a, axes) => apply(table.unit, a, 0, { axes }),
    logSumExp: reduction(table.logSumExp),
    softmax: (a, axes) => apply(table.softmax, a, 0, { axes }),
    softmaxComplement: (a, axes) => apply(table.softmaxComplement, a, 0, { axes }),
    cumsum: (a, axis, reverse = false) => apply(table.cumsum, a, 0, { axis, reverse }),
    argmax: (a, axis) => apply(table.argmax, a, 0, { axis }),
    cumargmax: (a, axis) => apply(table.cumargmax, a, 0, { axis }),
    argsort: (a, axis, descending = false) => apply(table.argsort, a, 0, { axis, descending }),
    reshape: (a, shape) => apply(table.reshape, a, 0, { shape }),
    transpose: (a, axes) => apply(table.transpose, a, 0, { axes }),
    broadcastTo: (a, shape) => apply(table.broadcastTo, a, 0, { shape }),
    slice: (a, args) => apply(table.slice, a, 0, args),
    unslice: (a, args) => apply(table.unslice, a, 0, args),
    concat: (list, axis) => {
      let next = 0
      const starts = list.map((part) => {
        next += shape(part)[axis] ?? 0
        return next - (shape(part)[axis] ?? 0)
      })
      return applyList(table.concat, list, { axis, starts })
    },
    gather: (a, indices, axis) => apply(table.gather, a, indices, { axis }),
    scatter: (src, indices, axis, shape) => apply(table.scatter, src, indices, { axis, shape }),
    take: (a, indices, axis) => apply(table.take, a, indices, { axis }),
    untake: (src, indices, axis, shape) => apply(table.untake, src, indices, { axis, shape }),
    matmul: (a, b, args = NN) => apply(table.matmul, a, b, args),
    conv: (x, w, args) => apply(table.conv, x, w, args),
    convInput: (y, w, args) => apply(table.convInput, y, w, args),
    convWeight: (x, y, args) => apply(table.convWeight, x, y, args),
    argmaxWindow: (x, args) => apply(table.argmaxWindow, x, 0, args),
    inv: one(table.inv),
    solve: (a, b, args) => applyList(table.solve, [a, b], args),
    det: one(table.det),
    slogdet: one(table.slogdet),
    cholesky: one(table.cholesky),
    lift: one(table.lift),
    cast: (a, dtype) => apply(table.cast, a, 0, { dtype }),
    apply,
    applyList,
    shape,
    dtype,
    constant,
  }
}
