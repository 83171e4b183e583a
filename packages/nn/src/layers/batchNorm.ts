/** Normalisation of each channel by the statistics of the batch. */
import {
  batchNorm,
  DomainError,
  type FloatArray,
  noGrad,
  ones,
  ShapeError,
  UnsupportedError,
  type Value,
  zeros,
} from '@adjoint/autograd'
import { type Input, readInput, showShape } from '../input.ts'
import { Module } from '../module.ts'
import { type Names, show } from '../options.ts'
import { checkSize } from '../units.ts'
import { beginScale, checkNorm, EPS, type NormOptions, normOptions } from './scale.ts'

export interface BatchNormLayerOptions extends NormOptions {
  /** How much of each batch enters the running statistics; null: all batches count the same. Default: 0.1. */
  readonly momentum?: number | null
  /** Whether there are running statistics; without, evaluation uses those of the batch too. Default: true. */
  readonly trackRunningStats?: boolean
}

const batchNormOptions: Names<BatchNormLayerOptions> = { ...normOptions, momentum: true, trackRunningStats: true }

interface Running {
  readonly mean: Value
  readonly variance: Value
  /** How many batches have entered. */
  readonly batches: Value
}

/**
 * (x − mean)/√(variance + eps)·weight + bias, for each channel over the batch and all other axes: in training by the
 * statistics of the batch, in evaluation by the running ones, which training gathers. Ioffe & Szegedy 2015. One class
 * for PyTorch's BatchNorm1d and BatchNorm2d.
 * @example new BatchNorm(16).forward(images) // [batch, 16, height, width]
 */
export class BatchNorm extends Module {
  readonly channels: number
  readonly eps: number
  readonly momentum: number | null
  /** [channels], both; undefined with `affine: false`. */
  readonly weight: Value | undefined
  readonly bias: Value | undefined
  /** Of the batches so far: mean 0 and variance 1 before the first. Undefined with `trackRunningStats: false`. */
  readonly running: Running | undefined

  /** @throws DomainError for channels that are no whole number from 1, or options unknown or out of range. */
  constructor(channels: number, options: BatchNormLayerOptions = {}) {
    super()
    checkNorm('BatchNorm', options, batchNormOptions)
    const { momentum = 0.1, trackRunningStats = true } = options
    this.channels = checkSize('BatchNorm', 'channels', channels)
    this.eps = options.eps ?? EPS
    if (momentum !== null && !(typeof momentum === 'number' && momentum >= 0 && momentum <= 1)) {
      throw new DomainError(`BatchNorm: momentum is ${show(momentum)}. Give a number from 0 to 1, or null.`)
    }
    this.momentum = momentum
    const { weight, bias } = beginScale([channels], options)
    this.weight = weight
    this.bias = bias
    const { dtype = 'float64' } = options
    this.running = trackRunningStats
      ? { mean: zeros([channels], { dtype }), variance: ones([channels], { dtype }), batches: zeros([]) }
      : undefined
  }

  /** PyTorch's names. */
  protected override parts(): readonly (readonly [string, unknown])[] {
    return [
      ['weight', this.weight],
      ['bias', this.bias],
      ['running_mean', this.running?.mean],
      ['running_var', this.running?.variance],
      ['num_batches_tracked', this.running?.batches],
    ]
  }

  /**
   * @param x [batch, channels, …] @returns The same shape.
   * @throws ShapeError also for a batch with one number a channel, in training.
   */
  override forward(x: Input): Value {
    const input = readInput(x, this.weight?.dtype ?? this.running?.mean.dtype, 'BatchNorm')
    if (input.rank < 2 || input.shape[1] !== this.channels) {
      throw new ShapeError(
        `BatchNorm: it has ${this.channels} channels, got an array of shape ${showShape(input.shape)}. Give [batch, ${this.channels}, …].`,
      )
    }
    const { weight, bias, eps, running } = this
    if (running !== undefined && !this.training) {
      // Detached: a graph that waits for its backward pass keeps the statistics of its forward pass.
      const statistics = { mean: running.mean.detach(), variance: running.variance.detach() }
      return batchNorm(input, { weight, bias, eps, ...statistics })
    }
    const output = batchNorm(input, { weight, bias, eps })
    if (running !== undefined) gatherOutside(running, input.detach(), this.momentum)
    return output
  }
}

/** running ← (1 − momentum)·running + momentum·(that of the batch); the variance is the unbiased one, as in PyTorch. */
function gather({ mean, variance, batches }: Running, x: Value, momentum: number | null): void {
  noGrad(() => {
    const axis = x.shape.map((_, d) => d).filter((d) => d !== 1)
    const found = [x.mean({ axis }), x.variance({ axis, correction: 1 })] as const
    const share = (count: FloatArray): number => momentum ?? 1 / ((count[0] as number) + 1)
    // Edits, so that several batches of one compiled step enter one after the other.
    for (const [i, running] of [mean, variance].entries()) {
      running.update(
        (data, batch, count) => {
          const part = share(count)
          for (let c = 0; c < data.length; c++) data[c] = (data[c] as number) * (1 - part) + (batch[c] as number) * part
        },
        found[i] as Value,
        batches,
      )
    }
    batches.update((count) => {
      count[0] = (count[0] as number) + 1
    })
  })
}

/** @throws UnsupportedError inside vmap, where each example would have a batch, and running statistics, of its own. */
function gatherOutside(running: Running, x: Value, momentum: number | null): void {
  try {
    gather(running, x, momentum)
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error
    throw new UnsupportedError(
      'BatchNorm: inside vmap the input stands for every example, so there is no batch to gather running statistics of. Call model.eval() before, make it with { trackRunningStats: false }, or use GroupNorm.',
      { cause: error },
    )
  }
}
