/** Operations that move elements. Each is linear, and the adjoint of another one here. */
import { castData, compact, type Data, type DType, dtypeOf, filled, NdArray, shapeOf, toNdArray } from '../data.ts'
import * as kernel from '../kernels/move.ts'
import { type ConcatArgs, type Op, op, type ShapeArgs, type SliceArgs } from '../op.ts'

export const reshape: Op<ShapeArgs> = op({
  name: 'reshape',
  forward: (x, _, { shape }) => compact(new NdArray(shape, toNdArray(x).data)),
  da: (k, g, _y, a) => k.reshape(g, k.shape(a)),
})

export const broadcastTo: Op<ShapeArgs> = op({
  name: 'broadcastTo',
  forward: (x, _, { shape }) =>
    typeof x === 'number' ? filled(shape, x, 'float64') : compact(kernel.expand(x, shape)),
  // The chain rule itself sums over what was broadcast.
  da: (_k, g) => g,
})

export const transpose: Op<{ readonly axes: readonly number[] }> = op({
  name: 'transpose',
  forward: (x, _, { axes }) => (typeof x === 'number' ? x : compact(kernel.transpose(x, axes))),
  da: (k, g, _y, _a, _b, { axes }) =>
    k.transpose(
      g,
      axes.map((_, axis) => axes.indexOf(axis)),
    ),
})

export const slice: Op<SliceArgs> = op({
  name: 'slice',
  forward: (x, _, { start, step, shape }) => compact(kernel.slice(toNdArray(x), start, step, shape)),
  da: (k, g, _y, a, _b, { start, step }) => k.unslice(g, { start, step, shape: k.shape(a) }),
  accumulate: (sum, g, _b, { start, step }) => kernel.addSlice(sum, g, start, step),
})

export const unslice: Op<SliceArgs> = op({
  name: 'unslice',
  forward: (x, _, { start, step, shape }) => compact(kernel.unslice(toNdArray(x), start, step, shape)),
  da: (k, g, _y, a, _b, { start, step }) => k.slice(g, { start, step, shape: k.shape(a) }),
})

/** `starts`: where each part begins along the axis. */
export const concat: Op<ConcatArgs> = op({
  name: 'concat',
  forwardList: (list: readonly Data[], { axis }) => {
    const parts = list.map(toNdArray)
    const first = shapeOf(parts[0] ?? 0)
    const total = parts.reduce((n, part) => n + (part.shape[axis] as number), 0)
    const dtype = parts.every((part) => dtypeOf(part) === 'float32') ? 'float32' : 'float64'
    const shape = first.map((n, d) => (d === axis ? total : n))
    return compact(kernel.concat(parts, axis, shape, dtype))
  },
  dlist: (k, g, _y, inputs, index, { axis, starts }) => {
    const shape = k.shape(inputs[index] ?? 0)
    const start = shape.map((_, d) => (d === axis ? (starts[index] ?? 0) : 0))
    return k.slice(g, { start, step: shape.map(() => 1), shape })
  },
})

export const cast: Op<{ readonly dtype: DType }> = op({
  name: 'cast',
  forward: (x, _, { dtype }) => castData(x, dtype),
  da: (k, g, _y, a) => k.cast(g, k.dtype(a)),
})
