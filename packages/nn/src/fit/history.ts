/** What training reports: after each batch, after each epoch, and in the end. */
import type { Value } from '@adjoint/autograd'

/** A figure of merit, for people: `(prediction, target) => accuracy(prediction, target)`. */
export type Metric = (prediction: Value, target: Value) => number

/** Why training ended; 'aborted' is the signal's doing. */
export type StopReason = 'epochs' | 'convergence' | 'earlyStopping' | 'callback' | 'aborted'

/** One number an epoch of each quantity: `history.loss[0]` is the first epoch's. */
export interface History {
  /**
   * The mean loss of the training examples, each taken when its batch had its turn: the batches' losses weighted by their
   * rows. (Of a loss with reduction 'sum' it is not the mean an example, but grows with the batch size.)
   */
  readonly loss: number[]
  /** The loss of the validation part after each epoch; empty without one. */
  readonly validationLoss: number[]
  /** The metrics after each epoch, by name. */
  readonly metrics: Record<string, number[]>
  readonly validationMetrics: Record<string, number[]>
  /** How many times the parameters were updated. */
  updates: number
  stopped: StopReason
  /** With early stopping: the epoch (from 1) that was best, whose weights the model has unless restoreBest is off. */
  bestEpoch: number | undefined
}

export interface TrainingStart {
  /** How many epochs there may be. */
  readonly epochs: number
  /** Batches in each epoch. */
  readonly batches: number
  readonly examples: number
}

export interface BatchReport {
  /** From 1. */
  readonly epoch: number
  /** From 1. */
  readonly batch: number
  /** The mean loss of the batch, before its update. */
  readonly loss: number
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number
  readonly loss: number
  readonly validationLoss: number | undefined
  readonly metrics: Readonly<Record<string, number>>
  readonly validationMetrics: Readonly<Record<string, number>>
}

/** What may be called during training; a promise is waited for. */
export interface TrainingCallbacks {
  onStart?(start: TrainingStart): void | Promise<void>
  onBatch?(report: BatchReport): void | Promise<void>
  /** Answering false (or a promise of it) ends the training; any other answer does not matter. */
  onEpoch?(report: EpochReport): unknown
  onEnd?(history: History): void | Promise<void>
  /** Called instead of onEnd when training throws; the error goes on to the caller of `fit`. */
  onError?(error: unknown): void | Promise<void>
}

/** The callbacks, or only what to do after each epoch. */
export type Callback = TrainingCallbacks | NonNullable<TrainingCallbacks['onEpoch']>

export function emptyHistory(metrics: readonly string[], validated: boolean): History {
  const lists = (names: readonly string[]): Record<string, number[]> =>
    Object.fromEntries(names.map((name) => [name, []]))
  return {
    loss: [],
    validationLoss: [],
    metrics: lists(metrics),
    validationMetrics: lists(validated ? metrics : []),
    updates: 0,
    stopped: 'epochs',
    bestEpoch: undefined,
  }
}

export function record(history: History, report: EpochReport): void {
  history.loss.push(report.loss)
  if (report.validationLoss !== undefined) history.validationLoss.push(report.validationLoss)
  for (const [name, x] of Object.entries(report.metrics)) history.metrics[name]?.push(x)
  for (const [name, x] of Object.entries(report.validationMetrics)) history.validationMetrics[name]?.push(x)
}
