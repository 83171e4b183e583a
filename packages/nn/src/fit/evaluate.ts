/** Loss and metrics of a data set, with the model as it is. */
import { concat, noGrad, type Value } from '@adjoint/autograd'
import { batches } from '../data/batches.ts'
import { type Examples, rowCount } from '../data/dataset.ts'
import type { Module } from '../module.ts'
import type { Metric } from './history.ts'

/** At most this many examples go through the model at once. */
const ROWS = 1024

/** The predictions for all inputs, made without a graph and in evaluation mode. */
export async function predictAll(
  model: Module,
  examples: Examples,
  pause: () => Promise<void> | undefined,
): Promise<Value> {
  model.eval()
  if (rowCount(examples) <= ROWS) return noGrad(() => model.forward(examples.x))
  const predictions: Value[] = []
  for (const { x } of batches(examples.x, examples.y, { batchSize: ROWS })) {
    predictions.push(noGrad(() => model.forward(x)))
    await pause()
  }
  return concat(predictions, 0)
}

export function measure(
  metrics: Readonly<Record<string, Metric>>,
  prediction: Value,
  target: Value,
): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, metric(prediction, target)]))
}
