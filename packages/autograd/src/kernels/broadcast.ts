/** Two arrays of different shapes walked together: which runs of elements a loop can take at once. */
import { allocate, type Data, type FloatArray, joinDTypes, NdArray, toNdArray } from '../data.ts'
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from '../shape.ts'
import type { MapLoop, ZipLoop } from './loops.ts'

export function map(loop: MapLoop, x: NdArray): NdArray {
  const out = x.data instanceof Float32Array ? new Float32Array(x.data.length) : new Float64Array(x.data.length)
  loop(out, x.data)
  return new NdArray(x.shape, out)
}

/** The elementwise operation on two arrays, or an array and a number, with broadcasting. */
export function zip(op: string, loop: ZipLoop, a: Data, b: Data): NdArray {
  const dtype = joinDTypes(a, b)
  if (typeof a === 'number') {
    if (typeof b === 'number') return zip(op, loop, toNdArray(a), b)
    const out = allocate(dtype, b.data.length)
    loop(out, 0, Float64Array.of(a), 0, 0, b.data, 0, 1, out.length)
    return new NdArray(b.shape, out)
  }
  if (typeof b === 'number') {
    const out = allocate(dtype, a.data.length)
    loop(out, 0, a.data, 0, 1, Float64Array.of(b), 0, 0, out.length)
    return new NdArray(a.shape, out)
  }
  if (sameShape(a.shape, b.shape)) {
    const out = allocate(dtype, a.data.length)
    loop(out, 0, a.data, 0, 1, b.data, 0, 1, out.length)
    return new NdArray(a.shape, out)
  }
  const shape = broadcastShapes(op, a.shape, b.shape)
  const out = allocate(dtype, sizeOf(shape))
  if (out.length > 0) zipRows(loop, out, shape, a, b)
  return new NdArray(shape, out)
}

/** Runs of the innermost axes in which both operands keep one stride, then an odometer over the outer axes. */
function zipRows(loop: ZipLoop, out: FloatArray, shape: Shape, a: NdArray, b: NdArray): void {
  const sa = broadcastStrides(a.shape, shape)
  const sb = broadcastStrides(b.shape, shape)
  let inner = shape.length - 1
  while (inner > 0 && shape[inner] === 1) inner--
  let run = shape[inner] as number
  const si = sa[inner] as number
  const sj = sb[inner] as number
  while (inner > 0) {
    const n = shape[inner - 1] as number
    if (n !== 1 && (sa[inner - 1] !== si * run || sb[inner - 1] !== sj * run)) break
    run *= n
    inner--
  }
  const index = new Array<number>(inner).fill(0)
  let i = 0
  let j = 0
  for (let o = 0; o < out.length; o += run) {
    loop(out, o, a.data, i, si, b.data, j, sj, run)
    for (let axis = inner - 1; axis >= 0; axis--) {
      i += sa[axis] as number
      j += sb[axis] as number
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (shape[axis] as number)) break
      i -= (sa[axis] as number) * (shape[axis] as number)
      j -= (sb[axis] as number) * (shape[axis] as number)
      index[axis] = 0
    }
  }
}
