/** Normalisation of groups of channels. */
import { DomainError, groupNorm, type Value } from '@adjoint/autograd'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkSize } from '../units.ts'
import { beginScale, checkNorm, EPS, type NormOptions } from './scale.ts'

/**
 * Normalises each group of channels of each example; then a weight and a bias for each channel. Wu & He 2018.
 * @example new GroupNorm(4, 16).forward(zeros([32, 16, 8, 8])) // the same shape
 */
export class GroupNorm extends Module {
  readonly groups: number
  readonly channels: number
  readonly eps: number
  /** [channels], both; undefined with `affine: false`. */
  readonly weight: Value | undefined
  readonly bias: Value | undefined

  /** @throws DomainError for sizes that are not whole numbers from 1, channels that do not divide, or unknown options. */
  constructor(groups: number, channels: number, options: NormOptions = {}) {
    super()
    checkNorm('GroupNorm', options)
    this.groups = checkSize('GroupNorm', 'groups', groups)
    this.channels = checkSize('GroupNorm', 'channels', channels)
    if (channels % groups !== 0) {
      throw new DomainError(`GroupNorm: ${channels} channels do not divide into ${groups} groups. Choose a divisor.`)
    }
    this.eps = options.eps ?? EPS
    const { weight, bias } = beginScale([channels], options)
    this.weight = weight
    this.bias = bias
  }

  /** @param x [batch, channels, …] @returns The same shape. @throws ShapeError */
  override forward(x: Input): Value {
    const { weight, bias, eps } = this
    return groupNorm(readInput(x, weight?.dtype, 'GroupNorm'), this.groups, { weight, bias, eps })
  }
}
