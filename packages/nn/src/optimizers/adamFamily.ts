/** What Adam and its relatives share. Their rules are written out in each: a call an element would cost as much again. */
import { DomainError } from '@adjoint/autograd'
import { show } from '../options.ts'
import type { CommonOptions } from './groups.ts'
import type { Memory } from './memory.ts'
import { Optimizer } from './optimizer.ts'

export interface AdamFamilyOptions extends CommonOptions {
  /** How much of the running means of the gradient and of its square stays at each step. Default: [0.9, 0.999]. */
  betas: readonly [number, number]
  /** Default: 1e-8. */
  eps: number
}

/** For those whose weights may shrink by themselves, as in AdamW, instead of through the gradient. */
export interface DecoupledOptions {
  /** Default: false. */
  decoupledWeightDecay: boolean
}

/** The defaults of all of them, but for the learning rate. */
export function familyDefaults(learningRate: number): AdamFamilyOptions {
  return { learningRate, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }
}

export abstract class AdamFamily<Options extends AdamFamilyOptions, M extends Memory> extends Optimizer<Options, M> {
  protected override check(group: Options): void {
    super.check(group)
    const { betas, eps } = group
    if (!Array.isArray(betas) || betas.length !== 2) {
      throw new DomainError(`${this.name}: betas is ${show(betas)}. Give two numbers: [0.9, 0.999].`)
    }
    this.checkRange('betas[0]', betas[0], 1)
    this.checkRange('betas[1]', betas[1], 1)
    this.checkRange('eps', eps)
  }
}

/** With x = kept·(the element), its gradient is g = sign·gradient + penalty·x. */
export interface Decay {
  readonly sign: number
  readonly penalty: number
  readonly kept: number
}

export function decay({ learningRate, weightDecay, maximize }: CommonOptions, decoupled: boolean): Decay {
  const sign = maximize ? -1 : 1
  return decoupled
    ? { sign, penalty: 0, kept: 1 - learningRate * weightDecay }
    : { sign, penalty: weightDecay, kept: 1 }
}
