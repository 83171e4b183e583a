/** When to stop before the epochs are over. */
import { DomainError } from '@adjoint/autograd'
import type { Module, StateDict } from '../module.ts'
import { checkOptions, show } from '../options.ts'
import type { EpochReport, History, StopReason } from './history.ts'
import {
  type Convergence,
  convergenceOptions,
  type EarlyStopping,
  earlyStoppingOptions,
  Plateau,
  type PlateauState,
} from './plateau.ts'

/** Looks at every epoch; names the reason to stop when there is one. */
export interface Judge {
  see(report: EpochReport): StopReason | undefined
  /** Called when training is over. */
  end(): void
  /** What it has seen, for a checkpoint. */
  state(): JudgeState
  restore(state: JudgeState): void
}

export interface JudgeState {
  readonly plateau: PlateauState
  /** The weights of the best epoch, where they are kept. */
  readonly best?: StateDict | undefined
}

export interface Stopping {
  readonly convergence?: Convergence
  readonly earlyStopping?: EarlyStopping
  readonly validation?: unknown
}

/** @throws DomainError for an option that is unknown, a monitor that does not exist, a patience or a tolerance out of range, or a validation loss without validation. */
export function judges(model: Module, { convergence, earlyStopping, validation }: Stopping, history: History): Judge[] {
  const list: Judge[] = []
  if (convergence !== undefined) list.push(convergenceJudge(convergence))
  if (earlyStopping !== undefined) list.push(earlyJudge(model, earlyStopping, validation !== undefined, history))
  return list
}

function convergenceJudge(options: Convergence): Judge {
  checkOptions('fit (convergence)', options, convergenceOptions)
  const { tolerance, patience = 1 } = options
  const plateau = new Plateau('fit (convergence)', patience, 'the tolerance', tolerance)
  return {
    see: ({ loss }) => {
      plateau.see(loss)
      return plateau.reached ? 'convergence' : undefined
    },
    end: () => {},
    state: () => ({ plateau: plateau.state() }),
    restore: (state) => plateau.restore(state.plateau),
  }
}

function earlyJudge(model: Module, options: EarlyStopping, validated: boolean, history: History): Judge {
  checkOptions('fit (earlyStopping)', options, earlyStoppingOptions)
  const { monitor = validated ? 'validationLoss' : 'loss', patience = 10, minDelta = 0, restoreBest = true } = options
  if (monitor !== 'loss' && monitor !== 'validationLoss' && typeof monitor !== 'function') {
    throw new DomainError(
      `fit (earlyStopping): the monitor is ${show(monitor)}. Use 'loss', 'validationLoss', or a function of the epoch's report.`,
    )
  }
  if (monitor === 'validationLoss' && !validated) {
    throw new DomainError(
      `fit (earlyStopping): it watches the validation loss, and there is no validation. Give { validation: { x, y } }, or watch 'loss'.`,
    )
  }
  const plateau = new Plateau('fit (earlyStopping)', patience, 'minDelta', minDelta)
  let best: StateDict | undefined
  return {
    see: (report) => {
      const watched = typeof monitor === 'function' ? monitor(report) : report[monitor]
      if (plateau.see(watched ?? Number.NaN)) {
        history.bestEpoch = report.epoch
        if (restoreBest) best = model.stateDict()
      }
      return plateau.reached ? 'earlyStopping' : undefined
    },
    end: () => {
      if (best !== undefined) model.loadStateDict(best)
    },
    state: () => ({ plateau: plateau.state(), best }),
    restore: (state) => {
      plateau.restore(state.plateau)
      best = state.best
    },
  }
}
