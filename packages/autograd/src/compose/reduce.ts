/** Reductions over any set of axes, from the few that are primitive. */
import { DomainError, ShapeError, show, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Axes, normalizeAxes, reducedShape, type Shape, sizeOf } from '../shape.ts'
import { along, countOf, mergeLast } from './parts.ts'

/** Which axes to reduce (default: all), and whether they stay with size 1. */
export interface ReduceOptions {
  readonly axis?: Axes | undefined
  readonly keepDims?: boolean | undefined
}

export interface NormOptions extends ReduceOptions {
  /** 1: Σ|x|, 2: √Σx², Infinity: max|x|. */
  readonly ord?: number | undefined
}

/** The axes of a reduction that has no value over nothing. */
export function occupiedAxes(op: string, shape: Shape, axis: Axes | undefined): number[] {
  const axes = normalizeAxes(op, axis, shape.length)
  if (countOf(shape, axes) === 0) {
    throw new ShapeError(
      `${op}: there is nothing to reduce, the shape ${showShape(shape)} has zero elements over the axes ${showShape(axes)}. Give it at least one.`,
    )
  }
  return axes
}

export function sum<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  return k.sum(x, normalizeAxes('sum', axis, k.shape(x).length), keepDims)
}

/** The mean; NaN over zero elements. */
export function mean<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  return k.mean(x, normalizeAxes('mean', axis, k.shape(x).length), keepDims)
}

/** The largest element, NaN if there is one; n equal ones share the gradient. @throws ShapeError over zero elements. */
export function max<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  return k.max(x, occupiedAxes('max', k.shape(x), axis), keepDims)
}

/** The smallest element, NaN if there is one; n equal ones share the gradient. @throws ShapeError over zero elements. */
export function min<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  return k.neg(k.max(k.neg(x), occupiedAxes('min', k.shape(x), axis), keepDims))
}

/** The product, 1 over zero elements. A tree of multiplications: no division, so zeros are right at every order. */
export function prod<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  const shape = k.shape(x)
  const axes = normalizeAxes('prod', axis, shape.length)
  let n = countOf(shape, axes)
  // The sum of nothing, plus 1.
  if (n === 0) return k.add(k.sum(x, axes, keepDims), 1)
  let y = mergeLast(k, x, axes)
  const last = shape.length - axes.length
  while (n > 1) {
    const half = n >> 1
    const pairs = k.mul(along(k, y, last, 0, half), along(k, y, last, half, half))
    y = n % 2 === 0 ? pairs : k.concat([pairs, along(k, y, last, n - 1, 1)], last)
    n -= half
  }
  return k.reshape(y, reducedShape(shape, axes, keepDims))
}

/** log Σeˣ, −∞ over zero elements. */
export function logSumExp<T>(k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions = {}): T {
  return k.logSumExp(x, normalizeAxes('logSumExp', axis, k.shape(x).length), keepDims)
}

/**
 * The norm over all the axes together, which for several axes is that of the flattened elements.
 * @throws DomainError when `ord` is not 1, 2 or Infinity; ShapeError for the largest of zero elements.
 */
export function norm<T>(k: Carrier<T>, x: T, { ord = 2, axis, keepDims = false }: NormOptions = {}): T {
  const shape = k.shape(x)
  if (ord === 1) return k.sum(k.abs(x), normalizeAxes('norm', axis, shape.length), keepDims)
  if (ord === 2) return k.norm(x, normalizeAxes('norm', axis, shape.length), keepDims)
  if (ord === Number.POSITIVE_INFINITY) return k.max(k.abs(x), occupiedAxes('norm', shape, axis), keepDims)
  throw new DomainError(`norm: there is no ord ${show(ord)}. Use 1, 2 or Infinity.`)
}

function largestPlace<T>(op: string, k: Carrier<T>, x: T, { axis, keepDims = false }: ReduceOptions): T {
  const shape = k.shape(x)
  const axes = occupiedAxes(op, shape, axis)
  if (axis !== undefined && axes.length !== 1) {
    throw new ShapeError(
      `${op}: it goes along one axis, got ${showShape(axes)}. Name one, or none for the index into the flattened array.`,
    )
  }
  const index = axis === undefined ? k.argmax(k.reshape(x, [sizeOf(shape)]), 0) : k.argmax(x, axes[0] as number)
  return k.reshape(index, reducedShape(shape, axes, keepDims))
}

/**
 * The index of the first largest element (a NaN is larger than all), along one axis or into the flattened array.
 * @throws ShapeError over zero elements, or for more than one axis.
 */
export function argmax<T>(k: Carrier<T>, x: T, options: ReduceOptions = {}): T {
  return largestPlace('argmax', k, x, options)
}

/** The index of the first smallest element (a NaN is smaller than all). @throws ShapeError as argmax. */
export function argmin<T>(k: Carrier<T>, x: T, options: ReduceOptions = {}): T {
  return largestPlace('argmin', k, k.neg(x), options)
}
