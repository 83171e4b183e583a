/** When to stop before the epochs are over. */
import { DomainError } from '@adjoint/autograd'
import type { Module, StateDict } from '../module.ts'
import type { EpochReport, History, StopReason } from './history.ts'
import { type Convergence, type EarlyStopping, Plateau } from './plateau.ts'

/** Looks at every epoch; names the reason to stop when there is one. */
export interface Judge {
  see(report: EpochReport): StopReason | undefined
  /** Called when training is over. */
  end(): void
}

export interface Stopping {
  readonly convergence?: Convergence
  readonly earlyStopping?: EarlyStopping
  readonly validation?: unknown
}

/** @throws DomainError for a patience or a tolerance out of range, or a validation loss without validation. */
export function judges(model: Module, { convergence, earlyStopping, validation }: Stopping, history: History): Judge[] {
  const list: Judge[] = []
  if (convergence !== undefined) list.push(convergenceJudge(convergence))
  if (earlyStopping !== undefined) list.push(earlyJudge(model, earlyStopping, validation !== undefined, history))
  return list
}

function convergenceJudge({ tolerance, patience = 1 }: Convergence): Judge {
  const plateau = new Plateau('fit (convergence)', patience, 'the tolerance', tolerance)
  return {
    see: ({ loss }) => {
      plateau.see(loss)
      return plateau.reached ? 'convergence' : undefined
    },
    end: () => {},
  }
}

function earlyJudge(model: Module, options: EarlyStopping, validated: boolean, history: History): Judge {
  const { monitor = validated ? 'validationLoss' : 'loss', patience = 10, minDelta = 0, restoreBest = true } = options
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
  }
}
