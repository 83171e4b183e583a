/** One pass through the examples. */
import { constant, type FloatArray } from '@adjoint/autograd'
import { inParts } from '../data/batches.ts'
import { type Examples, rowCount } from '../data/dataset.ts'
import { readLoss } from './check.ts'
import { describeFailure, type Failure } from './failure.ts'
import { notify } from './notify.ts'
import { stepSchedules } from './pacing.ts'
import type { Run } from './run.ts'

/** The batches of one update, and the number, from 1, of the first. */
interface Update {
  readonly parts: readonly Examples[]
  readonly rows: number
  readonly first: number
}

function* updates({ train, batchSize, accumulate }: Run, order: FloatArray | undefined): Generator<Update> {
  let parts: Examples[] = []
  let batch = 0
  const update = (): Update => ({
    parts,
    rows: parts.reduce((sum, part) => sum + rowCount(part), 0),
    first: batch - parts.length + 1,
  })
  for (const part of inParts(train, batchSize, order)) {
    parts.push(part)
    batch++
    if (parts.length < accumulate) continue
    yield update()
    parts = []
  }
  if (parts.length > 0) yield update()
}

/** Returns the mean loss of the examples; undefined when the signal ended the epoch before its end. */
export async function trainEpoch(run: Run, epoch: number, order: FloatArray | undefined): Promise<number | undefined> {
  const { model, train, callbacks, history, schedules, signal } = run
  model.train()
  let total = 0
  for (const update of updates(run, order)) {
    if (signal?.aborted) return undefined
    const losses = await updateOnce(run, epoch, update)
    history.updates++
    const mean = weighted(update, losses)
    total += mean * update.rows
    stepSchedules(schedules, 'step', mean)
    for (const [i, loss] of losses.entries()) {
      if (callbacks.length > 0) await notify(callbacks, 'onBatch', { epoch, batch: update.first + i, loss })
    }
    await run.pause()
  }
  return total / rowCount(train)
}

/** Adds up the gradients of the batches and takes the optimizer's step. Returns the loss of each batch before it. */
async function updateOnce(run: Run, epoch: number, update: Update): Promise<number[]> {
  const { optimizer, clip } = run
  const { parts, first } = update
  optimizer.zeroGrad()
  const losses: number[] = []
  for (const [i, part] of parts.entries()) {
    // Others have their turn between the batches of an update as well.
    if (i > 0) await run.pause()
    losses.push(
      evaluate(run, update, part, (loss) => {
        const again = (): void => void evaluate(run, update, part)
        throw describeFailure([{ what: `the loss became ${loss}`, epoch, batch: first + i, again }])
      }),
    )
  }
  clip()
  checkGradients(run, epoch, update)
  let known = true
  optimizer.step(() => {
    if (known) {
      known = false
      return constant(weighted(update, losses))
    }
    // An optimizer that asks again, as LBFGS does, has moved the parameters.
    optimizer.zeroGrad()
    const trial = parts.map((part) => evaluate(run, update, part))
    clip()
    return constant(weighted(update, trial))
  })
  return losses
}

/** The loss of a batch; adds its gradient, each example of the update counting the same. */
function evaluate(
  { model, loss }: Run,
  { rows, parts }: Update,
  { x, y }: Examples,
  refuse: (loss: number) => void = () => {},
): number {
  const value = loss(model.forward(x), y)
  const found = readLoss(value)
  if (!Number.isFinite(found)) refuse(found)
  const share = parts.length === 1 ? {} : { seed: rowCount({ x, y }) / rows }
  value.backward({ keep: 'leaves', ...share })
  return found
}

function weighted({ parts, rows }: Update, losses: readonly number[]): number {
  if (losses.length === 1) return losses[0] as number
  return parts.reduce((sum, part, i) => sum + (losses[i] as number) * rowCount(part), 0) / rows
}

/** A gradient that is not finite would spoil the parameters, and show as a loss only one update later. */
function checkGradients(run: Run, epoch: number, update: Update): void {
  const bad = run.parameters.find((parameter) => parameter.hasGrad && !allFinite(parameter.grad.data))
  if (bad === undefined) return
  const [name] = run.model.namedParameters().find(([, parameter]) => parameter === bad) ?? ['a parameter']
  const number = bad.grad.data.find((g) => !Number.isFinite(g))
  const failures = update.parts.map((part, i): Failure => {
    const again = (): void => void evaluate(run, update, part)
    return { what: `the gradient of ${name} became ${number}`, epoch, batch: update.first + i, again }
  })
  throw describeFailure(failures as [Failure, ...Failure[]])
}

function allFinite(numbers: FloatArray): boolean {
  // 0·g is NaN for NaN and the infinities, else 0.
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += 0 * (numbers[i] as number)
  return sum === 0
}
