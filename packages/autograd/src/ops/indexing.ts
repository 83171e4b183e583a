/** Reads and writes at computed places, and the orders that compute them. The indices are inputs without gradient. */
import { compact, toNdArray } from '../data.ts'
import * as places from '../kernels/indexing.ts'
import * as order from '../kernels/order.ts'
import { type AxisArgs, type Op, op } from '../op.ts'
import type { Shape } from '../shape.ts'

export const gather: Op<AxisArgs> = op({
  name: 'gather',
  held: 1,
  forward: (x, indices, { axis }) => compact(places.gather(toNdArray(x), toNdArray(indices), axis)),
  da: (k, g, _y, a, indices, { axis }) => k.scatter(g, indices, axis, k.shape(a)),
  accumulate: (sum, g, indices, { axis }) => places.addScattered(sum, g, toNdArray(indices), axis),
})

export const scatter: Op<AxisArgs & { readonly shape: Shape }> = op({
  name: 'scatter',
  held: 1,
  forward: (src, indices, { axis, shape }) => compact(places.scatter(toNdArray(src), toNdArray(indices), axis, shape)),
  da: (k, g, _y, _a, indices, { axis }) => k.gather(g, indices, axis),
})

export const take: Op<AxisArgs> = op({
  name: 'take',
  held: 1,
  forward: (x, indices, { axis }) => compact(places.take(toNdArray(x), toNdArray(indices), axis)),
  da: (k, g, _y, a, indices, { axis }) => k.untake(g, indices, axis, k.shape(a)),
  accumulate: (sum, g, indices, { axis }) => places.addTaken(sum, g, toNdArray(indices), axis),
})

export const untake: Op<AxisArgs & { readonly shape: Shape }> = op({
  name: 'untake',
  held: 1,
  forward: (src, indices, { axis, shape }) => compact(places.untake(toNdArray(src), toNdArray(indices), axis, shape)),
  da: (k, g, _y, _a, indices, { axis }) => k.take(g, indices, axis),
})

export const cumsum: Op<AxisArgs & { readonly reverse: boolean }> = op({
  name: 'cumsum',
  forward: (x, _, { axis, reverse }) => compact(order.cumsum(toNdArray(x), axis, reverse)),
  da: (k, g, _y, _a, _b, { axis, reverse }) => k.cumsum(g, axis, !reverse),
})

export const argsort: Op<AxisArgs & { readonly descending: boolean }> = op({
  name: 'argsort',
  forward: (x, _, { axis, descending }) => compact(order.argsort(toNdArray(x), axis, descending)),
})

/** The index of the first largest element; the axis is kept with size 1. */
export const argmax: Op<AxisArgs> = op({
  name: 'argmax',
  forward: (x, _, { axis }) => compact(order.argLargest(toNdArray(x), axis)),
})

/** The index of the largest element so far. */
export const cumargmax: Op<AxisArgs> = op({
  name: 'cumargmax',
  forward: (x, _, { axis }) => compact(order.runningArg(toNdArray(x), axis)),
})
