/** Schedules that multiply the learning rate now and then. */
import { DomainError } from '@adjoint/autograd'
import { checkNumber, checkOptions, type Names, show } from '../options.ts'
import { CountingSchedule, checkCount, type ScheduledOptimizer } from './schedule.ts'

type Rates = Readonly<Record<'current' | 'base' | 'index', number>>

interface StepOptions {
  readonly stepSize: number
  readonly gamma?: number
}

const stepOptions: Names<StepOptions> = { stepSize: true, gamma: true }

/**
 * Multiplies the learning rate by gamma every so many steps.
 * @example new StepLR(optimizer, { stepSize: 30, gamma: 0.1 })
 */
export class StepLR extends CountingSchedule {
  private readonly stepSize: number
  private readonly gamma: number

  /** @param options gamma: default 0.1. @throws DomainError for options unknown or out of range. */
  constructor(optimizer: ScheduledOptimizer, options: StepOptions) {
    super(optimizer)
    checkOptions('StepLR', options, stepOptions)
    const { stepSize, gamma = 0.1 } = options
    this.stepSize = checkCount('StepLR', 'stepSize', stepSize)
    this.gamma = checkNumber('StepLR', 'gamma', gamma, 0)
  }

  protected override rate({ current }: Rates): number {
    return this.count % this.stepSize === 0 ? current * this.gamma : current
  }
}

interface MultiStepOptions {
  readonly milestones: readonly number[]
  readonly gamma?: number
}

const multiStepOptions: Names<MultiStepOptions> = { milestones: true, gamma: true }

/**
 * Multiplies the learning rate by gamma at each milestone; twice at one that is named twice.
 * @example new MultiStepLR(optimizer, { milestones: [30, 80], gamma: 0.1 })
 */
export class MultiStepLR extends CountingSchedule {
  private readonly milestones: readonly number[]
  private readonly gamma: number

  /**
   * @param options gamma: default 0.1.
   * @throws DomainError for unknown options, or a milestone that is not a whole number from 1.
   */
  constructor(optimizer: ScheduledOptimizer, options: MultiStepOptions) {
    super(optimizer)
    checkOptions('MultiStepLR', options, multiStepOptions)
    const { milestones, gamma = 0.1 } = options
    if (!Array.isArray(milestones)) {
      throw new DomainError(`MultiStepLR: milestones is ${show(milestones)}. Give a list of steps: [30, 80].`)
    }
    this.milestones = milestones.map((milestone: number) => checkCount('MultiStepLR', 'a milestone', milestone))
    this.gamma = checkNumber('MultiStepLR', 'gamma', gamma, 0)
  }

  protected override rate({ current }: Rates): number {
    return current * this.gamma ** this.milestones.filter((milestone) => milestone === this.count).length
  }
}

interface ExponentialOptions {
  readonly gamma: number
}

const exponentialOptions: Names<ExponentialOptions> = { gamma: true }

/**
 * Multiplies the learning rate by gamma at every step.
 * @example new ExponentialLR(optimizer, { gamma: 0.95 })
 */
export class ExponentialLR extends CountingSchedule {
  private readonly gamma: number

  /** @throws DomainError for unknown options, or a negative gamma. */
  constructor(optimizer: ScheduledOptimizer, options: ExponentialOptions) {
    super(optimizer)
    checkOptions('ExponentialLR', options, exponentialOptions)
    this.gamma = checkNumber('ExponentialLR', 'gamma', options.gamma, 0)
  }

  protected override rate({ current }: Rates): number {
    return current * this.gamma
  }
}
