/** Noticing that a number no longer falls. */
import { DomainError } from '@adjoint/autograd'
import type { Names } from '../options.ts'
import type { EpochReport } from './history.ts'

/** Ends training when the loss no longer improves by more than a tolerance. */
export interface Convergence {
  readonly tolerance: number
  /** After how many epochs in a row without such an improvement. Default: 1. */
  readonly patience?: number
}

export const convergenceOptions: Names<Convergence> = { tolerance: true, patience: true }

/** Ends training when what is watched no longer improves, to keep the model from learning the noise. */
export interface EarlyStopping {
  /**
   * What to watch, smaller being better. Default: the validation loss, without validation the loss. For a score give
   * its negative: `(epoch) => -epoch.validationMetrics.accuracy`.
   */
  readonly monitor?: 'loss' | 'validationLoss' | ((report: EpochReport) => number)
  /** After how many epochs in a row without improvement. Default: 10. */
  readonly patience?: number
  /** What counts as an improvement: anything larger than this. Default: 0. */
  readonly minDelta?: number
  /** Give the model the weights of its best epoch in the end. Default: true. */
  readonly restoreBest?: boolean
}

export const earlyStoppingOptions: Names<EarlyStopping> = {
  patience: true,
  monitor: true,
  minDelta: true,
  restoreBest: true,
}

export interface PlateauState {
  readonly best: number
  readonly waited: number
}

/** Watches a number: has it improved on its best so far by more than `minDelta` in the last `patience` looks? */
export class Plateau {
  private best: number = Number.POSITIVE_INFINITY
  private waited = 0
  private readonly patience: number
  private readonly minDelta: number

  /** @throws DomainError for a patience that is not a whole number from 1, or a negative minDelta. */
  constructor(name: string, patience: number, minDeltaName: string, minDelta: number) {
    if (!Number.isInteger(patience) || patience < 1) {
      throw new DomainError(`${name}: the patience is ${patience}. Give a whole number of epochs, 1 or more.`)
    }
    if (!(minDelta >= 0)) throw new DomainError(`${name}: ${minDeltaName} is ${minDelta}. Give a number, 0 or more.`)
    this.patience = patience
    this.minDelta = minDelta
  }

  /** Takes the next number; tells whether it is a new best. */
  see(x: number): boolean {
    if (x < this.best - this.minDelta) {
      this.best = x
      this.waited = 0
      return true
    }
    this.waited++
    return false
  }

  state(): PlateauState {
    return { best: this.best, waited: this.waited }
  }

  restore({ best, waited }: PlateauState): void {
    this.best = best
    this.waited = waited
  }

  get reached(): boolean {
    return this.waited >= this.patience
  }
}
