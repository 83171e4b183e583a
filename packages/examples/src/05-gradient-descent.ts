/**
 * 5. Batch, stochastic and mini-batch gradient descent.
 *
 * All three walk down the same cost with the same learning rate. They differ in how many rows they look at before each
 * step: all of them, one, or a few. More rows give a better direction, fewer rows more steps for the same work.
 */
import { random } from '@adjoint/autograd'
import { fit, Linear, mseLoss, SGD } from '@adjoint/nn'
import { type Print, runIfMain, save } from './lib/example.ts'
import { chart, type Point } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

// 120 rows of two inputs; the target is 1.5·x1 − 2·x2 + 0.5, and noise of deviation 0.3.
const stream = random(11)
const x = stream.normal([120, 2])
const noise = stream.normal([120, 1], 0, 0.3)
const y = x
  .matmul([[1.5], [-2]])
  .add(0.5)
  .add(noise)

const methods = [
  { name: 'batch', batchSize: 'full' },
  { name: 'stochastic', batchSize: 1 },
  { name: 'mini-batch', batchSize: 12 },
] as const

async function train({ name, batchSize }: (typeof methods)[number]) {
  const model = new Linear(2, 1, { init: 'zeros' })
  const cost = () => mseLoss(model.forward(x), y).item()
  const costs = [cost()]
  const options = {
    loss: mseLoss,
    optimizer: new SGD(model.parameters(), { learningRate: 0.02 }),
    epochs: 400,
    batchSize,
    random: random(3),
    // Converged: for five epochs in a row the loss has not fallen by more than 0.0001.
    convergence: { tolerance: 1e-4, patience: 5 },
    // The cost of all rows after every step, also for the methods that see them piece by piece.
    callbacks: [{ onBatch: () => void costs.push(cost()) }],
  }
  const { updates, stopped, loss } = await fit(model, { x, y }, options)
  return { name, model, costs, epochs: loss.length, updates, perEpoch: updates / loss.length, stopped }
}

export async function run(print: Print) {
  const runs: Awaited<ReturnType<typeof train>>[] = []
  for (const method of methods) runs.push(await train(method))

  print('Learning ŷ = w1·x1 + w2·x2 + b from 120 rows that were made with 1.5, −2 and 0.5, and noise')
  const head = ['', 'rows a step', 'steps an epoch', 'epochs', 'steps', 'stopped by', 'cost', 'w1', 'w2', 'b']
  const rows = runs.map(({ name, model, costs, epochs, updates, perEpoch, stopped }) => {
    const figures = [costs.at(-1) ?? NaN, ...model.weight.data, ...(model.bias?.data ?? [])]
    return [name, 120 / perEpoch, perEpoch, epochs, updates, stopped, ...figures.map((figure) => figure.toFixed(3))]
  })
  for (const line of tableOf([head, ...rows])) print(`  ${line}`)
  print('  All rows at once: the surest steps, and an epoch for each of them.')
  print('  One row a step: there after one epoch, but never at rest, since every row pulls its own way.')
  print('  A few rows a step: nearly as quick, nearly as sure. That is how networks are trained.')

  const cost = { label: 'cost of all rows (MSE)', log: true, domain: [0.05, 10] } as const
  const perStep = runs.map(({ name, costs }) => ({ name, points: costs.map((c, i): Point => [i, c]) }))
  const perEpoch = runs.map((r) => ({ name: r.name, points: r.costs.map((c, i): Point => [i / r.perEpoch, c]) }))
  const epochs = { title: 'Epoch by epoch: the work', x: { label: 'epoch', domain: [0, 60] }, y: cost } as const
  const steps = { title: 'Step by step: no step is wasted', x: { label: 'step', domain: [0, 250] }, y: cost } as const
  print('The pictures')
  print(`  ${save('05-epochs.svg', chart(perEpoch, epochs))}`)
  print(`  ${save('05-steps.svg', chart(perStep, steps))}`)
  return runs.map(({ costs, model, ...figures }) => ({ ...figures, cost: costs.at(-1), bias: model.bias?.item() }))
}

await runIfMain(import.meta, run)
