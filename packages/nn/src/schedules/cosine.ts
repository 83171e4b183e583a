/** Along a cosine, without restarts. Loshchilov & Hutter 2017. */
import { checkNumber, checkOptions, type Names } from '../options.ts'
import { CountingSchedule, checkCount, type ScheduledOptimizer } from './schedule.ts'

interface CosineAnnealingOptions {
  readonly tMax: number
  readonly minLearningRate?: number
}

const cosineAnnealingOptions: Names<CosineAnnealingOptions> = { tMax: true, minLearningRate: true }

/**
 * From the learning rate r at first to the least one m in tMax steps, m + (r − m)·(1 + cos(π·k/tMax))/2, and back up
 * in as many. Written as a step from the present rate, so that other schedules may change it as well.
 * @example new CosineAnnealingLR(optimizer, { tMax: epochs })
 */
export class CosineAnnealingLR extends CountingSchedule {
  private readonly tMax: number
  private readonly least: number

  /** @param options minLearningRate: default 0. @throws DomainError for options unknown or out of range. */
  constructor(optimizer: ScheduledOptimizer, options: CosineAnnealingOptions) {
    super(optimizer)
    checkOptions('CosineAnnealingLR', options, cosineAnnealingOptions)
    const { tMax, minLearningRate = 0 } = options
    this.tMax = checkCount('CosineAnnealingLR', 'tMax', tMax)
    this.least = checkNumber('CosineAnnealingLR', 'minLearningRate', minLearningRate, 0)
  }

  protected override rate({ current, base }: Readonly<Record<'current' | 'base' | 'index', number>>): number {
    const { count: k, tMax, least } = this
    const height = (step: number): number => 1 + Math.cos((Math.PI * step) / tMax)
    // The way up begins at the least rate, which tells nothing of the height.
    if ((k - 1 - tMax) % (2 * tMax) === 0) return current + ((base - least) * (1 - Math.cos(Math.PI / tMax))) / 2
    return (height(k) / height(k - 1)) * (current - least) + least
  }
}
