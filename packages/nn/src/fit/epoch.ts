/** One pass through the examples. */
import type { FloatArray } from '@adjoint/autograd'
import { inParts } from '../data/batches.ts'
import { type Examples, rowCount } from '../data/dataset.ts'
import { notify } from './notify.ts'
import { stepSchedules } from './pacing.ts'
import type { Run, Update, Updates } from './run.ts'
import { weighted } from './update.ts'

function* updatesOf(
  { train, batchSize, accumulate }: Run,
  epoch: number,
  order: FloatArray | undefined,
): Generator<Update> {
  let parts: Examples[] = []
  let batch = 0
  const update = (): Update => ({
    epoch,
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
export async function trainEpoch(
  run: Run,
  updates: Updates,
  epoch: number,
  order: FloatArray | undefined,
): Promise<number | undefined> {
  const { model, train, callbacks, history, schedules, signal } = run
  model.train()
  let total = 0
  for (const update of updatesOf(run, epoch, order)) {
    if (signal?.aborted) return undefined
    const losses = await updates.take(update)
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
