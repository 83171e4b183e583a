/**
 * 8. Two moons: the demo of micrograd.
 *
 * Two half circles of points, one inside the bend of the other: no straight line parts them, a network with two hidden
 * layers does. Its one output is a score, and the sign of the score is the answer. The loss is that of a support vector
 * machine, max-margin: every point should have a score of 1 or more on its own side, and the weights should be small.
 * Data, network, loss and steps are micrograd's; only the random first weights are others.
 */
import { random, type Value } from '@adjoint/autograd'
import { accuracy, hingeLoss, init, MLP, SGD } from '@adjoint/nn'
import { readMoons } from './lib/data.ts'
import { type Print, runIfMain, save } from './lib/example.ts'
import { decisionRegions, type Point } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

const { x, y } = readMoons()
const steps = 100

/** One score a point. */
const scoresOf = (model: MLP): Value => model.forward(x).flatten()

/** The sum of the squares of all weights: as long as it is small, the score changes gently from place to place. */
function squares(model: MLP): Value {
  const terms = model.parameters().map((parameter) => parameter.square().sum())
  return terms.reduce((sum, term) => sum.add(term))
}

/** Gradient descent on all points at once. Returns what was measured before each step. */
function train(model: MLP) {
  const optimizer = new SGD(model.parameters(), { learningRate: 1 })
  return Array.from({ length: steps }, (_, step) => {
    const scores = scoresOf(model)
    // The mean of max(0, 1 − y·score): a point beyond the margin, on its own side, costs nothing.
    const margin = hingeLoss(scores, y)
    const loss = margin.add(squares(model).mul(1e-4))
    // Large steps at first, ten times smaller ones at the end.
    for (const group of optimizer.groups) group.learningRate = 1 - (0.9 * step) / steps
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return { loss: loss.item(), margin: margin.item(), accuracy: accuracy(scores, y, { threshold: 0 }) }
  })
}

/** Where the score is above 0 and where below, and the points. */
function picture(model: MLP): string {
  const points = x.toArray() as [number, number][]
  const moon = (label: number) => points.filter((_, i) => y.data[i] === label)
  const scores = (at: Point[]) => model.forward(at).toArray() as number[][]
  return decisionRegions(
    { scores, x: [-1.75, 2.75], y: [-1.25, 1.75] },
    [
      { name: 'the moon of −1', points: moon(-1) },
      { name: 'the moon of 1', points: moon(1) },
    ],
    { title: 'Two moons, and where the network draws the border', x: 'first coordinate', y: 'second coordinate' },
  )
}

export function run(print: Print, { seed = 1 } = {}) {
  const model = new MLP([2, 16, 16, 1], { activation: 'relu', init: init.uniform(-1, 1), random: random(seed) })
  const count = model.parameters().reduce((sum, { size }) => sum + size, 0)
  print(`${y.size} points, a network of ${count} weights, ${steps} steps of gradient descent on all points`)
  const history = train(model)
  const right = accuracy(scoresOf(model), y, { threshold: 0 })
  const rows = history.flatMap(({ loss, margin, accuracy }, step) => {
    const shown = step < 2 || step % 10 === 0 || step === steps - 1
    return shown ? [[step, loss.toFixed(4), margin.toFixed(4), `${Math.round(100 * accuracy)} %`]] : []
  })
  for (const line of tableOf([['step', 'loss', 'of it margin', 'accuracy'], ...rows])) print(`  ${line}`)
  const first = history.findIndex(({ accuracy }) => accuracy === 1)
  print(`  ${Math.round(100 * right)} % of the points are on their own side, for the first time after ${first} steps.`)
  print('  What remains of the loss is the price of the weights.')
  print('The picture: the border')
  print(`  ${save('08-moons.svg', picture(model))}`)
  return { history, accuracy: right, first }
}

await runIfMain(import.meta, run)
