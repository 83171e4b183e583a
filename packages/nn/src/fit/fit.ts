/** The training loop. */
import { DomainError, type Random, random as seeded, type Value } from '@adjoint/autograd'
import { readBatchSize } from '../data/batches.ts'
import { type Dataset, readExamples, rowCount } from '../data/dataset.ts'
import { DEFAULT_SEED } from '../init.ts'
import type { Module } from '../module.ts'
import { clipGradNorm, clipGradValue } from '../optimizers/clip.ts'
import type { Names } from '../options.ts'
import { checkFit, checkLoss } from './check.ts'
import { type CheckpointOptions, resumeRun, saveCheckpoint } from './checkpoint.ts'
import { compiledUpdates } from './compiled.ts'
import { trainEpoch } from './epoch.ts'
import { measure, predictAll } from './evaluate.ts'
import { type Callback, type EpochReport, emptyHistory, type History, type Metric, record } from './history.ts'
import { notify } from './notify.ts'
import { readSchedules, type ScheduleOption, stepSchedules } from './pacing.ts'
import { pauser } from './pause.ts'
import type { Convergence, EarlyStopping } from './plateau.ts'
import { type FitOptimizer, nextOrder, type Run, type Updates } from './run.ts'
import { judges } from './stopping.ts'
import { eagerUpdates } from './update.ts'

export interface FitOptions {
  /**
   * From a prediction and its target to one number, the mean over the batch: mseLoss, crossEntropyLoss … A loss that
   * sums ({ reduction: 'sum' }) trains too; its steps and the figures in the history then grow with the batch size.
   */
  readonly loss: (prediction: Value, target: Value) => Value
  /** Holds the model's parameters: new Adam(model.parameters()). */
  readonly optimizer: FitOptimizer
  /** How many times to go through the data, at most. */
  readonly epochs: number
  /** Examples a batch: 'full' is gradient descent, 1 stochastic gradient descent, others mini-batches. Default: 32. */
  readonly batchSize?: number | 'full'
  /** How many batches make one update, whose gradient is the mean over all their examples. Default: 1. */
  readonly accumulate?: number
  /** Scale the gradient of an update to a norm of at most this. */
  readonly clipGradNorm?: number
  /** Cut every element of the gradient of an update to ± this. */
  readonly clipGradValue?: number
  /** Changes the learning rate after each update or each epoch; a plateau watches the validation loss, or the loss. */
  readonly schedule?: ScheduleOption
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
  /** Save the run as it goes, and go on from there. */
  readonly checkpoint?: CheckpointOptions
  /** Ends the training before the next update when it is aborted: history.stopped is 'aborted'. */
  readonly signal?: AbortSignal
  /**
   * Make each update (forward, loss, backward, clipping, the optimizer's step) one program, for each shape of batch; an
   * optimizer that looks at numbers, as LBFGS does, takes its steps outside. The same up to rounding, and faster. Model
   * and loss are called once a shape: what they choose by anything but Values stays so for the run, and parameters
   * hold no gradients between updates. Default: false.
   */
  readonly compile?: boolean
}

const fitOptions: Names<FitOptions> = {
  loss: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  accumulate: true,
  clipGradNorm: true,
  clipGradValue: true,
  schedule: true,
  shuffle: true,
  random: true,
  validation: true,
  metrics: true,
  earlyStopping: true,
  convergence: true,
  callbacks: true,
  checkpoint: true,
  signal: true,
  compile: true,
}

/**
 * Trains a model: forward, loss, backward, step, batch after batch. Gives other work of the thread its turn in between.
 * Afterwards, also after an error, the model is in evaluation mode, with early stopping at its best weights so far.
 * The loss of an epoch is the losses of its batches, weighted by their rows and divided by all rows.
 * @param data Inputs and targets, one row an example; plain arrays take the dtype of the model.
 * @throws DomainError when the loss or a gradient is not finite any more (it names epoch, batch and operation), or for
 * options missing, unknown or out of range; ShapeError for data that do not fit; with `compile` TraceError where model
 * or loss read numbers.
 * @example
 * const history = await fit(model, { x, y }, {
 *   loss: mseLoss, optimizer: new Adam(model.parameters()), epochs: 100, batchSize: 16, random: random(1),
 * })
 */
export async function fit(model: Module, data: Dataset, options: FitOptions): Promise<History> {
  checkFit(model, data, options, fitOptions)
  const { checkpoint, callbacks = [] } = options
  const epochs = readCount('epochs', options.epochs)
  const every = readCount('checkpoint.every', checkpoint?.every ?? 1)
  const run = prepare(model, data, options)
  const { history, batchSize } = run
  const examples = rowCount(run.train)

  let updates: Updates = eagerUpdates(run)

  const settle = (): void => {
    updates.close()
    for (const judge of run.judges) judge.end()
    model.eval()
  }

  try {
    if (options.compile === true) updates = await compiledUpdates(run)
    let epoch = checkpoint?.resume ? await resumeRun(run, checkpoint) : 0
    let saved = epoch
    const save = async (): Promise<void> => {
      if (checkpoint === undefined || saved === epoch) return
      await saveCheckpoint(run, epoch, checkpoint)
      saved = epoch
    }
    await notify(callbacks, 'onStart', { epochs, batches: Math.ceil(examples / batchSize), examples })
    while (epoch < epochs && history.stopped === 'epochs') {
      if (run.signal?.aborted) {
        // Between two epochs the run can be kept as it stands, before the next order is drawn.
        await save()
        history.stopped = 'aborted'
        break
      }
      epoch++
      const order = nextOrder(run)
      const loss = await trainEpoch(run, updates, epoch, order)
      if (loss === undefined) {
        history.stopped = 'aborted'
        break
      }
      const report = await reportEpoch(run, epoch, loss, options.metrics ?? {})
      record(history, report)
      stepSchedules(run.schedules, 'epoch', report.validationLoss ?? report.loss)
      const answers = await notify(callbacks, 'onEpoch', report)
      const reason = answers.includes(false) ? 'callback' : undefined
      history.stopped = reason ?? firstReason(run, report) ?? 'epochs'
      const over = epoch === epochs || history.stopped !== 'epochs'
      if (over || epoch % every === 0) await save()
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

/** Reads and checks the options. */
function prepare(model: Module, data: Dataset, options: FitOptions): Run {
  const { loss, optimizer, callbacks = [], metrics = {}, shuffle = true, signal } = options
  const parameters = model.parameters()
  const dtype = parameters[0]?.dtype
  const train = readExamples('fit', data.x, data.y, dtype)
  const validation =
    options.validation && readExamples('fit (validation)', options.validation.x, options.validation.y, dtype)
  const history = emptyHistory(Object.keys(metrics), validation !== undefined)
  return {
    model,
    parameters,
    loss,
    optimizer,
    train,
    validation,
    batchSize: readBatchSize('fit', options.batchSize ?? 32, rowCount(train)),
    accumulate: readCount('accumulate', options.accumulate ?? 1),
    shuffle,
    random: options.random ?? seeded(DEFAULT_SEED),
    clip: () => {
      if (options.clipGradNorm !== undefined) clipGradNorm(parameters, options.clipGradNorm)
      if (options.clipGradValue !== undefined) clipGradValue(parameters, options.clipGradValue)
    },
    schedules: readSchedules(options.schedule),
    judges: judges(model, options, history),
    callbacks,
    history,
    signal,
    pause: pauser(),
  }
}

function readCount(option: string, count: number): number {
  if (Number.isInteger(count) && count >= 1) return count
  throw new DomainError(`fit: ${option} is ${count}. Give a whole number, 1 or more.`)
}

async function reportEpoch(
  { model, loss, pause, train, validation }: Run,
  epoch: number,
  trainingLoss: number,
  metrics: Readonly<Record<string, Metric>>,
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
    validationLoss: checkLoss(loss(prediction, validation.y)).item(),
    metrics: fitted,
    validationMetrics: measure(metrics, prediction, validation.y),
  }
}

function firstReason({ judges }: Run, report: EpochReport): History['stopped'] | undefined {
  // Every judge sees every epoch.
  return judges.map((judge) => judge.see(report)).find((reason) => reason !== undefined)
}
