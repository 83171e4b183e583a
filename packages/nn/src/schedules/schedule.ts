/** What all schedules share: they change the learning rates of an optimizer as training goes on. */
import { DomainError } from '@adjoint/autograd'

/** A parameter group, as far as schedules change it. */
export interface ScheduledGroup {
  learningRate: number
  momentum?: number
  betas?: readonly [number, number]
}

/** What a schedule can be made for: every optimizer. */
export interface ScheduledOptimizer {
  readonly groups: readonly ScheduledGroup[]
}

/** After what a schedule takes its step in `fit`: each update of the parameters, or each epoch. */
export type Pace = 'step' | 'epoch'

/** Plain numbers, ready for JSON. */
export type ScheduleState = Readonly<Record<string, unknown>>

/** What `fit` and `warmup` need of a schedule. */
export interface Schedule {
  /** The pace in `fit` when none is said. */
  readonly pace: Pace
  /** Goes on to the next learning rates. @param metric Only ReduceLROnPlateau looks at it. */
  step(metric?: number): void
  stateDict(): ScheduleState
  loadStateDict(state: ScheduleState): this
}

/**
 * The base of schedules that follow the number of steps alone: one is written by its `rate`.
 * @example
 * class Halving extends CountingSchedule {
 *   protected override rate({ current }: { readonly current: number }): number {
 *     return current / 2
 *   }
 * }
 */
export abstract class CountingSchedule implements Schedule {
  readonly pace: Pace = 'epoch'
  protected readonly groups: readonly ScheduledGroup[]
  /** The learning rates that the groups began with. */
  protected readonly base: number[]
  /** How many steps have been taken. */
  protected count = 0

  constructor({ groups }: ScheduledOptimizer) {
    this.groups = groups
    this.base = groups.map(({ learningRate }) => learningRate)
  }

  /** The learning rate of a group at the step `this.count`, from its present one and the one that it began with. */
  protected abstract rate(group: { readonly current: number; readonly base: number; readonly index: number }): number

  /** Sets the learning rates of this.count. */
  protected apply(): void {
    for (const [index, group] of this.groups.entries()) {
      group.learningRate = this.rate({ current: group.learningRate, base: this.base[index] as number, index })
    }
  }

  /** Goes on to the next learning rates: call it after the optimizer's step(), once an epoch or once an update. */
  step(_metric?: number): void {
    this.count++
    this.apply()
  }

  /** A snapshot, as plain numbers. The learning rates themselves are in the optimizer's. */
  stateDict(): ScheduleState {
    return { count: this.count, base: [...this.base] }
  }

  /** Puts a snapshot back. @throws DomainError when it is of another number of groups. */
  loadStateDict(state: ScheduleState): this {
    const { count, base } = state
    if (typeof count !== 'number' || !Array.isArray(base) || base.length !== this.base.length) {
      throw new DomainError(
        `loadStateDict: the state is not of a ${this.constructor.name} over ${this.base.length} groups. Give the stateDict() of a schedule built alike.`,
      )
    }
    this.count = count
    this.base.splice(0, base.length, ...base)
    return this
  }
}

/** @throws DomainError unless x is a whole number from 1. */
export function checkCount(name: string, option: string, x: number): number {
  if (Number.isInteger(x) && x >= 1) return x
  throw new DomainError(`${name}: ${option} is ${x}. Give a whole number, 1 or more.`)
}

/** @throws DomainError unless x is a number, 0 or more. */
export function checkPositive(name: string, option: string, x: number): number {
  if (x >= 0) return x
  throw new DomainError(`${name}: ${option} is ${x}. Give a number, 0 or more.`)
}
