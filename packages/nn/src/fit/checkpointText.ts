/** What a checkpoint holds, and reading it from a text that may be anything. */
import { DomainError, Value } from '@adjoint/autograd'
import { isRecord } from '../files/state.ts'
import type { StateDict } from '../module.ts'
import type { ScheduleState } from '../schedules/schedule.ts'
import { fromExactJson } from './exactJson.ts'
import type { History } from './history.ts'
import type { JudgeState } from './stopping.ts'

export const FORMAT = 'adjoint training 1'

export interface Checkpoint {
  readonly format: typeof FORMAT
  readonly epoch: number
  readonly examples: number
  readonly batchSize: number
  /** Where the streams of random numbers stood: the shuffle's, and those of the modules. */
  readonly streams: readonly (readonly number[])[]
  readonly model: StateDict
  readonly optimizer: unknown
  readonly schedules: readonly ScheduleState[]
  readonly judges: readonly JudgeState[]
  readonly history: History
}

/** @throws DomainError for what is no checkpoint, or one with a part missing or of another kind. */
export function readCheckpoint(text: string): Checkpoint {
  let found: unknown
  try {
    found = fromExactJson(text)
  } catch (error) {
    throw noCheckpoint(`no checkpoint: ${error instanceof Error ? error.message : error}`, error)
  }
  if (!isRecord(found) || found.format !== FORMAT) throw noCheckpoint(`no '${FORMAT}' checkpoint`)
  const wrong = Object.entries(parts).find(([name, fits]) => !fits(found[name]))
  if (wrong !== undefined) throw noCheckpoint(`a damaged checkpoint: its ${wrong[0]} cannot be read`)
  return found as unknown as Checkpoint
}

function noCheckpoint(what: string, cause?: unknown): DomainError {
  return new DomainError(
    `fit (checkpoint): what the storage holds is ${what}. Remove it, or train without { resume: true }.`,
    cause === undefined ? {} : { cause },
  )
}

const isCount = (x: unknown): boolean => Number.isSafeInteger(x) && (x as number) >= 0
const isNumbers = (x: unknown): boolean => Array.isArray(x) && x.every((n) => typeof n === 'number')
const isState = (x: unknown): boolean => isRecord(x) && Object.values(x).every((part) => part instanceof Value)

/** What each part must be for the parts of a run to check the rest. */
const parts: { readonly [Name in Exclude<keyof Checkpoint, 'format'>]: (x: unknown) => boolean } = {
  epoch: (x) => isCount(x) && x !== 0,
  examples: isCount,
  batchSize: isCount,
  streams: (x) => Array.isArray(x) && x.every(isNumbers),
  model: isState,
  optimizer: (x) => x !== undefined,
  schedules: (x) => Array.isArray(x) && x.every(isRecord),
  judges: (x) => Array.isArray(x) && x.every(isJudge),
  history: isHistory,
}

function isJudge(x: unknown): boolean {
  if (!isRecord(x) || !isRecord(x.plateau)) return false
  const { best, waited } = x.plateau
  return typeof best === 'number' && isCount(waited) && (x.best === undefined || isState(x.best))
}

function isHistory(x: unknown): boolean {
  if (!isRecord(x)) return false
  const figures = (named: unknown): boolean => isRecord(named) && Object.values(named).every(isNumbers)
  return (
    isNumbers(x.loss) &&
    isNumbers(x.validationLoss) &&
    figures(x.metrics) &&
    figures(x.validationMetrics) &&
    isCount(x.updates) &&
    typeof x.stopped === 'string' &&
    (x.bestEpoch === undefined || isCount(x.bestEpoch))
  )
}
