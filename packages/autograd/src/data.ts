/** What a Value holds: a plain number (a float64 scalar), or a small record of a shape and a typed array. */
import { DTypeError, ShapeError, show, showShape } from './errors.ts'
import { checkShape, type Shape, sizeOf } from './shape.ts'

export type DType = 'float64' | 'float32'
export type FloatArray = Float64Array | Float32Array

/** An n-dimensional array, row-major, dense. Treated as immutable once it belongs to a Value. */
export class NdArray {
  readonly shape: Shape
  readonly data: FloatArray
  constructor(shape: Shape, data: FloatArray) {
    this.shape = shape
    this.data = data
  }
}

/** A number is a float64 scalar; everything else, a float32 scalar included, is an NdArray. */
export type Data = number | NdArray

/** Numbers nested to any depth, as users type arrays. */
export type NestedArray = readonly (number | NestedArray)[]
export type ArrayLike = number | NestedArray | FloatArray

export const SCALAR: Shape = Object.freeze([])

export function shapeOf(x: Data): Shape {
  return typeof x === 'number' ? SCALAR : x.shape
}

export function dtypeOf(x: Data): DType {
  return typeof x === 'number' || x.data instanceof Float64Array ? 'float64' : 'float32'
}

/** A typed array of zeros. */
export function allocate(dtype: DType, size: number): FloatArray {
  if (size > 2 ** 31)
    throw new ShapeError(`an array of ${size} numbers is larger than memory holds. Work on parts of it.`)
  return dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)
}

/** The result's dtype: float32 only where every array is float32 (a plain number has no say). */
export function joinDTypes(a: Data, b: Data): DType {
  const a32 = typeof a === 'number' ? typeof b !== 'number' : a.data instanceof Float32Array
  const b32 = typeof b === 'number' ? typeof a !== 'number' : b.data instanceof Float32Array
  return a32 && b32 ? 'float32' : 'float64'
}

/** An array of the shape filled with one number; a plain number for a float64 scalar. */
export function filled(shape: Shape, x: number, dtype: DType): Data {
  if (shape.length === 0 && dtype === 'float64') return x
  const data = allocate(dtype, sizeOf(shape))
  if (x !== 0) data.fill(x)
  return new NdArray(shape, data)
}

/** The data as an NdArray (a scalar gets a typed array of length 1). */
export function toNdArray(x: Data): NdArray {
  return typeof x === 'number' ? new NdArray(SCALAR, Float64Array.of(x)) : x
}

/** An NdArray of shape `[]` and dtype float64 becomes a number: the one form that a float64 scalar has. */
export function compact(x: NdArray): Data {
  return x.shape.length === 0 && x.data instanceof Float64Array ? (x.data[0] as number) : x
}

/** The same numbers in an array of their own. */
export function copyOf(x: Data): Data {
  return typeof x === 'number' ? x : new NdArray(x.shape, x.data.slice())
}

export function castData(x: Data, dtype: DType): Data {
  if (dtypeOf(x) === dtype) return x
  if (typeof x === 'number') return new NdArray(SCALAR, Float32Array.of(x))
  return compact(new NdArray(x.shape, dtype === 'float32' ? new Float32Array(x.data) : new Float64Array(x.data)))
}

export function checkDType(op: string, dtype: unknown): asserts dtype is DType {
  if (dtype !== 'float64' && dtype !== 'float32') {
    throw new DTypeError(`${op}: the dtype ${show(dtype)} is unknown. Use 'float64' or 'float32'.`)
  }
}

function nestedShape(op: string, x: NestedArray): number[] {
  const shape: number[] = []
  let level: number | NestedArray | undefined = x
  while (Array.isArray(level)) {
    shape.push(level.length)
    level = level[0]
  }
  if (level !== undefined && typeof level !== 'number') {
    throw new DTypeError(`${op}: an array holds ${show(level)}. Every element is a number.`)
  }
  return shape
}

function flattenInto(
  op: string,
  x: number | NestedArray,
  shape: Shape,
  axis: number,
  out: FloatArray,
  at: number,
): number {
  if (axis === shape.length) {
    if (Array.isArray(x)) {
      throw new ShapeError(
        `${op}: the array is ragged: where numbers stand elsewhere it holds one more level of nesting (${show(x)}). Make all rows alike.`,
      )
    }
    if (typeof x !== 'number') throw new DTypeError(`${op}: an array holds ${show(x)}. Every element is a number.`)
    out[at] = x
    return at + 1
  }
  if (!Array.isArray(x) || x.length !== shape[axis]) {
    const got = Array.isArray(x) ? `${x.length} elements` : show(x)
    throw new ShapeError(
      `${op}: the array is ragged: at depth ${axis} a row of ${shape[axis]} elements was expected, got ${got}. Make all rows the same length.`,
    )
  }
  for (const row of x as NestedArray) at = flattenInto(op, row, shape, axis + 1, out, at)
  return at
}

/**
 * Reads what a user typed: a number, nested arrays, or a typed array, as Data of the dtype (default: float32 for a
 * Float32Array, else float64). The typed array is copied.
 */
export function readData(op: string, x: unknown, dtype?: DType, shape?: Shape): Data {
  if (dtype !== undefined) checkDType(op, dtype)
  if (shape !== undefined) checkShape(op, shape)
  const read = readFlat(op, x, dtype)
  if (shape === undefined) return read
  const flat = toNdArray(read)
  if (flat.data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `${op}: ${flat.data.length} numbers do not fill the shape ${showShape(shape)}, which has ${sizeOf(shape)} elements. Give as many numbers as the shape holds.`,
    )
  }
  return compact(new NdArray(shape.slice(), flat.data))
}

function readFlat(op: string, x: unknown, dtype: DType | undefined): Data {
  if (typeof x === 'number') return dtype === 'float32' ? new NdArray(SCALAR, Float32Array.of(x)) : x
  if (x instanceof Float32Array || x instanceof Float64Array) {
    const data =
      (dtype ?? (x instanceof Float32Array ? 'float32' : 'float64')) === 'float32'
        ? new Float32Array(x)
        : new Float64Array(x)
    return new NdArray([x.length], data)
  }
  if (ArrayBuffer.isView(x) && !(x instanceof DataView)) {
    const numbers: unknown[] = Array.from(x as unknown as Iterable<unknown>)
    if (numbers.every((n) => typeof n === 'number')) return readFlat(op, numbers, dtype)
  }
  if (Array.isArray(x)) {
    const shape = nestedShape(op, x)
    const data = allocate(dtype ?? 'float64', sizeOf(shape))
    flattenInto(op, x, shape, 0, data, 0)
    return new NdArray(shape, data)
  }
  throw new DTypeError(
    `${op}: got ${show(x)}. Give a number, nested arrays of numbers, a Float64Array or a Float32Array.`,
  )
}

/** Nested arrays (a number for a scalar). */
export function toNested(x: Data): number | NestedArray {
  if (typeof x === 'number') return x
  const { shape, data } = x
  if (shape.length === 0) return data[0] as number
  const build = (axis: number, at: number, stride: number): NestedArray => {
    const n = shape[axis] as number
    if (axis === shape.length - 1) return Array.from(data.subarray(at, at + n))
    const step = stride / (n || 1)
    return Array.from({ length: n }, (_, i) => build(axis + 1, at + i * step, step))
  }
  return build(0, 0, data.length)
}
