/** Saving a training run after an epoch, and going on from there as if it had never stopped. */
import { DomainError, type Random, UnsupportedError } from '@adjoint/autograd'
import { rowCount } from '../data/dataset.ts'
import type { StateDict } from '../module.ts'
import type { Names } from '../options.ts'
import type { ScheduleState } from '../schedules/schedule.ts'
import { fromExactJson, toExactJson } from './exactJson.ts'
import type { History } from './history.ts'
import type { Run } from './run.ts'
import type { JudgeState } from './stopping.ts'

/** Where a checkpoint is kept: fileStorage(path) of @adjoint/nn/node, or anything that keeps a text. */
export interface CheckpointStorage {
  /** Replaces what was saved before, all of it or nothing: a crash on the way must leave the old text. */
  save(text: string): void | Promise<void>
  /** The text saved last; undefined when there is none. */
  load(): string | undefined | Promise<string | undefined>
}

export interface CheckpointOptions {
  readonly storage: CheckpointStorage
  /** After every so many epochs, and after the last one. Default: 1. */
  readonly every?: number
  /**
   * Go on from what the storage holds, if it holds something. Model, optimizer, schedules and data are to be made as
   * they were for the first run; then the result is the same to the last bit. Default: false, start anew.
   */
  readonly resume?: boolean
}

export const checkpointOptions: Names<CheckpointOptions> = { storage: true, every: true, resume: true }

const FORMAT = 'adjoint training 1'

interface Checkpoint {
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

function streamsOf({ random, model }: Run): Random[] {
  return [...new Set([random, ...model.streams()])]
}

/** @throws UnsupportedError for an optimizer without stateDict and loadStateDict. */
function checkOptimizer({ optimizer }: Run): Required<Run['optimizer']> {
  if (optimizer.stateDict === undefined || optimizer.loadStateDict === undefined) {
    throw new UnsupportedError(
      'fit (checkpoint): the optimizer has no stateDict and loadStateDict. Write them, or train without checkpoints.',
    )
  }
  return optimizer as Required<Run['optimizer']>
}

export async function saveCheckpoint(run: Run, epoch: number, { storage }: CheckpointOptions): Promise<void> {
  const { history } = run
  // A run that somebody stopped may go on; one that stopped by itself is over.
  const stopped = history.stopped === 'callback' ? 'epochs' : history.stopped
  const checkpoint: Checkpoint = {
    format: FORMAT,
    epoch,
    examples: rowCount(run.train),
    batchSize: run.batchSize,
    streams: streamsOf(run).map((stream) => stream.state()),
    model: run.model.stateDict(),
    optimizer: checkOptimizer(run).stateDict(),
    schedules: run.schedules.map(({ schedule }) => schedule.stateDict()),
    judges: run.judges.map((judge) => judge.state()),
    history: { ...history, stopped },
  }
  await storage.save(toExactJson(checkpoint))
}

/**
 * Puts the state of a checkpoint into the run. Returns the number of epochs that it has behind it, 0 without one.
 * @throws DomainError for what is not a checkpoint, or one of another run.
 */
export async function resumeRun(run: Run, { storage }: CheckpointOptions): Promise<number> {
  const optimizer = checkOptimizer(run)
  const text = await storage.load()
  if (text === undefined) return 0
  const checkpoint = read(text)
  const { epoch, history, model, schedules, judges } = checkpoint
  const made = `${checkpoint.examples} examples in batches of ${checkpoint.batchSize}`
  const now = `${rowCount(run.train)} examples in batches of ${run.batchSize}`
  if (made !== now) throw refused(`it was made with ${made}, now there are ${now}`)
  if (schedules.length !== run.schedules.length || judges.length !== run.judges.length) {
    throw refused('it was made with other schedules, early stopping or convergence')
  }
  const streams = streamsOf(run)
  if (streams.length !== checkpoint.streams.length) {
    throw refused(
      `it has ${checkpoint.streams.length} streams of random numbers, the model and fit now ${streams.length}`,
    )
  }
  run.model.loadStateDict(model)
  optimizer.loadStateDict(checkpoint.optimizer)
  for (const [i, { schedule }] of run.schedules.entries()) schedule.loadStateDict(schedules[i] as ScheduleState)
  for (const [i, judge] of run.judges.entries()) judge.restore(judges[i] as JudgeState)
  for (const [i, stream] of streams.entries()) stream.restore(checkpoint.streams[i] as readonly number[])
  Object.assign(run.history, history)
  return epoch
}

function read(text: string): Checkpoint {
  let found: unknown
  try {
    found = fromExactJson(text)
  } catch (error) {
    throw new DomainError(
      `fit (checkpoint): what the storage holds is no checkpoint: ${error instanceof Error ? error.message : error}. Remove it, or train without { resume: true }.`,
      { cause: error },
    )
  }
  if (typeof found === 'object' && found !== null && 'format' in found && found.format === FORMAT) {
    return found as Checkpoint
  }
  throw new DomainError(
    `fit (checkpoint): what the storage holds is no '${FORMAT}' checkpoint. Remove it, or train without { resume: true }.`,
  )
}

function refused(why: string): DomainError {
  return new DomainError(
    `fit (checkpoint): ${why}. Resume with data, options and \`random\` as in the first run, or train without { resume: true }.`,
  )
}
