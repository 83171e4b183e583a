/** Convolution and transposed convolution of lines and images. */
import { ShapeError, show, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Shape, sameShape } from '../shape.ts'
import {
  type Dimensions,
  layouts,
  type Pair,
  reachOf,
  readImages,
  readPair,
  type Size,
  windowsOf,
} from './neuralWindow.ts'

interface SharedOptions<T> {
  /** One number for each channel of the result. */
  readonly bias?: T | undefined
  /** How far a window moves, 1 by default. */
  readonly stride?: Size | undefined
  /** How far apart the taps of the kernel are, 1 by default. */
  readonly dilation?: Size | undefined
  /** The channels in so many parts that do not see each other, 1 by default. */
  readonly groups?: number | undefined
}

export interface ConvOptions<T> extends SharedOptions<T> {
  /** Zeros on both sides, 0 by default; 'same' keeps the size of the image, 'valid' is 0. */
  readonly padding?: Size | 'same' | 'valid' | undefined
}

export interface ConvTransposeOptions<T> extends SharedOptions<T> {
  /** How much is cut off on both sides, 0 by default. */
  readonly padding?: Size | undefined
  /** How much longer the result is at its end, which stays open where the stride is not 1; 0 by default. */
  readonly outputPadding?: Size | undefined
}

function checkGroups(op: string, groups: number): void {
  if (!Number.isInteger(groups) || groups < 1) {
    throw new ShapeError(`${op}: groups is ${show(groups)}. Give a whole number, 1 or more.`)
  }
}

/** Height and width of the kernel. */
function kernelOf(op: string, weight: Shape, dimensions: Dimensions, layout: string): Pair {
  const sizes = weight.slice(2)
  if (weight.length !== dimensions + 2 || sizes.some((n) => n < 1)) {
    throw new ShapeError(
      `${op}: the weights have shape ${showShape(weight)}. Give [${layout}, ${layouts[dimensions]}], with a kernel of 1 or more.`,
    )
  }
  return readPair(op, 'the kernel', sizes, dimensions, 1)
}

/** Weights and bias as the records take them: a kernel with height and width, a bias along the channels. */
function asImage<T>(k: Carrier<T>, weight: T, kernel: Pair): T {
  const shape = k.shape(weight)
  return shape.length === 4 ? weight : k.reshape(weight, [...shape.slice(0, 2), ...kernel])
}

function addBias<T>(op: string, k: Carrier<T>, y: T, bias: T | undefined, channels: number): T {
  if (bias === undefined) return y
  if (!sameShape(k.shape(bias), [channels])) {
    throw new ShapeError(
      `${op}: the bias has shape ${showShape(k.shape(bias))}, the result ${channels} channels. Give a bias of shape [${channels}].`,
    )
  }
  return k.add(y, k.reshape(bias, [channels, 1, 1]))
}

/** The padding before the first element, and on both sides together. */
function readPadding(
  op: string,
  padding: Size | 'same' | 'valid',
  dimensions: Dimensions,
  stride: Pair,
  reach: Pair,
): { before: Pair; both: Pair } {
  if (padding === 'same') {
    if (stride[0] !== 1 || stride[1] !== 1) {
      throw new ShapeError(
        `${op}: padding 'same' has stride 1, got ${showShape(stride)}. Give the padding as a number.`,
      )
    }
    const both: Pair = [reach[0] - 1, reach[1] - 1]
    return { before: [both[0] >> 1, both[1] >> 1], both }
  }
  const before = readPair(op, 'the padding', padding === 'valid' ? 0 : padding, dimensions, 0)
  return { before, both: [2 * before[0], 2 * before[1]] }
}

/**
 * yₙₒ = biasₒ + Σ_c x_nc ⋆ w_oc over the channels of the group, x [batch, channels, …], w [out, channels/groups, …].
 * @throws ShapeError where the shapes or sizes do not fit.
 */
export function conv<T>(
  k: Carrier<T>,
  x: T,
  weight: T,
  dimensions: Dimensions,
  { bias, stride: steps = 1, padding: margin = 0, dilation: gaps = 1, groups = 1 }: ConvOptions<T> = {},
): T {
  const op = `conv${dimensions}d`
  const { images, shape, restore } = readImages(op, k, x, dimensions)
  const [, channels, height, width] = shape
  checkGroups(op, groups)
  const kernel = kernelOf(op, k.shape(weight), dimensions, 'out, in / groups')
  const [out, perGroup] = k.shape(weight) as [number, number]
  if (perGroup * groups !== channels || out % groups !== 0) {
    throw new ShapeError(
      `${op}: ${channels} channels and weights ${showShape(k.shape(weight))} do not fit in ${groups} group${groups === 1 ? '' : 's'}. The weights have channels / groups on axis 1 and a multiple of groups on axis 0.`,
    )
  }
  const stride = readPair(op, 'the stride', steps, dimensions, 1)
  const dilation = readPair(op, 'the dilation', gaps, dimensions, 1)
  const { before: padding, both } = readPadding(op, margin, dimensions, stride, reachOf(kernel, dilation))
  const window = { input: [height, width], kernel, stride, padding, dilation } as const
  const output = windowsOf(op, window, both)
  const y = k.conv(images, asImage(k, weight, kernel), { ...window, output, groups })
  return restore(k, addBias(op, k, y, bias, out))
}

/**
 * The adjoint of a convolution, as a layer: x [batch, in, …], w [in, out/groups, …]; the result has the size
 * (n − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1 in each dimension.
 * @throws ShapeError where the shapes or sizes do not fit.
 */
export function convTranspose<T>(
  k: Carrier<T>,
  x: T,
  weight: T,
  dimensions: Dimensions,
  options: ConvTransposeOptions<T> = {},
): T {
  const { bias, stride: steps = 1, padding: margin = 0, outputPadding = 0, dilation: gaps = 1, groups = 1 } = options
  const op = `convTranspose${dimensions}d`
  const { images, shape, restore } = readImages(op, k, x, dimensions)
  const [, channels, height, width] = shape
  checkGroups(op, groups)
  const kernel = kernelOf(op, k.shape(weight), dimensions, 'in, out / groups')
  const [from, perGroup] = k.shape(weight) as [number, number]
  if (from !== channels || channels % groups !== 0) {
    throw new ShapeError(
      `${op}: ${channels} channels and weights ${showShape(k.shape(weight))} do not fit in ${groups} group${groups === 1 ? '' : 's'}. The weights have the input's channels, a multiple of groups, on axis 0.`,
    )
  }
  const stride = readPair(op, 'the stride', steps, dimensions, 1)
  const dilation = readPair(op, 'the dilation', gaps, dimensions, 1)
  const padding = readPair(op, 'the padding', margin, dimensions, 0)
  const extra = readPair(op, 'the outputPadding', outputPadding, dimensions, 0)
  if (
    [0, 1].some((d) => (extra[d] as number) >= Math.max(stride[d] as number, dilation[d] as number) && extra[d] !== 0)
  ) {
    throw new ShapeError(
      `${op}: the outputPadding ${show(outputPadding)} is not less than stride or dilation (${show(steps)}, ${show(gaps)}). Make it smaller.`,
    )
  }
  const reach = reachOf(kernel, dilation)
  const size = (d: 0 | 1, n: number): number => (n - 1) * stride[d] - 2 * padding[d] + reach[d] + extra[d]
  const input: Pair = [size(0, height), size(1, width)]
  if (input[0] < 1 || input[1] < 1) {
    throw new ShapeError(
      `${op}: the padding cuts everything off, ${input.join(' × ')} would be left of ${showShape(k.shape(x))}. Give less padding.`,
    )
  }
  const args = { input, kernel, output: [height, width], stride, padding, dilation, groups } as const
  const y = k.convInput(images, asImage(k, weight, kernel), args)
  return restore(k, addBias(op, k, y, bias, perGroup * groups))
}
