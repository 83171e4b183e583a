/** What many composites are made of: a run along one axis, several axes as one, whole numbers as a constant. */
import { NdArray } from '../data.ts'
import { ShapeError } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Shape, sizeOf } from '../shape.ts'

/** How many elements the axes hold together. */
export function countOf(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis] as number))
}

/** The shape with another size at one axis. */
export function resized(shape: Shape, axis: number, size: number): number[] {
  return shape.map((n, d) => (d === axis ? size : n))
}

/** `count` elements along one axis, from `start`, `step` apart. */
export function along<T>(k: Carrier<T>, x: T, axis: number, start: number, count: number, step = 1): T {
  const shape = k.shape(x)
  return k.slice(x, {
    start: shape.map((_, d) => (d === axis ? start : 0)),
    step: shape.map((_, d) => (d === axis ? step : 1)),
    shape: resized(shape, axis, count),
  })
}

/** Transposed, unless the axes have that order already. */
export function arrange<T>(k: Carrier<T>, x: T, axes: readonly number[]): T {
  return axes.every((axis, d) => axis === d) ? x : k.transpose(x, axes)
}

/** The axes (ascending) as one last axis, after all others. */
export function mergeLast<T>(k: Carrier<T>, x: T, axes: readonly number[]): T {
  const shape = k.shape(x)
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const last = countOf(shape, axes)
  return k.reshape(arrange(k, x, [...kept, ...axes]), [...kept.map((axis) => shape[axis] as number), last])
}

/** A vector of whole numbers, as indices. */
export function indexVector<T>(k: Carrier<T>, list: readonly number[]): T {
  return k.constant(new NdArray([list.length], Float64Array.from(list)))
}

export function checkWhole(op: string, what: string, n: number): void {
  if (!Number.isInteger(n)) throw new ShapeError(`${op}: ${what} is a whole number, got ${n}.`)
}

export function checkCount(op: string, what: string, n: number): void {
  if (!Number.isInteger(n) || n < 0) throw new ShapeError(`${op}: ${what} is a whole number, 0 or more, got ${n}.`)
}
