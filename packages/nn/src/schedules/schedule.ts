/** What all schedules share: they change the learning rates of an optimizer as training goes on. */
import { DomainError } from '@adjoint/autograd'
import { checkNumber, show } from '../options.ts'

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

  /** @throws DomainError for what is no optimizer. */
  constructor(optimizer: ScheduledOptimizer) {
    this.groups = groupsOf(this.constructor.name, optimizer)
    this.base = this.groups.map(({ learningRate }) => learningRate)
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
    const { count, base } = state ?? {}
    if (!Number.isInteger(count) || (count as number) < 0 || !isRates(base, this.base.length)) {
      throw new DomainError(
        `loadStateDict: the state is not of a ${this.constructor.name} over ${this.base.length} groups. Give the stateDict() of a schedule built alike.`,
      )
    }
    this.count = count as number
    this.base.splice(0, base.length, ...base)
    return this
  }
}

function isRates(x: unknown, count: number): x is number[] {
  return Array.isArray(x) && x.length === count && x.every((rate) => typeof rate === 'number')
}

/** The groups of an optimizer. @throws DomainError for what is none. */
export function groupsOf(name: string, optimizer: ScheduledOptimizer): readonly ScheduledGroup[] {
  if (Array.isArray(optimizer?.groups)) return optimizer.groups
  throw new DomainError(
    `${name}: the optimizer is ${show(optimizer)}. Give the one whose learning rate is to change, new Adam(model.parameters()), first.`,
  )
}

/** @throws DomainError unless x is a whole number, `least` or more. */
export function checkCount(name: string, option: string, x: number, least = 1): number {
  if (Number.isInteger(x) && x >= least) return x
  throw new DomainError(`${name}: ${option} is ${show(x)}. Give a whole number, ${least} or more.`)
}

/** One number for all groups, or a list of one a group. @throws DomainError for other than numbers from 0, or too few or many. */
export function ratePerGroup(name: string, option: string, x: number | readonly number[], groups: number): number[] {
  const list: readonly number[] = Array.isArray(x) ? x : new Array(groups).fill(x)
  if (list.length !== groups) {
    throw new DomainError(
      `${name}: ${option} has ${list.length} numbers for ${groups} groups. Give one, or one a group.`,
    )
  }
  return list.map((rate) => checkNumber(name, option, rate, 0))
}
