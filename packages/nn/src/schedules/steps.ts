/** Schedules that multiply the learning rate now and then. */
import { checkOptions, type Names } from '../options.ts'
import { CountingSchedule, checkCount, checkPositive, type ScheduledOptimizer } from './schedule.ts'

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
    this.gamma = checkPositive('StepLR', 'gamma', gamma)
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
    this.milestones = milestones.map((milestone) => checkCount('MultiStepLR', 'a milestone', milestone))
    this.gamma = checkPositive('MultiStepLR', 'gamma', gamma)
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
    this.gamma = checkPositive('ExponentialLR', 'gamma', options.gamma)
  }

  protected override rate({ current }: Rates): number {
    return current * this.gamma
  }
}
