/** Convolutions: the same weights at every place of a line or an image. */
import { type ConvOptions, conv1d, conv2d, DomainError, type Size, type Value } from '@adjoint/autograd'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names, show } from '../options.ts'
import { checkSize, checkSpan, drawWeights, type WeightOptions, weightOptions } from '../units.ts'

/** stride, padding, dilation: a number, or one a dimension; padding also 'same' or 'valid'. groups: see PyTorch. */
export type ConvLayerOptions = WeightOptions & Omit<ConvOptions<never>, 'bias'>

const convOptions: Names<ConvLayerOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  ...weightOptions,
}

/** What one and two dimensions share. */
abstract class Conv extends Module {
  /** [out, in / groups, …kernel] */
  readonly weight: Value
  /** [out] */
  readonly bias: Value | undefined
  protected readonly places: Omit<ConvOptions<never>, 'bias'>

  constructor(inputs: number, outputs: number, kernel: Size, dimensions: number, options: ConvLayerOptions) {
    super()
    const owner = this.constructor.name
    checkOptions(owner, options, convOptions)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, ...weights } = options
    for (const [what, n] of [['input channels', inputs] as const, ['output channels', outputs] as const]) {
      checkSize(owner, what, n)
      if (n % checkSize(owner, 'groups', groups) !== 0) {
        throw new DomainError(`${owner}: ${n} ${what} do not divide into ${groups} groups. Choose a divisor.`)
      }
    }
    const taps = typeof kernel === 'number' ? new Array<number>(dimensions).fill(kernel) : kernel
    if (!Array.isArray(taps) || taps.length !== dimensions) {
      const got = Array.isArray(taps) ? `has ${taps.length} sizes` : `is ${show(taps)}`
      throw new DomainError(`${owner}: the kernel ${got}. Give one number, or ${dimensions}.`)
    }
    const shape = [outputs, inputs / groups, ...taps.map((n: number) => checkSize(owner, 'taps of the kernel', n))]
    checkSpan(owner, 'stride', stride, dimensions, 1)
    checkSpan(owner, 'dilation', dilation, dimensions, 1)
    if (padding !== 'same' && padding !== 'valid') checkSpan(owner, 'padding', padding, dimensions, 0)
    const { weight, bias } = drawWeights(owner, shape, [outputs], weights)
    this.weight = weight
    this.bias = bias
    this.places = { stride, padding, dilation, groups }
  }
}

/**
 * Convolution along a line.
 * @example new Conv1d(4, 8, 3, { padding: 1 }).forward(zeros([32, 4, 100])) // [32, 8, 100]
 */
export class Conv1d extends Conv {
  /** @param kernel The number of taps. @throws DomainError for sizes that are no whole numbers from 1, or unknown options. */
  constructor(inputs: number, outputs: number, kernel: Size, options: ConvLayerOptions = {}) {
    super(inputs, outputs, kernel, 1, options)
  }

  /** @param x [batch, inputs, length], or [inputs, length] @returns [batch, outputs, length′] @throws ShapeError */
  override forward(x: Input): Value {
    return conv1d(readInput(x, this.weight.dtype, 'Conv1d'), this.weight, { ...this.places, bias: this.bias })
  }
}

/**
 * Convolution over images.
 * @example new Conv2d(1, 6, 5, { padding: 2 }).forward(zeros([32, 1, 28, 28])) // [32, 6, 28, 28]
 */
export class Conv2d extends Conv {
  /**
   * @param kernel Height and width, or one number for both.
   * @throws DomainError for sizes that are no whole numbers from 1, or unknown options.
   */
  constructor(inputs: number, outputs: number, kernel: Size, options: ConvLayerOptions = {}) {
    super(inputs, outputs, kernel, 2, options)
  }

  /**
   * @param x [batch, inputs, height, width], or [inputs, height, width]
   * @returns [batch, outputs, height′, width′]
   * @throws ShapeError
   */
  override forward(x: Input): Value {
    return conv2d(readInput(x, this.weight.dtype, 'Conv2d'), this.weight, { ...this.places, bias: this.bias })
  }
}
