/** The same elements, in the same order or transposed, under another shape. */
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Axes, checkShape, normalizeAxes, normalizeAxis, type Shape, sizeOf } from '../shape.ts'

/** Works out the one size that may be given as −1. */
function completeShape(shape: Shape, size: number): Shape {
  const open = shape.filter((n) => n === -1).length
  if (open === 0) return shape
  if (open > 1) {
    throw new ShapeError(
      `reshape: ${showShape(shape)} leaves ${open} sizes open. One size may be −1, the others are given.`,
    )
  }
  const rest = shape.filter((n) => n !== -1)
  checkShape('reshape', rest)
  const others = sizeOf(rest)
  if (others === 0) {
    throw new ShapeError(
      `reshape: beside a size of 0 any size fits the −1 in ${showShape(shape)}. Give it as a number.`,
    )
  }
  if (size % others !== 0) {
    throw new ShapeError(
      `reshape: no size fits the −1 in ${showShape(shape)}, ${size} elements are not a multiple of ${others}. Change the other sizes.`,
    )
  }
  return shape.map((n) => (n === -1 ? size / others : n))
}

/**
 * The elements in row-major order under another shape; one size may be −1.
 * @throws ShapeError when the shape holds another number of elements.
 */
export function reshape<T>(k: Carrier<T>, x: T, shape: Shape): T {
  const from = k.shape(x)
  if (!Array.isArray(shape)) checkShape('reshape', shape)
  const target = completeShape(shape, sizeOf(from))
  checkShape('reshape', target)
  if (sizeOf(target) !== sizeOf(from)) {
    throw new ShapeError(
      `reshape: ${showShape(from)} has ${sizeOf(from)} elements, ${showShape(target)} has ${sizeOf(target)}. Give a shape of the same size, or −1 for one of its sizes.`,
    )
  }
  return k.reshape(x, [...target])
}

/** The axes in another order: result axis d is axis axes[d] (default: all reversed). @throws ShapeError */
export function transpose<T>(k: Carrier<T>, x: T, axes?: readonly number[]): T {
  const rank = k.shape(x).length
  if (axes === undefined)
    return k.transpose(
      x,
      Array.from({ length: rank }, (_, d) => rank - 1 - d),
    )
  if (axes.length !== rank) {
    throw new ShapeError(
      `transpose: the axes ${showShape(axes)} do not order an array of rank ${rank}. Name each of its axes once.`,
    )
  }
  normalizeAxes('transpose', axes, rank)
  return k.transpose(
    x,
    axes.map((axis) => (axis < 0 ? axis + rank : axis)),
  )
}

/** Without the named axes of size 1 (default: without all of them). @throws ShapeError where the size is not 1. */
export function squeeze<T>(k: Carrier<T>, x: T, axis?: Axes): T {
  const shape = k.shape(x)
  if (axis === undefined) {
    return k.reshape(
      x,
      shape.filter((n) => n !== 1),
    )
  }
  const axes = normalizeAxes('squeeze', axis, shape.length)
  for (const d of axes) {
    if (shape[d] !== 1) {
      throw new ShapeError(
        `squeeze: axis ${d} of ${showShape(shape)} has size ${shape[d]}. Only axes of size 1 can be dropped.`,
      )
    }
  }
  return k.reshape(
    x,
    shape.filter((_, d) => !axes.includes(d)),
  )
}

/** With one more axis of size 1, at `axis` of the result; −1 is the last. @throws ShapeError */
export function unsqueeze<T>(k: Carrier<T>, x: T, axis: number): T {
  const shape = k.shape(x)
  const d = normalizeAxis('unsqueeze, counted in the result', axis, shape.length + 1)
  return k.reshape(x, [...shape.slice(0, d), 1, ...shape.slice(d)])
}

/** Repeated along axes of size 1 and along new leading axes. @throws ShapeError where another size would change. */
export function broadcastTo<T>(k: Carrier<T>, x: T, shape: Shape): T {
  const from = k.shape(x)
  checkShape('broadcastTo', shape)
  const lead = shape.length - from.length
  if (lead < 0 || from.some((n, d) => n !== 1 && n !== shape[d + lead])) {
    throw new ShapeError(
      `broadcastTo: ${showShape(from)} does not stretch to ${showShape(shape)}. Aligned at the right, each size stays or is 1.`,
    )
  }
  return k.broadcastTo(x, [...shape])
}

/** All elements as a vector, in row-major order. */
export function flatten<T>(k: Carrier<T>, x: T): T {
  return k.reshape(x, [sizeOf(k.shape(x))])
}
