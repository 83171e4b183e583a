/** One cycle: up to a large learning rate, and down to almost none. Smith & Topin 2018. */
import { DomainError } from '@adjoint/autograd'
import { checkOptions, complete, type Names, show } from '../options.ts'
import {
  CountingSchedule,
  checkCount,
  type Pace,
  ratePerGroup,
  type ScheduledGroup,
  type ScheduledOptimizer,
} from './schedule.ts'

export interface OneCycleOptions {
  /** The peak; one number, or one a group. */
  readonly maxLearningRate: number | readonly number[]
  /** How many steps the cycle has: updates, not epochs. Or give epochs and stepsPerEpoch. */
  readonly totalSteps?: number
  readonly epochs?: number
  readonly stepsPerEpoch?: number
  /** The part of the cycle that goes up. Default: 0.3. */
  readonly pctStart?: number
  /** Default: 'cos'. */
  readonly annealStrategy?: 'cos' | 'linear'
  /** Whether the momentum (of Adam's family, β₁) goes the other way. Default: true. */
  readonly cycleMomentum?: boolean
  /** The momentum at the peak. Default: 0.85. */
  readonly baseMomentum?: number
  /** The momentum at both ends. Default: 0.95. */
  readonly maxMomentum?: number
  /** The first learning rate is maxLearningRate/divFactor. Default: 25. */
  readonly divFactor?: number
  /** The last learning rate is the first one divided by this. Default: 10⁴. */
  readonly finalDivFactor?: number
  /** Down to the first learning rate as fast as up, then to the last one. Default: at once to the last one. */
  readonly threePhase?: boolean
}

const oneCycleOptions: Names<OneCycleOptions> = {
  maxLearningRate: true,
  totalSteps: true,
  epochs: true,
  stepsPerEpoch: true,
  pctStart: true,
  annealStrategy: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
  divFactor: true,
  finalDivFactor: true,
  threePhase: true,
}

type Cycle = Required<Omit<OneCycleOptions, 'maxLearningRate' | 'epochs' | 'stepsPerEpoch'>>

const defaults: Omit<Cycle, 'totalSteps'> = {
  pctStart: 0.3,
  annealStrategy: 'cos',
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
}

/** A leg of the cycle: where it ends, and the height of rate and momentum there. */
interface Leg {
  readonly end: number
  readonly rate: 'first' | 'peak' | 'last'
  readonly momentum: 'base' | 'max'
}

/**
 * Changes the learning rate after every update. Sets the first learning rate at once.
 * @example new OneCycleLR(optimizer, { maxLearningRate: 0.1, epochs: 20, stepsPerEpoch: 100 })
 */
export class OneCycleLR extends CountingSchedule {
  override readonly pace: Pace = 'step'
  private readonly options: Cycle
  private readonly peaks: readonly number[]
  private readonly legs: readonly Leg[]

  /** @throws DomainError for options unknown or out of range, or an optimizer without momentum when that is to cycle. */
  constructor(optimizer: ScheduledOptimizer, options: OneCycleOptions) {
    super(optimizer)
    checkOptions('OneCycleLR', options, oneCycleOptions)
    const { maxLearningRate, epochs, stepsPerEpoch, ...given } = options
    const totalSteps = given.totalSteps ?? (epochs ?? 0) * (stepsPerEpoch ?? 0)
    this.options = {
      ...complete<Omit<Cycle, 'totalSteps'>>(defaults, given),
      totalSteps: checkCount('OneCycleLR', 'totalSteps', totalSteps),
    }
    const { pctStart, annealStrategy, threePhase } = this.options
    for (const option of ['pctStart', 'baseMomentum', 'maxMomentum'] as const) checkPart(option, this.options[option])
    for (const option of ['divFactor', 'finalDivFactor'] as const) checkDivisor(option, this.options[option])
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
      throw new DomainError(`OneCycleLR: there is no annealStrategy ${show(annealStrategy)}. Use 'cos' or 'linear'.`)
    }
    this.peaks = ratePerGroup('OneCycleLR', 'maxLearningRate', maxLearningRate, this.groups.length)
    const up: Leg = { end: pctStart * totalSteps - 1, rate: 'peak', momentum: 'base' }
    const down: Leg = { end: 2 * pctStart * totalSteps - 2, rate: 'first', momentum: 'max' }
    const out: Leg = { end: totalSteps - 1, rate: 'last', momentum: 'max' }
    this.legs = threePhase ? [up, down, out] : [up, out]
    this.apply()
  }

  override step(_metric?: number): void {
    const { totalSteps } = this.options
    if (this.count >= totalSteps) {
      throw new DomainError(
        `OneCycleLR: step ${this.count + 1} of ${totalSteps}. The cycle is over: give it more totalSteps, one an update.`,
      )
    }
    super.step()
  }

  protected override apply(): void {
    super.apply()
    if (!this.options.cycleMomentum) return
    const { baseMomentum: base, maxMomentum: max } = this.options
    for (const group of this.groups) setMomentum(group, this.along({ base, max }, 'momentum', 'max'))
  }

  protected override rate({ index }: { readonly index: number }): number {
    const peak = this.peaks[index] as number
    const first = peak / this.options.divFactor
    return this.along({ first, peak, last: first / this.options.finalDivFactor }, 'rate', 'first')
  }

  /** The height at this.count: on a leg from the height at the end of the one before (at first, `from`) to its own. */
  private along(heights: Readonly<Record<string, number>>, which: 'rate' | 'momentum', from: string): number {
    const { count, legs } = this
    const at = legs.findIndex(({ end }) => count <= end)
    const leg = (legs[at] ?? legs.at(-1)) as Leg
    const before = legs[legs.indexOf(leg) - 1]
    const start = before?.end ?? 0
    const [low, high] = [heights[before?.[which] ?? from] as number, heights[leg[which]] as number]
    // A leg of no length is at its end.
    const part = leg.end > start ? Math.min((count - start) / (leg.end - start), 1) : 1
    if (this.options.annealStrategy === 'linear') return low + (high - low) * part
    return high + ((low - high) / 2) * (1 + Math.cos(Math.PI * part))
  }
}

function checkPart(option: string, x: number): void {
  if (typeof x === 'number' && x >= 0 && x <= 1) return
  throw new DomainError(`OneCycleLR: ${option} is ${show(x)}. Give a number from 0 to 1.`)
}

function checkDivisor(option: string, x: number): void {
  if (typeof x === 'number' && x > 0) return
  throw new DomainError(`OneCycleLR: ${option} is ${show(x)}. Give a number above 0.`)
}

function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]]
  else if (group.momentum !== undefined) group.momentum = momentum
  else {
    throw new DomainError(
      'OneCycleLR: the optimizer has neither momentum nor betas. Say { cycleMomentum: false }, or use SGD or Adam.',
    )
  }
}
