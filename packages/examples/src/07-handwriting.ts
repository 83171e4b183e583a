/**
 * 7. Handwriting: a network learns to read digits.
 *
 * Each digit is 64 numbers, the ink of 8x8 pixels. One layer of 64 units between them and the ten scores is enough.
 * The network learns from small random batches, with Adam, which gives every weight a step size of its own.
 */
import { random, type Value } from '@adjoint/autograd'
import { Adam, accuracy, confusionMatrix, crossEntropyLoss, fit, MLP, trainTestSplit } from '@adjoint/nn'
import { readDigits } from './lib/data.ts'
import { type Print, runIfMain, save } from './lib/example.ts'
import { digitsSvg, digitText, type Tile } from './lib/handwriting.ts'
import { tableOf } from './lib/table.ts'

interface Mistake {
  readonly pixels: ArrayLike<number>
  readonly truth: number
  readonly answer: number
  /** What the network thinks of its answer, and of the truth. */
  readonly sure: number
  readonly truthful: number
}

/** The examples whose highest score is not that of the truth. */
function mistakesOf(scores: Value, x: Value, y: Value): Mistake[] {
  const answers = scores.argmax({ axis: 1 }).data
  const chances = scores.softmax()
  return [...y.data].flatMap((truth, i) => {
    const answer = answers[i] ?? truth
    const [sure, truthful] = [chances.at(i, answer).item(), chances.at(i, truth).item()]
    return answer === truth ? [] : [{ pixels: x.at(i).data, truth, answer, sure, truthful }]
  })
}

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`

function tile({ pixels, truth, answer, sure, truthful }: Mistake): Tile {
  return { pixels, caption: [`read: ${answer}, ${percent(sure)}`, `true: ${truth}, ${percent(truthful)}`] }
}

export async function run(print: Print, { epochs = 30 } = {}) {
  const digits = readDigits()
  const { train, test } = trainTestSplit(digits.x, digits.y, { testSize: 0.25, stratify: true, random: random(1) })
  print(
    `${train.y.size} digits to learn from, ${test.y.size} held out. The first of them is a ${train.y.at(0).item()}:`,
  )
  for (const line of digitText(train.x.at(0).data)) print(`  ${line}`.trimEnd())

  const model = new MLP([64, 64, 10], { activation: 'relu', init: 'he', dtype: 'float32', random: random(1) })
  const history = await fit(model, train, {
    loss: (scores, truth) => crossEntropyLoss(scores, truth),
    optimizer: new Adam(model.parameters(), { learningRate: 0.003 }),
    epochs,
    batchSize: 32,
    random: random(1),
    validation: test,
    metrics: { accuracy },
  })
  const { loss, validationLoss, validationMetrics, updates } = history
  print(`A network of ${64 * 64 + 64 + 64 * 10 + 10} weights, ${updates / epochs} updates an epoch`)
  const columns = [loss, validationLoss, validationMetrics.accuracy ?? []]
  const rows = [1, 2, 5, 10, 20, epochs].map((e) => [e, ...columns.map((column) => column[e - 1]?.toFixed(3) ?? '')])
  for (const line of tableOf([['epoch', 'training loss', 'test loss', 'test accuracy'], ...rows])) print(`  ${line}`)

  print('What it takes each test digit for: a row for what it is, a column for what is read')
  const scores = model.forward(test.x)
  const confusion = confusionMatrix(scores, test.y)
  const counts = confusion.map((row, digit) => [digit, ...row.map((count) => (count === 0 ? '·' : count))])
  for (const line of tableOf([['', ...digits.classes], ...counts])) print(`  ${line}`)

  const mistakes = mistakesOf(scores, test.x, test.y).sort((a, b) => b.sure - a.sure)
  print(`It misreads ${mistakes.length} of ${test.y.size}. The picture: its mistakes, the surest first`)
  const title = 'Misread digits, and the probabilities that the network gave'
  print(`  ${save('07-mistakes.svg', digitsSvg(mistakes.map(tile), { title }))}`)
  return { history, confusion, mistakes }
}

await runIfMain(import.meta, run)
