/** Moving elements without computing: strided reads and writes, the common form of transpose, broadcast and slice. */
import { allocate, dtypeOf, type FloatArray, NdArray } from '../data.ts'
import { broadcastStrides, type Shape, sameShape, sizeOf, stridesOf } from '../shape.ts'

/** Calls `run(offset, at, n, stride)` for each innermost row of a strided view, in row-major order. */
function eachRow(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  run: (offset: number, at: number) => void,
): void {
  const outer = shape.length - 1
  const n = shape[outer] as number
  const size = sizeOf(shape)
  const index = new Array<number>(outer).fill(0)
  let from = offset
  for (let at = 0; at < size; at += n) {
    run(from, at)
    for (let axis = outer - 1; axis >= 0; axis--) {
      from += strides[axis] as number
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (shape[axis] as number)) break
      from -= (strides[axis] as number) * (shape[axis] as number)
      index[axis] = 0
    }
  }
}

/** The strided view copied into a dense array. */
function readView(out: FloatArray, src: FloatArray, shape: Shape, strides: readonly number[], offset: number): void {
  if (out.length === 0) return
  if (shape.length === 0) {
    out[0] = src[offset] as number
    return
  }
  const n = shape[shape.length - 1] as number
  const step = strides[shape.length - 1] as number
  eachRow(shape, strides, offset, (from, at) => {
    for (let e = 0; e < n; e++) out[at + e] = src[from + e * step] as number
  })
}

function view(x: NdArray, shape: Shape, strides: readonly number[], offset: number): NdArray {
  const out = allocate(dtypeOf(x), sizeOf(shape))
  readView(out, x.data, shape, strides, offset)
  return new NdArray(shape, out)
}

/** The array repeated along its axes of size 1 and along new leading axes. */
export function expand(x: NdArray, shape: Shape): NdArray {
  return sameShape(x.shape, shape) ? x : view(x, shape, broadcastStrides(x.shape, shape), 0)
}

export function transpose(x: NdArray, axes: readonly number[]): NdArray {
  const strides = stridesOf(x.shape)
  return view(
    x,
    axes.map((axis) => x.shape[axis] as number),
    axes.map((axis) => strides[axis] as number),
    0,
  )
}

function sliceView(
  shape: Shape,
  start: readonly number[],
  step: readonly number[],
): { strides: number[]; offset: number } {
  const own = stridesOf(shape)
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++) offset += (start[axis] as number) * (own[axis] as number)
  return { strides: own.map((stride, axis) => stride * (step[axis] as number)), offset }
}

/** The elements at start + i·step along each axis, `shape` of them. */
export function slice(x: NdArray, start: readonly number[], step: readonly number[], shape: Shape): NdArray {
  const { strides, offset } = sliceView(x.shape, start, step)
  return view(x, shape, strides, offset)
}

/** Zeros of `shape` with x written where `slice` would have read it. */
export function unslice(x: NdArray, start: readonly number[], step: readonly number[], shape: Shape): NdArray {
  const out = allocate(dtypeOf(x), sizeOf(shape))
  const src = x.data
  const { strides, offset } = sliceView(shape, start, step)
  if (src.length > 0 && shape.length > 0) {
    const n = x.shape[shape.length - 1] as number
    const stride = strides[shape.length - 1] as number
    eachRow(x.shape, strides, offset, (to, at) => {
      for (let e = 0; e < n; e++) out[to + e * stride] = src[at + e] as number
    })
  } else if (src.length > 0) out[0] = src[0] as number
  return new NdArray(shape, out)
}

/** Adds x in place where `slice` would have read it. */
export function addSlice(sum: NdArray, x: NdArray, start: readonly number[], step: readonly number[]): void {
  const { data: out, shape } = sum
  const src = x.data
  if (src.length === 0) return
  if (shape.length === 0) {
    out[0] = (out[0] as number) + (src[0] as number)
    return
  }
  const { strides, offset } = sliceView(shape, start, step)
  const n = x.shape[shape.length - 1] as number
  const stride = strides[shape.length - 1] as number
  eachRow(x.shape, strides, offset, (to, at) => {
    for (let e = 0; e < n; e++) {
      const place = to + e * stride
      out[place] = (out[place] as number) + (src[at + e] as number)
    }
  })
}

/** Arrays that agree in all axes but one, laid end to end along that one. */
export function concat(list: readonly NdArray[], axis: number, shape: Shape, dtype: 'float64' | 'float32'): NdArray {
  const out = allocate(dtype, sizeOf(shape))
  const inner = sizeOf(shape.slice(axis + 1))
  const outer = sizeOf(shape.slice(0, axis))
  const row = (shape[axis] as number) * inner
  let at = 0
  for (const part of list) {
    const n = (part.shape[axis] as number) * inner
    for (let o = 0; o < outer; o++) out.set(part.data.subarray(o * n, (o + 1) * n), o * row + at)
    at += n
  }
  return new NdArray(shape, out)
}
