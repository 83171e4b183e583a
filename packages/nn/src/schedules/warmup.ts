/** A gentle start. */
import { DomainError } from '@adjoint/autograd'
import { checkOptions, type Names, show } from '../options.ts'
import { LambdaLR } from './lambda.ts'
import {
  checkCount,
  groupsOf,
  type Pace,
  type Schedule,
  type ScheduledOptimizer,
  type ScheduleState,
} from './schedule.ts'

export interface WarmupOptions {
  /** How many steps the learning rate takes to its full height; in `fit`, updates. */
  readonly steps: number
  /** A schedule of the same optimizer that goes on from there, made before this one. */
  readonly next?: Schedule
}

const warmupOptions: Names<WarmupOptions> = { steps: true, next: true }

class Warmup extends LambdaLR {
  override readonly pace: Pace = 'step'
  private readonly steps: number
  private readonly next: Schedule | undefined

  constructor(optimizer: ScheduledOptimizer, { steps, next }: WarmupOptions) {
    checkCount('warmup', 'steps', steps)
    super(optimizer, (step) => Math.min(1, (step + 1) / steps))
    this.steps = steps
    this.next = next
  }

  override step(metric?: number): void {
    // Step `steps − 1` has the full learning rate, and is the first one of the schedule that follows.
    if (this.count + 1 < this.steps) super.step()
    else {
      this.count++
      this.next?.step(metric)
    }
  }

  override stateDict(): ScheduleState {
    return { ...super.stateDict(), next: this.next?.stateDict() ?? null }
  }

  override loadStateDict(state: ScheduleState): this {
    const { next = null, ...own } = state ?? {}
    if ((next === null) !== (this.next === undefined)) {
      throw new DomainError(
        `loadStateDict: the state is of a warmup ${next === null ? 'without' : 'with'} a schedule that follows. Give the stateDict() of a warmup built alike.`,
      )
    }
    const before = super.stateDict()
    super.loadStateDict(own)
    try {
      this.next?.loadStateDict(next as ScheduleState)
    } catch (error) {
      super.loadStateDict(before)
      throw error
    }
    return this
  }
}

/**
 * Raises the learning rate in a line: (k + 1)/steps of it at step k = 0, 1 …, then all of it, or what the schedule
 * that follows says. Sets that of step 0 at once.
 * @throws DomainError for what is no optimizer or no schedule, unknown options, or steps that are not a whole number
 * from 1.
 * @example warmup(optimizer, { steps: 100, next: new CosineAnnealingLR(optimizer, { tMax: 900 }) })
 */
export function warmup(optimizer: ScheduledOptimizer, options: WarmupOptions): Schedule {
  groupsOf('warmup', optimizer)
  checkOptions('warmup', options, warmupOptions)
  const { next } = options
  if (next !== undefined && typeof next?.step !== 'function') {
    throw new DomainError(`warmup: next is ${show(next)}. Give a schedule: new CosineAnnealingLR(optimizer, { tMax }).`)
  }
  return new Warmup(optimizer, options)
}
