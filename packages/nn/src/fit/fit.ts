/** The training loop. */
import { DomainError, type Random, random as seeded, type Value } from '@adjoint/autograd'
import { batches, readBatchSize } from '../data/batches.ts'
import { type Dataset, type Examples, readExamples, rowCount } from '../data/dataset.ts'
import { DEFAULT_SEED } from '../init.ts'
import type { Module } from '../module.ts'
import type { Names } from '../options.ts'
import { checkFit, readLoss } from './check.ts'
import { measure, predictAll } from './evaluate.ts'
import { type Callback, type EpochReport, emptyHistory, type History, type Metric, record } from './history.ts'
import { notify } from './notify.ts'
import { pauser } from './pause.ts'
import type { Convergence, EarlyStopping } from './plateau.ts'
import { type Judge, judges } from './stopping.ts'

export interface FitOptions {
  /**
   * From a prediction and its target to one number, the mean over the batch: mseLoss, crossEntropyLoss … A loss that
   * sums ({ reduction: 'sum' }) trains too; its steps and the figures in the history then grow with the batch size.
   */
  readonly loss: (prediction: Value, target: Value) => Value
  /** Holds the model's parameters: new Adam(model.parameters()). */
  readonly optimizer: { step(closure: () => Value): unknown; zeroGrad(): void }
  /** How many times to go through the data, at most. */
  readonly epochs: number
  /** Examples an update: 'full' is gradient descent, 1 stochastic gradient descent, others mini-batches. Default: 32. */
  readonly batchSize?: number | 'full'
  /** Go through the examples in a new random order each epoch. Default: true. */
  readonly shuffle?: boolean
  /** Where the order comes from. Default: a stream seeded with 0. */
  readonly random?: Random
  /** Held-out examples to measure the model on after each epoch. */
  readonly validation?: Dataset
  /** Further figures to measure after each epoch, by name. */
  readonly metrics?: Readonly<Record<string, Metric>>
  readonly earlyStopping?: EarlyStopping
  readonly convergence?: Convergence
  readonly callbacks?: readonly Callback[]
}

const fitOptions: Names<FitOptions> = {
  loss: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  shuffle: true,
  random: true,
  validation: true,
  metrics: true,
  earlyStopping: true,
  convergence: true,
  callbacks: true,
}

/**
 * Trains a model: forward, loss, backward, step, batch after batch. Gives other work of the thread its turn in between.
 * Afterwards, also after an error, the model is in evaluation mode, with early stopping at its best weights so far.
 * The loss of an epoch is the losses of its batches, weighted by their rows and divided by all rows.
 * @param data Inputs and targets, one row an example; plain arrays take the dtype of the model.
 * @throws DomainError when the loss is not finite any more, or for options missing, unknown or out of range; ShapeError
 * for data that do not fit.
 * @example
 * const history = await fit(model, { x, y }, {
 *   loss: mseLoss, optimizer: new Adam(model.parameters()), epochs: 100, batchSize: 16, random: random(1),
 * })
 */
export async function fit(model: Module, data: Dataset, options: FitOptions): Promise<History> {
  checkFit(model, data, options, fitOptions)
  const { epochs, callbacks = [], metrics = {} } = options
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new DomainError(`fit: epochs is ${epochs}. Give a whole number, 1 or more.`)
  }
  const dtype = model.parameters()[0]?.dtype
  const train = readExamples('fit', data.x, data.y, dtype)
  const validation =
    options.validation && readExamples('fit (validation)', options.validation.x, options.validation.y, dtype)
  const examples = rowCount(train)
  const batchSize = readBatchSize('fit', options.batchSize ?? 32, examples)
  const history = emptyHistory(Object.keys(metrics), validation !== undefined)
  const stop = judges(model, options, history)
  const run: Run = {
    model,
    options,
    history,
    batchSize,
    random: options.random ?? seeded(DEFAULT_SEED),
    pause: pauser(),
  }

  const settle = (): void => {
    for (const judge of stop) judge.end()
    model.eval()
  }

  try {
    await notify(callbacks, 'onStart', { epochs, batches: Math.ceil(examples / batchSize), examples })
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const loss = await trainEpoch(run, train, epoch)
      const report = await reportEpoch(run, epoch, loss, train, validation)
      record(history, report)
      const answers = await notify(callbacks, 'onEpoch', report)
      const reason = answers.includes(false) ? 'callback' : firstReason(stop, report)
      if (reason !== undefined) {
        history.stopped = reason
        break
      }
    }
  } catch (error) {
    settle()
    await notify(callbacks, 'onError', error)
    throw error
  }
  settle()
  await notify(callbacks, 'onEnd', history)
  return history
}

interface Run {
  readonly model: Module
  readonly options: FitOptions
  readonly history: History
  readonly batchSize: number
  readonly random: Random
  readonly pause: () => Promise<void> | undefined
}

/** One pass through the examples. Returns their mean loss. */
async function trainEpoch(run: Run, train: Examples, epoch: number): Promise<number> {
  const { model, options, history, batchSize, random, pause } = run
  const { loss, optimizer, shuffle = true, callbacks = [] } = options
  model.train()
  let total = 0
  let batch = 0
  for (const part of batches(train.x, train.y, { batchSize, shuffle, random })) {
    batch++
    let found = 0
    optimizer.step(() => {
      optimizer.zeroGrad()
      const value = loss(model.forward(part.x), part.y)
      found = readLoss(value)
      checkLoss(found, epoch, batch)
      value.backward({ keep: 'leaves' })
      return value
    })
    total += found * rowCount(part)
    history.updates++
    if (callbacks.length > 0) await notify(callbacks, 'onBatch', { epoch, batch, loss: found })
    await pause()
  }
  return total / rowCount(train)
}

function checkLoss(loss: number, epoch: number, batch: number): void {
  if (Number.isFinite(loss)) return
  throw new DomainError(
    `fit: the loss became ${loss} in epoch ${epoch}, batch ${batch}. Lower the learning rate, scale the inputs, or look for NaN in the data; detectAnomaly(…) names the operation that made it.`,
  )
}

async function reportEpoch(
  { model, options: { loss, metrics = {} }, pause }: Run,
  epoch: number,
  trainingLoss: number,
  train: Examples,
  validation: Examples | undefined,
): Promise<EpochReport> {
  const measured = Object.keys(metrics).length > 0
  const fitted = measured ? measure(metrics, await predictAll(model, train, pause), train.y) : {}
  if (validation === undefined) {
    return { epoch, loss: trainingLoss, validationLoss: undefined, metrics: fitted, validationMetrics: {} }
  }
  const prediction = await predictAll(model, validation, pause)
  return {
    epoch,
    loss: trainingLoss,
    validationLoss: readLoss(loss(prediction, validation.y)),
    metrics: fitted,
    validationMetrics: measure(metrics, prediction, validation.y),
  }
}

function firstReason(stop: readonly Judge[], report: EpochReport): History['stopped'] | undefined {
  // Every judge sees every epoch.
  return stop.map((judge) => judge.see(report)).find((reason) => reason !== undefined)
}
