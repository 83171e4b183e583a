/** Shapes, axes, strides and broadcasting: pure functions on lists of integers. */
import { ShapeError, show, showShape } from './errors.ts'

/** Sizes, one an axis, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** One axis, several, or (absent) all of them. */
export type Axes = number | readonly number[]

export function sizeOf(shape: Shape): number {
  let size = 1
  for (const n of shape) size *= n
  return size
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i] as number
  }
  return strides
}

/** Strides with which `shape` is read as the broadcast `target`: 0 along every stretched axis. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = stridesOf(shape)
  const lead = target.length - shape.length
  return target.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : (own[i - lead] as number)))
}

/** NumPy's rule: align at the right; sizes agree or one of them is 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const out = new Array<number>(rank)
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1
    const n = b[b.length - i] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${op}: the shapes ${showShape(a)} and ${showShape(b)} do not broadcast (${m} against ${n}, counted ${i} from the right). Reshape one of them, or insert axes of size 1.`,
      )
    }
    out[rank - i] = m === 1 ? n : m
  }
  return out
}

/** The axis counted from the front. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? 'a scalar has no axes' : `allowed are ${-rank} to ${rank - 1}`
    throw new ShapeError(`${op}: axis ${show(axis)} does not exist in an array of rank ${rank}; ${range}.`)
  }
  return axis < 0 ? axis + rank : axis
}

/** Axes counted from the front, ascending, each once; all of them when none is given. */
export function normalizeAxes(op: string, axes: Axes | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i)
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis(op, axis, rank))
  list.sort((i, j) => i - j)
  for (let i = 1; i < list.length; i++) {
    if (list[i] === list[i - 1]) throw new ShapeError(`${op}: axis ${list[i]} is named twice. Name each axis once.`)
  }
  return list
}

/** The shape after a reduction over `axes` (normalized). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  return keepDims ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : shape.filter((_, i) => !axes.includes(i))
}

/** A shape as an argument: every size a whole number from 0 up. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${op}: ${show(shape)} is not a shape. Give a list of sizes, [3] for three numbers.`)
  }
  for (const n of shape) {
    if (!Number.isInteger(n) || n < 0) {
      throw new ShapeError(`${op}: ${showShape(shape)} is not a shape. Every size is a whole number, 0 or more.`)
    }
  }
}
