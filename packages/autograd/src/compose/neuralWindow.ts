/** Windows over images: how sizes are given, and how large the result is. A line is an image of height 1. */
import { ShapeError, show, showShape } from '../errors.ts'
import type { Carrier, WindowArgs } from '../op.ts'
import type { Shape } from '../shape.ts'

/** A number, or one a dimension. */
export type Size = number | readonly number[]
/** How many dimensions an image has: 1 is a line. */
export type Dimensions = 1 | 2
export type Pair = readonly [number, number]

/** The axes of an image, as messages name them. */
export const layouts: Readonly<Record<Dimensions, string>> = { 1: 'length', 2: 'height, width' }

/** A size for height and width; a line has the height `across`. @throws ShapeError below `least`. */
export function readPair(
  op: string,
  what: string,
  size: Size,
  dimensions: Dimensions,
  least: number,
  across: number = least,
): Pair {
  const list: Shape = typeof size === 'number' ? new Array<number>(dimensions).fill(size) : size
  const valid =
    Array.isArray(list) && list.length === dimensions && list.every((n) => Number.isInteger(n) && n >= least)
  if (!valid) {
    const got = Array.isArray(size) ? showShape(size) : show(size)
    const form = dimensions === 1 ? 'a whole number' : 'a whole number or a pair of them'
    throw new ShapeError(`${op}: ${what} is ${got}. Give ${form}, ${least} or more.`)
  }
  const last = list[dimensions - 1] as number
  return dimensions === 1 ? [across, last] : [list[0] as number, last]
}

/** Images as [batch, channels, height, width], and the way back to the rank that they came in. */
export interface Images<T> {
  readonly images: T
  readonly shape: readonly [batch: number, channels: number, height: number, width: number]
  restore(k: Carrier<T>, y: T): T
}

/** One image without a batch is a batch of one. @throws ShapeError for another rank. */
export function readImages<T>(op: string, k: Carrier<T>, x: T, dimensions: Dimensions): Images<T> {
  const given = k.shape(x)
  const batched = given.length === dimensions + 2
  if (!batched && given.length !== dimensions + 1) {
    throw new ShapeError(
      `${op}: the input has shape ${showShape(given)}. Give [batch, channels, ${layouts[dimensions]}], or one image without the batch.`,
    )
  }
  const [batch, channels, ...rest] = (batched ? given : [1, ...given]) as [number, number, ...number[]]
  const [height, width] = dimensions === 1 ? [1, rest[0] as number] : (rest as [number, number])
  const shape = [batch, channels, height, width] as const
  return {
    images: given.length === 4 ? x : k.reshape(x, shape),
    shape,
    restore: (k, y) => {
      if (given.length === 4) return y
      const [n, c, h, w] = k.shape(y) as [number, number, number, number]
      const own = dimensions === 1 ? [c, w] : [c, h, w]
      return k.reshape(y, batched ? [n, ...own] : own)
    },
  }
}

/** Where a window of taps reaches: dilation·(kernel − 1) + 1. */
export function reachOf(kernel: Pair, dilation: Pair): Pair {
  return [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1]
}

/**
 * How many windows fit: ⌊(input + padding − reach)/stride⌋ + 1, where `padded` counts both sides together.
 * @throws ShapeError where none does.
 */
export function windowsOf(op: string, window: Omit<WindowArgs, 'output'>, padded: Pair): Pair {
  const { input, kernel, stride, dilation } = window
  const reach = reachOf(kernel, dilation)
  const fit = (d: 0 | 1): number => Math.floor((input[d] + padded[d] - reach[d]) / stride[d]) + 1
  if (fit(0) < 1 || fit(1) < 1) {
    const room = [input[0] + padded[0], input[1] + padded[1]]
    throw new ShapeError(
      `${op}: a window that reaches over ${reach.join(' × ')} does not fit into the padded input, ${room.join(' × ')}. Make the kernel or the dilation smaller, or add padding.`,
    )
  }
  return [fit(0), fit(1)]
}
