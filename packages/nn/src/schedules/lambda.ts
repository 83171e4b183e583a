/** A schedule from a function. */
import { CountingSchedule, type ScheduledOptimizer } from './schedule.ts'

/** The factor at a step, counted from 0. */
export type RateFactor = (step: number) => number

/**
 * The learning rate that a group began with, times the factor at the step. Sets that of step 0 at once.
 * @example new LambdaLR(optimizer, (step) => 0.95 ** step)
 */
export class LambdaLR extends CountingSchedule {
  private readonly factors: readonly RateFactor[]

  /** @param factor One function, or one a group. */
  constructor(optimizer: ScheduledOptimizer, factor: RateFactor | readonly RateFactor[]) {
    super(optimizer)
    this.factors = this.groups.map((_, i) => (typeof factor === 'function' ? factor : (factor[i] ?? (() => 1))))
    this.apply()
  }

  protected override rate({ base, index }: { readonly base: number; readonly index: number }): number {
    return base * (this.factors[index] as RateFactor)(this.count)
  }
}
