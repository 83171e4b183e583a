/** Saving a training run after an epoch, and going on from there as if it had never stopped. */
import { DomainError, type Random, UnsupportedError } from '@adjoint/autograd'
import { rowCount } from '../data/dataset.ts'
import type { Names } from '../options.ts'
import type { ScheduleState } from '../schedules/schedule.ts'
import { type Checkpoint, FORMAT, readCheckpoint } from './checkpointText.ts'
import { toExactJson } from './exactJson.ts'
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
    ...stateOf(run, checkOptimizer(run)),
    history: { ...history, stopped },
  }
  await storage.save(toExactJson(checkpoint))
}

function stateOf(run: Run, optimizer: Required<Run['optimizer']>): Omit<State, 'history'> {
  return {
    streams: streamsOf(run).map((stream) => stream.state()),
    model: run.model.stateDict(),
    optimizer: optimizer.stateDict(),
    schedules: run.schedules.map(({ schedule }) => schedule.stateDict()),
    judges: run.judges.map((judge) => judge.state()),
  }
}

/**
 * Puts the state of a checkpoint into the run, or none of it. Returns the number of epochs that it has behind it, 0
 * without one.
 * @throws DomainError for what is not a checkpoint, or one of another run.
 */
export async function resumeRun(run: Run, { storage }: CheckpointOptions): Promise<number> {
  const optimizer = checkOptimizer(run)
  const text = await storage.load()
  if (text === undefined) return 0
  const checkpoint = readCheckpoint(text)
  checkSame(run, checkpoint)
  const before = { ...stateOf(run, optimizer), history: structuredClone(run.history) }
  try {
    restore(run, optimizer, checkpoint)
  } catch (error) {
    restore(run, optimizer, before)
    throw error
  }
  return checkpoint.epoch
}

/** @throws DomainError when the run has other data, schedules, judges or streams than the one that was saved. */
function checkSame(run: Run, checkpoint: Checkpoint): void {
  const made = `${checkpoint.examples} examples in batches of ${checkpoint.batchSize}`
  const now = `${rowCount(run.train)} examples in batches of ${run.batchSize}`
  if (made !== now) throw refused(`it was made with ${made}, now there are ${now}`)
  const { schedules, judges, streams, history } = checkpoint
  if (schedules.length !== run.schedules.length || judges.length !== run.judges.length) {
    throw refused('it was made with other schedules, early stopping or convergence')
  }
  const count = streamsOf(run).length
  if (count !== streams.length) {
    throw refused(`it has ${streams.length} streams of random numbers, the model and fit now ${count}`)
  }
  const names = (metrics: object): string => Object.keys(metrics).sort().join(', ')
  if (names(history.metrics) !== names(run.history.metrics)) {
    throw refused(
      `it has the metrics ${names(history.metrics) || '(none)'}, now they are ${names(run.history.metrics) || '(none)'}`,
    )
  }
}

type State = Pick<Checkpoint, 'model' | 'optimizer' | 'schedules' | 'judges' | 'streams' | 'history'>

function restore(run: Run, optimizer: Required<Run['optimizer']>, state: State): void {
  run.model.loadStateDict(state.model)
  optimizer.loadStateDict(state.optimizer)
  for (const [i, { schedule }] of run.schedules.entries()) schedule.loadStateDict(state.schedules[i] as ScheduleState)
  for (const [i, judge] of run.judges.entries()) judge.restore(state.judges[i] as JudgeState)
  for (const [i, stream] of streamsOf(run).entries()) stream.restore(state.streams[i] as readonly number[])
  Object.assign(run.history, state.history)
}

function refused(why: string): DomainError {
  return new DomainError(
    `fit (checkpoint): ${why}. Resume with data, options and \`random\` as in the first run, or train without { resume: true }.`,
  )
}
