/** Less when nothing improves any more. */
import { DomainError } from '@adjoint/autograd'
import { checkNumber, checkOptions, complete, show } from '../options.ts'
import {
  checkCount,
  groupsOf,
  type Pace,
  ratePerGroup,
  type Schedule,
  type ScheduledGroup,
  type ScheduledOptimizer,
  type ScheduleState,
} from './schedule.ts'

export interface ReduceLROnPlateauOptions {
  /** Whether smaller or larger is better. Default: 'min'. */
  readonly mode?: 'min' | 'max'
  /** What the learning rate is multiplied by, below 1. Default: 0.1. */
  readonly factor?: number
  /** How many steps without improvement are let pass. Default: 10. */
  readonly patience?: number
  /** How much better counts as improvement. Default: 1e-4. */
  readonly threshold?: number
  /** Whether the threshold is a part of the best so far, or a difference. Default: 'rel'. */
  readonly thresholdMode?: 'rel' | 'abs'
  /** How many steps after a reduction are not looked at. Default: 0. */
  readonly cooldown?: number
  /** Never below this; one number, or one a group. Default: 0. */
  readonly minLearningRate?: number | readonly number[]
  /** A reduction by less than this is not made. Default: 1e-8. */
  readonly eps?: number
}

const defaults: Required<ReduceLROnPlateauOptions> = {
  mode: 'min',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel',
  cooldown: 0,
  minLearningRate: 0,
  eps: 1e-8,
}

/**
 * Multiplies the learning rate when the metric has not improved for more than `patience` steps. In `fit` it watches the
 * validation loss, without validation the loss.
 * @example
 * const schedule = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 5 })
 * schedule.step(validationLoss) // after each epoch
 */
export class ReduceLROnPlateau implements Schedule {
  readonly pace: Pace = 'epoch'
  private readonly groups: readonly ScheduledGroup[]
  private readonly options: Required<ReduceLROnPlateauOptions>
  /** The least learning rate of each group. */
  private readonly least: readonly number[]
  private best: number | undefined
  private bad = 0
  private resting = 0

  /** @throws DomainError for what is no optimizer, or options unknown or out of range. */
  constructor(optimizer: ScheduledOptimizer, options: ReduceLROnPlateauOptions = {}) {
    const name = 'ReduceLROnPlateau'
    this.groups = groupsOf(name, optimizer)
    checkOptions(name, options, defaults)
    this.options = complete<Required<ReduceLROnPlateauOptions>>(defaults, options)
    const { factor, mode, thresholdMode, minLearningRate } = this.options
    this.least = ratePerGroup(name, 'minLearningRate', minLearningRate, this.groups.length)
    for (const option of ['patience', 'cooldown'] as const) checkCount(name, option, this.options[option], 0)
    for (const option of ['threshold', 'eps'] as const) checkNumber(name, option, this.options[option], 0)
    if (typeof factor !== 'number' || !(factor >= 0 && factor < 1)) {
      throw new DomainError(
        `ReduceLROnPlateau: factor is ${show(factor)}. Give a number from 0 up to, not including, 1.`,
      )
    }
    if (mode !== 'min' && mode !== 'max') {
      throw new DomainError(`ReduceLROnPlateau: there is no mode ${show(mode)}. Use 'min' or 'max'.`)
    }
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new DomainError(`ReduceLROnPlateau: there is no thresholdMode ${show(thresholdMode)}. Use 'rel' or 'abs'.`)
    }
  }

  /** Takes the next figure. @throws DomainError without one. */
  step(metric?: number): void {
    if (typeof metric !== 'number') {
      const got = metric === undefined ? 'no metric' : show(metric)
      throw new DomainError(`ReduceLROnPlateau: step got ${got}. Give the figure to watch: step(validationLoss).`)
    }
    const { patience, cooldown } = this.options
    if (this.improves(metric)) {
      this.best = metric
      this.bad = 0
    } else this.bad++
    if (this.resting > 0) {
      this.resting--
      this.bad = 0
    }
    if (this.bad <= patience) return
    this.reduce()
    this.resting = cooldown
    this.bad = 0
  }

  private improves(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options
    const { best } = this
    if (best === undefined) return !Number.isNaN(metric)
    const sign = mode === 'min' ? -1 : 1
    const bound = thresholdMode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold
    return mode === 'min' ? metric < bound : metric > bound
  }

  private reduce(): void {
    const { factor, eps } = this.options
    for (const [i, group] of this.groups.entries()) {
      const reduced = Math.max(group.learningRate * factor, this.least[i] as number)
      if (group.learningRate - reduced > eps) group.learningRate = reduced
    }
  }

  /** A snapshot, as plain numbers; best is null before the first figure. */
  stateDict(): ScheduleState {
    return { best: this.best ?? null, bad: this.bad, resting: this.resting }
  }

  /** Puts a snapshot back. @throws DomainError for the state of another kind of schedule. */
  loadStateDict(state: ScheduleState): this {
    const { best, bad, resting } = state ?? {}
    const isBest = best === null || typeof best === 'number'
    if (!isBest || typeof bad !== 'number' || typeof resting !== 'number') {
      throw new DomainError('loadStateDict: the state is not of a ReduceLROnPlateau. Give the stateDict() of one.')
    }
    this.best = best ?? undefined
    this.bad = bad
    this.resting = resting
    return this
  }
}
