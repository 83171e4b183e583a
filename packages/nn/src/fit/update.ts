/** One update of the parameters. */
import { constant, type FloatArray, type Value } from '@adjoint/autograd'
import { type Examples, rowCount } from '../data/dataset.ts'
import { checkLoss } from './check.ts'
import { describeFailure, type Failure } from './failure.ts'
import type { Run, Update, Updates } from './run.ts'

/** Updates as the caller's code says them, operation by operation. */
export function eagerUpdates(run: Run): Updates {
  const { optimizer } = run
  const take: Updates['take'] = async (update) => {
    const losses = await gradients(run, update)
    const again = (): number[] => {
      optimizer.zeroGrad()
      const trial = update.parts.map((part) => evaluate(run, update, part).item())
      run.clip()
      return trial
    }
    optimizer.step(closureOf(update, losses, again))
    return losses
  }
  return { take, close: () => {} }
}

/** What an optimizer's step gets: the loss that is known, and for one that asks again, as LBFGS does, that of a trial. */
export function closureOf(update: Update, losses: readonly number[], again: () => readonly number[]): () => Value {
  let known: readonly number[] | undefined = losses
  return () => {
    const found = known ?? again()
    known = undefined
    return constant(weighted(update, found))
  }
}

/**
 * Computes the loss of each batch, and leaves the gradient of all of them.
 * @throws DomainError, with epoch, batch and operation, when a loss or a gradient is not finite.
 */
export async function gradients(run: Run, update: Update): Promise<number[]> {
  const { epoch, parts, first } = update
  run.optimizer.zeroGrad()
  const losses: number[] = []
  for (const [i, part] of parts.entries()) {
    // Others have their turn between the batches of an update as well.
    if (i > 0) await run.pause()
    const refuse = (loss: number): void => {
      const again = (): void => void evaluate(run, update, part)
      throw describeFailure([{ what: `the loss became ${loss}`, epoch, batch: first + i, again }])
    }
    losses.push(evaluate(run, update, part, refuse).item())
  }
  run.clip()
  checkGradients(run, update)
  return losses
}

/** The loss of a batch; adds its gradient, each example of the update counting the same. */
export function evaluate(
  { model, loss }: Run,
  { rows, parts }: Pick<Update, 'rows' | 'parts'>,
  { x, y }: Examples,
  refuse?: (loss: number) => void,
): Value {
  const found = checkLoss(loss(model.forward(x), y))
  if (refuse !== undefined && !Number.isFinite(found.item())) refuse(found.item())
  const share = parts.length === 1 ? {} : { seed: rowCount({ x, y }) / rows }
  found.backward({ keep: 'leaves', ...share })
  return found
}

/** The mean loss of the examples of an update. */
export function weighted({ parts, rows }: Update, losses: readonly number[]): number {
  if (losses.length === 1) return losses[0] as number
  return parts.reduce((sum, part, i) => sum + (losses[i] as number) * rowCount(part), 0) / rows
}

/** A gradient that is not finite would spoil the parameters, and show as a loss only one update later. */
export function checkGradients(run: Run, update: Update): void {
  const bad = run.parameters.find((parameter) => parameter.hasGrad && !allFinite(parameter.grad.data))
  if (bad === undefined) return
  const [name] = run.model.namedParameters().find(([, parameter]) => parameter === bad) ?? ['a parameter']
  const number = bad.grad.data.find((g) => !Number.isFinite(g))
  const failures = update.parts.map((part, i): Failure => {
    const again = (): void => void evaluate(run, update, part)
    return { what: `the gradient of ${name} became ${number}`, epoch: update.epoch, batch: update.first + i, again }
  })
  throw describeFailure(failures as [Failure, ...Failure[]])
}

function allFinite(numbers: FloatArray): boolean {
  // 0·g is NaN for NaN and the infinities, else 0.
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += 0 * (numbers[i] as number)
  return sum === 0
}
