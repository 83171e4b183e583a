/** Noise against overfitting. */
import { DomainError, dropout, type Random, type Value } from '@adjoint/autograd'
import { checkRandom, defaultRandom } from '../init.ts'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names, show } from '../options.ts'

export interface DropoutOptions {
  /** Where the random numbers come from. Default: one stream for all modules, seeded with 0. */
  readonly random?: Random
}

const dropoutOptions: Names<DropoutOptions> = { random: true }

/**
 * In training: each number becomes 0 with probability p, and the others grow by 1/(1 − p), so that the mean stays. In
 * evaluation: the input as it is. Srivastava et al. 2014.
 * @example new Dropout(0.2, { random: random(1) })
 */
export class Dropout extends Module {
  readonly p: number
  private readonly random: Random

  /** @throws DomainError unless p is from 0 to 1, or for unknown options. */
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super()
    checkOptions('Dropout', options, dropoutOptions)
    checkRandom('Dropout', options.random)
    if (!(typeof p === 'number' && p >= 0 && p <= 1)) {
      throw new DomainError(
        `Dropout: the probability is ${show(p)}. Give a number from 0 to 1: the share that becomes 0.`,
      )
    }
    this.p = p
    this.random = options.random ?? defaultRandom()
  }

  /** @param x Any shape. @returns The same shape. */
  override forward(x: Input): Value {
    const input = readInput(x, undefined, 'Dropout')
    return this.training && this.p > 0 ? dropout(input, this.p, { random: this.random }) : input
  }
}
