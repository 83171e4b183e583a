/**
 * 6. Iris: three species, two losses.
 *
 * A network with one output a species, trained on two thirds of the flowers and tested on the others. The first loss
 * that comes to mind is the mean squared error against one-hot targets; cross-entropy is the better one, and why is
 * one number.
 */
import { random, type Value, value } from '@adjoint/autograd'
import type { Examples, History } from '@adjoint/nn'
import { accuracy, crossEntropyLoss, fit, MLP, mseLoss, oneHot, SGD, standardize, trainTestSplit } from '@adjoint/nn'
import { readIris } from './lib/data.ts'
import { type Print, runIfMain, save } from './lib/example.ts'
import { chart, type Point, type Series } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

interface Choice {
  readonly name: string
  readonly color: string
  /** From scores and one-hot targets. */
  readonly loss: (scores: Value, target: Value) => Value
}

const choices: Choice[] = [
  // Each score becomes a number from 0 to 1, and should be the 0 or 1 of the target.
  { name: 'squared error', color: '#e0762b', loss: (scores, target) => mseLoss(scores.sigmoid(), target) },
  // The scores become probabilities by softmax; the loss is −log of the probability of what was true.
  { name: 'cross-entropy', color: '#3b6fd4', loss: (scores, target) => crossEntropyLoss(scores, target) },
]

/** The same split, first weights and learning rate for either loss. */
async function train({ loss }: Choice) {
  const iris = readIris()
  const { train, test } = trainTestSplit(iris.x, iris.y, { testSize: 50, stratify: true, random: random(1) })
  // Measured on the training part alone: what the test part is like must not be known.
  const scale = standardize(train.x)
  const ready = ({ x, y }: Examples) => ({ x: scale.apply(x), y: oneHot(y, 3) })
  const model = new MLP([4, 16, 3], { activation: 'tanh', init: 'xavier', random: random(1) })
  return fit(model, ready(train), {
    loss,
    optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
    epochs: 3000,
    batchSize: 20,
    random: random(1),
    validation: ready(test),
    metrics: { accuracy },
    // Twenty epochs in a row without a lower test loss end it, and the best epoch's weights come back. Strictly this is
    // one look too many at the test part: `npm start` sets a third part aside to decide when to stop.
    earlyStopping: { patience: 20 },
  })
}

/** How hard a loss pulls at the score of the first species when a flower of it surely counts as the third. */
function pull({ loss }: Choice): number {
  const scores = value([[-6, 0, 6]])
  loss(scores, oneHot([0], 3)).backward()
  return scores.grad.at(0, 0).item()
}

function lines({ name, color }: Choice, { loss, validationLoss }: History): Series[] {
  const points = (losses: number[]) => losses.map((y, i): Point => [i + 1, y])
  return [
    { name: `${name}, training`, color, points: points(loss) },
    { name: `${name}, test`, color, points: points(validationLoss), mark: 'dashed' },
  ]
}

export async function run(print: Print) {
  print('150 flowers, four measurements, three species: 100 to learn from, 50 held out')
  const runs = []
  for (const choice of choices) {
    const history = await train(choice)
    const { loss, validationLoss, validationMetrics, bestEpoch = 0 } = history
    const columns = [loss, validationLoss, validationMetrics.accuracy ?? []]
    const row = (epoch: number) => [epoch, ...columns.map((column) => column[epoch - 1]?.toFixed(3) ?? '')]
    const epochs = [1, 5, 20, 50, 200, bestEpoch].filter((epoch) => epoch <= bestEpoch)
    print(`${choice.name}:`)
    const head = ['epoch', 'training loss', 'test loss', 'test accuracy']
    for (const line of tableOf([head, ...epochs.map(row)])) print(`  ${line}`)
    print(`  The test loss falls no more after ${bestEpoch} epochs.`)
    runs.push({ choice, history, bestEpoch, accuracy: columns[2]?.[bestEpoch - 1] ?? 0 })
  }

  print('As good in the end, but much sooner. Why: let a flower of the first species have the scores (−6, 0, 6)')
  const pulls = choices.map(pull)
  choices.forEach(({ name }, i) => {
    print(`  slope of the ${name} by the first score: ${pulls[i]?.toFixed(4)}`)
  })
  print('  The sigmoid is flat there, so the squared error hardly learns from being surely wrong.')

  const series = runs.flatMap(({ choice, history }) => lines(choice, history))
  const last = Math.max(...runs.map(({ history }) => history.loss.length))
  const x = { label: 'epoch', log: true, domain: [1, last] } as const
  const y = { label: 'loss', log: true, domain: [0.009, 1.2] } as const
  print('The picture: both losses over the epochs')
  print(`  ${save('06-iris.svg', chart(series, { title: 'Iris: two losses, training and test part', x, y }))}`)
  return { runs, pulls }
}

await runIfMain(import.meta, run)
