/** Normalization: numbers with mean 0 and variance 1 over some axes, then scaled and shifted. */
import { DomainError, ShapeError, show, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Shape, sameShape, sizeOf } from '../shape.ts'
import { countOf } from './parts.ts'
import { centred } from './statistics.ts'

export interface RmsNormOptions<T> {
  /** Multiplies the normalized numbers. */
  readonly weight?: T | undefined
  /** Added to the mean square, so that zeros stay zeros. */
  readonly eps?: number | undefined
}

export interface NormalizeOptions<T> extends RmsNormOptions<T> {
  /** Added at the end. */
  readonly bias?: T | undefined
}

export interface BatchNormOptions<T> extends NormalizeOptions<T> {
  /** Statistics from elsewhere, one number a channel each: both, or neither for those of the batch. */
  readonly mean?: T | undefined
  readonly variance?: T | undefined
}

const EPS = 1e-5
/** The distance from 1 to the next number, which is what PyTorch's rmsNorm adds. */
const PRECISION = { float64: 2 ** -52, float32: 2 ** -23 } as const

function checkEps(op: string, eps: number): void {
  if (!(eps >= 0)) throw new DomainError(`${op}: eps is ${show(eps)}. Give a number, 0 or more.`)
}

/** A parameter of the shape `own`, laid along `as` so that it broadcasts. @throws ShapeError for another shape. */
function laid<T>(op: string, what: string, k: Carrier<T>, x: T, own: Shape, as: Shape): T {
  const shape = k.shape(x)
  if (!sameShape(shape, own)) {
    throw new ShapeError(`${op}: the ${what} has shape ${showShape(shape)}. Give it the shape ${showShape(own)}.`)
  }
  return sameShape(own, as) ? x : k.reshape(x, as)
}

/** weight·y + bias */
function scaled<T>(op: string, k: Carrier<T>, y: T, own: Shape, as: Shape, weight?: T, bias?: T): T {
  const product = weight === undefined ? y : k.mul(y, laid(op, 'weight', k, weight, own, as))
  return bias === undefined ? product : k.add(product, laid(op, 'bias', k, bias, own, as))
}

/** (x − mean)/√(variance + eps) over the axes. The variance is that of the numbers themselves (correction 0). */
function standardized<T>(k: Carrier<T>, x: T, axes: readonly number[], eps: number): T {
  const middle = centred(k, x, axes)
  const variance = k.div(k.sum(k.square(middle), axes, true), countOf(k.shape(x), axes))
  return k.mul(middle, k.rsqrt(k.add(variance, eps)))
}

/** The last axes, which have the given shape. @throws ShapeError where they do not. */
function lastAxes<T>(op: string, k: Carrier<T>, x: T, shape: Shape): number[] {
  const given = k.shape(x)
  const lead = given.length - shape.length
  if (!Array.isArray(shape) || shape.length === 0 || !sameShape(given.slice(Math.max(lead, 0)), shape)) {
    const got = Array.isArray(shape) ? showShape(shape) : show(shape)
    throw new ShapeError(
      `${op}: the input ${showShape(given)} does not end in the shape ${got}. Give the sizes of its last axes, one or more.`,
    )
  }
  return shape.map((_, d) => lead + d)
}

/**
 * Over the last axes, of the given shape; weight and bias have that shape too. Ba, Kiros and Hinton, 2016.
 * @throws ShapeError where shapes do not fit; DomainError for a negative eps.
 */
export function layerNorm<T>(
  k: Carrier<T>,
  x: T,
  shape: Shape,
  { weight, bias, eps = EPS }: NormalizeOptions<T> = {},
): T {
  checkEps('layerNorm', eps)
  const y = standardized(k, x, lastAxes('layerNorm', k, x, shape), eps)
  return scaled('layerNorm', k, y, shape, shape, weight, bias)
}

/**
 * weight·x/√(mean x² + eps) over the last axes. Zhang and Sennrich, 2019.
 * @throws ShapeError where shapes do not fit; DomainError for a negative eps.
 */
export function rmsNorm<T>(
  k: Carrier<T>,
  x: T,
  shape: Shape,
  { weight, eps = PRECISION[k.dtype(x)] }: RmsNormOptions<T> = {},
): T {
  checkEps('rmsNorm', eps)
  const squares = k.mean(k.square(x), lastAxes('rmsNorm', k, x, shape), true)
  return scaled('rmsNorm', k, k.mul(x, k.rsqrt(k.add(squares, eps))), shape, shape, weight)
}

/** The sizes of [batch, channels, …]. @throws ShapeError for fewer than two axes. */
function channelsOf(op: string, shape: Shape): readonly [batch: number, channels: number, ...rest: number[]] {
  if (shape.length < 2) {
    throw new ShapeError(`${op}: the input has shape ${showShape(shape)}. Give [batch, channels, …].`)
  }
  return shape as readonly [number, number, ...number[]]
}

/**
 * Over groups of channels of each example; weight and bias have one number a channel. Wu and He, 2018.
 * @throws ShapeError where shapes do not fit or the channels do not divide; DomainError for a negative eps.
 */
export function groupNorm<T>(
  k: Carrier<T>,
  x: T,
  groups: number,
  { weight, bias, eps = EPS }: NormalizeOptions<T> = {},
): T {
  checkEps('groupNorm', eps)
  const shape = k.shape(x)
  const [batch, channels, ...rest] = channelsOf('groupNorm', shape)
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ShapeError(
      `groupNorm: ${channels} channels do not divide into ${show(groups)} groups. Give a whole number that divides them.`,
    )
  }
  const each = (channels / groups) * sizeOf(rest)
  const y = k.reshape(standardized(k, k.reshape(x, [batch, groups, each]), [2], eps), shape)
  return scaled('groupNorm', k, y, [channels], [channels, ...rest.map(() => 1)], weight, bias)
}

/**
 * Over everything but the channels (axis 1): with the statistics of this batch, or with given ones, which are then
 * constants of the layer. Ioffe and Szegedy, 2015.
 * @throws ShapeError where shapes do not fit, for one statistic without the other, or one number a channel without
 * statistics; DomainError for a negative eps.
 */
export function batchNorm<T>(
  k: Carrier<T>,
  x: T,
  { mean, variance, weight, bias, eps = EPS }: BatchNormOptions<T> = {},
): T {
  checkEps('batchNorm', eps)
  const shape = k.shape(x)
  const [batch, channels, ...rest] = channelsOf('batchNorm', shape)
  const along = [channels, ...rest.map(() => 1)]
  const finish = (y: T): T => scaled('batchNorm', k, y, [channels], along, weight, bias)
  if (mean !== undefined && variance !== undefined) {
    const middle = k.sub(x, laid('batchNorm', 'mean', k, mean, [channels], along))
    const scale = k.rsqrt(k.add(laid('batchNorm', 'variance', k, variance, [channels], along), eps))
    return finish(k.mul(middle, scale))
  }
  if (mean !== undefined || variance !== undefined) {
    const [one, other] = mean === undefined ? ['variance', 'mean'] : ['mean', 'variance']
    throw new ShapeError(`batchNorm: got a ${one} without a ${other}. Give both, or neither for those of the batch.`)
  }
  if (batch * sizeOf(rest) === 1) {
    throw new ShapeError(
      `batchNorm: the batch ${showShape(shape)} has one number a channel, which has no variance. Give more, or { mean, variance }.`,
    )
  }
  return finish(
    standardized(
      k,
      x,
      shape.map((_, axis) => axis).filter((axis) => axis !== 1),
      eps,
    ),
  )
}
