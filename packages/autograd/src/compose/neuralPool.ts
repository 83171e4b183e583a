/** Pooling: the largest element of each window, or their mean. */
import { filled, NdArray } from '../data.ts'
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier, WindowArgs } from '../op.ts'
import {
  type Dimensions,
  type Images,
  type Pair,
  reachOf,
  readImages,
  readPair,
  type Size,
  windowsOf,
} from './neuralWindow.ts'

export interface PoolOptions {
  /** How far a window moves; by default as far as it is wide. */
  readonly stride?: Size | undefined
  /** How far windows reach over the border, at most half of the kernel; 0 by default. */
  readonly padding?: Size | undefined
}

export interface MaxPoolOptions extends PoolOptions {
  /** How far apart the elements of a window are, 1 by default. */
  readonly dilation?: Size | undefined
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether elements of the padding count, as zeros; true by default. */
  readonly countIncludePad?: boolean | undefined
}

interface Windows<T> extends Images<T> {
  readonly args: WindowArgs
}

function readWindows<T>(
  op: string,
  k: Carrier<T>,
  x: T,
  size: Size,
  dimensions: Dimensions,
  { stride: steps = size, padding: margin = 0, dilation: gaps = 1 }: MaxPoolOptions,
): Windows<T> {
  const read = readImages(op, k, x, dimensions)
  const [, , height, width] = read.shape
  const kernel = readPair(op, 'the kernel', size, dimensions, 1)
  const stride = readPair(op, 'the stride', steps, dimensions, 1)
  const padding = readPair(op, 'the padding', margin, dimensions, 0)
  const dilation = readPair(op, 'the dilation', gaps, dimensions, 1)
  const reach = reachOf(kernel, dilation)
  const input: Pair = [height, width]
  // Windows that start in the padding end inside the image, with an element of it among their own.
  const outside = (d: 0 | 1): boolean => padding[d] > 0 && (2 * padding[d] > reach[d] || dilation[d] > input[d])
  if (outside(0) || outside(1)) {
    const own = (pair: Pair): string => showShape(dimensions === 1 ? pair.slice(1) : pair)
    throw new ShapeError(
      `${op}: with the padding ${own(padding)} a window of ${own(reach)} may lie outside the image, ${own(input)}. The padding is at most half of the window.`,
    )
  }
  const window = { input, kernel, stride, padding, dilation } as const
  return { ...read, args: { ...window, output: windowsOf(op, window, [2 * padding[0], 2 * padding[1]]) } }
}

/**
 * The largest element of each window, NaN if there is one; the first of equals gets the gradient, as in PyTorch.
 * @throws ShapeError where the sizes do not fit.
 */
export function maxPool<T>(k: Carrier<T>, x: T, kernel: Size, dimensions: Dimensions, options: MaxPoolOptions = {}): T {
  const read = readWindows(`maxPool${dimensions}d`, k, x, kernel, dimensions, options)
  const { images, args, shape, restore } = read
  const [batch, channels, height, width] = shape
  const planes = k.reshape(images, [batch * channels, height * width])
  const places = k.argmaxWindow(k.reshape(images, [batch * channels, height, width]), args)
  return restore(k, k.reshape(k.gather(planes, places, 1), [batch, channels, ...args.output]))
}

/** How many elements of each window lie in the image. */
function countsOf({ input, kernel, output, stride, padding }: WindowArgs): number[] {
  const along = (d: 0 | 1): number[] =>
    Array.from({ length: output[d] }, (_, i) => {
      const start = i * stride[d] - padding[d]
      return Math.min(start + kernel[d], input[d]) - Math.max(start, 0)
    })
  const columns = along(1)
  return along(0).flatMap((rows) => columns.map((n) => rows * n))
}

/**
 * The mean of each window: a convolution of each plane with ones, divided by the number of elements.
 * @throws ShapeError where the sizes do not fit.
 */
export function avgPool<T>(
  k: Carrier<T>,
  x: T,
  kernel: Size,
  dimensions: Dimensions,
  { stride, padding, countIncludePad = true }: AvgPoolOptions = {},
): T {
  const { images, args, shape, restore } = readWindows(`avgPool${dimensions}d`, k, x, kernel, dimensions, {
    stride,
    padding,
  })
  const [batch, channels, ...size] = shape
  const ones = k.constant(filled([1, 1, ...args.kernel], 1, k.dtype(x)))
  const sums = k.conv(k.reshape(images, [batch * channels, 1, ...size]), ones, { ...args, groups: 1 })
  const elements = args.kernel[0] * args.kernel[1]
  const count = countIncludePad
    ? elements
    : k.cast(k.constant(new NdArray(args.output, Float64Array.from(countsOf(args)))), k.dtype(x))
  return restore(k, k.reshape(k.div(sums, count), [batch, channels, ...args.output]))
}
