/** Smaller images: one number for each window. */
import {
  type AvgPoolOptions,
  avgPool2d,
  type MaxPoolOptions,
  maxPool2d,
  type Size,
  type Value,
} from '@adjoint/autograd'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names } from '../options.ts'
import { checkSpan } from '../units.ts'

const maxPoolOptions: Names<MaxPoolOptions> = { stride: true, padding: true, dilation: true }
const avgPoolOptions: Names<AvgPoolOptions> = { stride: true, padding: true, countIncludePad: true }

/** @throws DomainError for a kernel or an option that is no whole number, or too small. */
function checkWindow(owner: string, kernel: Size, { stride, padding, dilation }: MaxPoolOptions): void {
  checkSpan(owner, 'the kernel', kernel, 2, 1)
  checkSpan(owner, 'stride', stride ?? 1, 2, 1)
  checkSpan(owner, 'dilation', dilation ?? 1, 2, 1)
  checkSpan(owner, 'padding', padding ?? 0, 2, 0)
}

/**
 * The largest number of each window.
 * @example new MaxPool2d(2).forward(zeros([32, 6, 28, 28])) // [32, 6, 14, 14]
 */
export class MaxPool2d extends Module {
  readonly kernel: Size
  readonly options: MaxPoolOptions

  /**
   * @param kernel Height and width, or one number for both.
   * @param options `stride` (default: the kernel), `padding`, `dilation`.
   * @throws DomainError for sizes that are no whole numbers, or unknown options.
   */
  constructor(kernel: Size, options: MaxPoolOptions = {}) {
    super()
    checkOptions('MaxPool2d', options, maxPoolOptions)
    checkWindow('MaxPool2d', kernel, options)
    this.kernel = kernel
    this.options = options
  }

  /** @param x [batch, channels, height, width], or without the batch. @throws ShapeError for sizes that do not fit. */
  override forward(x: Input): Value {
    return maxPool2d(readInput(x, undefined, 'MaxPool2d'), this.kernel, this.options)
  }
}

/**
 * The mean of each window.
 * @example new AvgPool2d(2).forward(zeros([32, 6, 28, 28])) // [32, 6, 14, 14]
 */
export class AvgPool2d extends Module {
  readonly kernel: Size
  readonly options: AvgPoolOptions

  /**
   * @param options `stride` (default: the kernel), `padding`, `countIncludePad` (default: true).
   * @throws DomainError for sizes that are no whole numbers, or unknown options.
   */
  constructor(kernel: Size, options: AvgPoolOptions = {}) {
    super()
    checkOptions('AvgPool2d', options, avgPoolOptions)
    checkWindow('AvgPool2d', kernel, options)
    this.kernel = kernel
    this.options = options
  }

  /** @param x [batch, channels, height, width], or without the batch. @throws ShapeError for sizes that do not fit. */
  override forward(x: Input): Value {
    return avgPool2d(readInput(x, undefined, 'AvgPool2d'), this.kernel, this.options)
  }
}
