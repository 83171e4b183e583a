/** Reads and writes at computed places: gather, take and their adjoints. Indices arrive as whole numbers in arrays. */
import { allocate, dtypeOf, NdArray } from '../data.ts'
import { ShapeError, show } from '../errors.ts'
import { type Shape, sizeOf, stridesOf } from '../shape.ts'

/** The place that an index names on an axis of n places; negatives count from the end. */
export function placeOf(op: string, index: number, n: number): number {
  if (!Number.isInteger(index) || index < -n || index >= n) {
    const allowed = n === 0 ? 'the axis is empty' : `allowed are ${-n} to ${n - 1}`
    throw new ShapeError(`${op}: the index ${show(index)} is out of range on an axis of ${n} elements; ${allowed}.`)
  }
  return index < 0 ? index + n : index
}

/** For each element of `indices`: the flat place in `shape` that has the same coordinates but the index along `axis`. */
function places(op: string, indices: NdArray, axis: number, shape: Shape): Int32Array {
  const strides = stridesOf(shape)
  const n = shape[axis] as number
  const out = new Int32Array(indices.data.length)
  const coordinate = new Array<number>(shape.length).fill(0)
  for (let e = 0; e < out.length; e++) {
    let at = placeOf(op, indices.data[e] as number, n) * (strides[axis] as number)
    for (let d = 0; d < shape.length; d++) if (d !== axis) at += (coordinate[d] as number) * (strides[d] as number)
    out[e] = at
    for (let d = shape.length - 1; d >= 0; d--) {
      coordinate[d] = (coordinate[d] as number) + 1
      if ((coordinate[d] as number) < (indices.shape[d] as number)) break
      coordinate[d] = 0
    }
  }
  return out
}

/** out[i…] = x[i… with indices[i…] along the axis] */
export function gather(x: NdArray, indices: NdArray, axis: number): NdArray {
  const at = places('gather', indices, axis, x.shape)
  const out = allocate(dtypeOf(x), at.length)
  for (let e = 0; e < at.length; e++) out[e] = x.data[at[e] as number] as number
  return new NdArray(indices.shape, out)
}

/** Zeros of `shape` with src added at the places that gather reads. */
export function scatter(src: NdArray, indices: NdArray, axis: number, shape: Shape): NdArray {
  const sum = new NdArray(shape, allocate(dtypeOf(src), sizeOf(shape)))
  addScattered(sum, src, indices, axis)
  return sum
}

/** Adds src in place at the places that gather reads. */
export function addScattered({ shape, data: out }: NdArray, src: NdArray, indices: NdArray, axis: number): void {
  const at = places('scatterAdd', indices, axis, shape)
  for (let e = 0; e < at.length; e++) {
    const to = at[e] as number
    out[to] = (out[to] as number) + (src.data[e] as number)
  }
}

/** Slices of x along the axis, one for each index; the shape of the indices replaces the axis. */
export function take(x: NdArray, indices: NdArray, axis: number): NdArray {
  const n = x.shape[axis] as number
  const inner = sizeOf(x.shape.slice(axis + 1))
  const outer = sizeOf(x.shape.slice(0, axis))
  const count = indices.data.length
  const out = allocate(dtypeOf(x), outer * count * inner)
  for (let e = 0; e < count; e++) {
    const from = placeOf('take', indices.data[e] as number, n)
    for (let o = 0; o < outer; o++) {
      const at = (o * n + from) * inner
      out.set(x.data.subarray(at, at + inner), (o * count + e) * inner)
    }
  }
  return new NdArray([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], out)
}

/** Zeros of `shape` with the slices of src added at the places that take reads. */
export function untake(src: NdArray, indices: NdArray, axis: number, shape: Shape): NdArray {
  const sum = new NdArray(shape, allocate(dtypeOf(src), sizeOf(shape)))
  addTaken(sum, src, indices, axis)
  return sum
}

/** Adds the slices of src in place where take reads them. */
export function addTaken({ shape, data: out }: NdArray, src: NdArray, indices: NdArray, axis: number): void {
  const n = shape[axis] as number
  const inner = sizeOf(shape.slice(axis + 1))
  const outer = sizeOf(shape.slice(0, axis))
  const count = indices.data.length
  for (let e = 0; e < count; e++) {
    const to = placeOf('take', indices.data[e] as number, n)
    for (let o = 0; o < outer; o++) {
      const at = (o * n + to) * inner
      const from = (o * count + e) * inner
      for (let i = 0; i < inner; i++) out[at + i] = (out[at + i] as number) + (src.data[from + i] as number)
    }
  }
}
