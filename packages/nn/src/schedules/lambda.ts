/** A schedule from a function. */
import { DomainError } from '@adjoint/autograd'
import { show } from '../options.ts'
import { CountingSchedule, type ScheduledOptimizer } from './schedule.ts'

/** The factor at a step, counted from 0. */
export type RateFactor = (step: number) => number

/**
 * The learning rate that a group began with, times the factor at the step. Sets that of step 0 at once.
 * @example new LambdaLR(optimizer, (step) => 0.95 ** step)
 */
export class LambdaLR extends CountingSchedule {
  private readonly factors: readonly RateFactor[]

  /** @param factor One function, or one a group. @throws DomainError for anything else, or a factor that is no number. */
  constructor(optimizer: ScheduledOptimizer, factor: RateFactor | readonly RateFactor[]) {
    super(optimizer)
    const { name } = this.constructor
    const factors: readonly RateFactor[] = Array.isArray(factor) ? factor : this.groups.map(() => factor as RateFactor)
    if (!factors.every((f) => typeof f === 'function')) {
      throw new DomainError(
        `${name}: the factor is ${show(factor)}. Give a function of the step, (step) => 0.95 ** step, or one a group.`,
      )
    }
    if (factors.length !== this.groups.length) {
      throw new DomainError(
        `${name}: got ${factors.length} functions for ${this.groups.length} groups. Give one, or one a group.`,
      )
    }
    this.factors = factors
    this.apply()
  }

  protected override rate({ base, index }: { readonly base: number; readonly index: number }): number {
    const factor = (this.factors[index] as RateFactor)(this.count)
    if (typeof factor === 'number') return base * factor
    throw new DomainError(
      `${this.constructor.name}: the factor of step ${this.count} is ${show(factor)}. Return a number.`,
    )
  }
}
