/** What one call of `fit` works with. */
import type { FloatArray, Random, Value } from '@adjoint/autograd'
import { drawOrder } from '../data/batches.ts'
import { type Examples, rowCount } from '../data/dataset.ts'
import type { Module } from '../module.ts'
import type { Callback, History } from './history.ts'
import type { PacedSchedule } from './pacing.ts'
import type { Judge } from './stopping.ts'

/** What training needs of an optimizer; checkpoints need its state as well. */
export interface FitOptimizer {
  step(closure: () => Value): unknown
  zeroGrad(): void
  stateDict?(): unknown
  loadStateDict?(state: unknown): unknown
}

/** The batches of one update, and the number, from 1, of the first. */
export interface Update {
  readonly epoch: number
  readonly parts: readonly Examples[]
  readonly rows: number
  readonly first: number
}

/** How a run takes its updates. */
export interface Updates {
  /** Adds up the gradients of the batches and takes the optimizer's step. Returns the loss of each batch before it. */
  take(update: Update): Promise<readonly number[]>
  /** Called when training is over. */
  close(): void
}

export interface Run {
  readonly model: Module
  readonly parameters: readonly Value[]
  readonly loss: (prediction: Value, target: Value) => Value
  readonly optimizer: FitOptimizer
  readonly train: Examples
  readonly validation: Examples | undefined
  readonly batchSize: number
  /** How many batches make an update. */
  readonly accumulate: number
  readonly shuffle: boolean
  readonly random: Random
  readonly clip: () => void
  readonly schedules: readonly PacedSchedule[]
  readonly judges: readonly Judge[]
  readonly callbacks: readonly Callback[]
  readonly history: History
  readonly signal: AbortSignal | undefined
  readonly pause: () => Promise<void> | undefined
}

/** The order of the examples in the next epoch; undefined where it is as they are. */
export function nextOrder({ shuffle, train, batchSize, random }: Run): FloatArray | undefined {
  return shuffle ? drawOrder(rowCount(train), batchSize, random) : undefined
}
