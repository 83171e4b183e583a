/**
 * 4. Backpropagation by hand.
 *
 * A network guesses a salary (package) from IQ and grades (CGPA): two hidden neurons, one output, all of them linear.
 *     h1 = w11·IQ + w12·CGPA + b1    h2 = w21·IQ + w22·CGPA + b2    ŷ = v1·h1 + v2·h2 + c    L = (y − ŷ)²
 * Its nine gradients, written out by the chain rule, are what backward() finds.
 */
import { constant, mean, random, stack, sub, type Value, value } from '@adjoint/autograd'
import { standardize } from '@adjoint/nn'
import { type Print, runIfMain, save } from './lib/example.ts'
import { graphSvg } from './lib/graph.ts'
import { chart, type Point } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

const [iqs, cgpas, packages] = [constant([80, 60, 110]), constant([8, 5, 7]), constant([5, 3, 8])]
const people = stack([iqs, cgpas], 1)

const names = ['w11', 'w12', 'b1', 'w21', 'w22', 'b2', 'v1', 'v2', 'c'] as const
type Network = Record<(typeof names)[number], Value>

/** All weights begin at 1, all biases at 0. */
const start = (): Network =>
  Object.fromEntries(names.map((name) => [name, value(/[wv]/.test(name) ? 1 : 0, { label: name })])) as Network

function forward({ w11, w12, b1, w21, w22, b2, v1, v2, c }: Network, inputs: Value, row: number) {
  const [iq, cgpa, y] = [inputs.at(row, 0).item(), inputs.at(row, 1).item(), packages.at(row).item()]
  const h1 = w11.mul(iq).add(w12.mul(cgpa)).add(b1).withLabel('h1')
  const h2 = w21.mul(iq).add(w22.mul(cgpa)).add(b2).withLabel('h2')
  const guess = v1.mul(h1).add(v2.mul(h2)).add(c).withLabel('ŷ')
  return { iq, cgpa, y, h1, h2, guess, loss: sub(y, guess).square().withLabel('L') }
}

/** One step against the gradient, for each of the nine. */
function update(network: Network, rate: number): void {
  for (const p of Object.values(network)) {
    p.assign(p.item() - rate * p.grad.item())
    p.zeroGrad()
  }
}

/** In an epoch there are as many updates as rows, each by a row picked at random. Gives the mean loss after each. */
function train(inputs: Value, rate: number, tell: Print = () => {}): Point[] {
  const network = start()
  const picks = random(5)
  const meanLoss = () => mean([0, 1, 2].map((row) => forward(network, inputs, row).loss.item())).item()
  const losses: Point[] = [[0, meanLoss()]]
  for (let epoch = 1; epoch <= 100; epoch++) {
    for (const row of picks.integers([3], 0, 3).data) {
      const { guess, y, loss } = forward(network, inputs, row)
      loss.backward()
      update(network, rate)
      if (epoch === 1) tell(`  row ${row + 1}: ŷ = ${guess.item().toFixed(2)} for ${y}, L = ${loss.item().toFixed(2)}`)
    }
    losses.push([epoch, meanLoss()])
  }
  return losses
}

export async function run(print: Print) {
  const network = start()
  const { iq, cgpa, y, h1, h2, guess, loss } = forward(network, people, 0)
  print(`Forward, for IQ ${iq}, CGPA ${cgpa} and a package of ${y}`)
  print(`  h1 = ${h1.item()}, h2 = ${h2.item()}, ŷ = ${guess.item()}, L = (${y} − ${guess.item()})² = ${loss.item()}`)

  print('Backward: dL/dŷ = −2(y − ŷ), times what each path adds. The update: p − 0.001 · dL/dp')
  loss.backward()
  const graph = await graphSvg(loss)
  const [d, v1, v2] = [-2 * (y - guess.item()), network.v1.item(), network.v2.item()]
  const hand = [d * v1 * iq, d * v1 * cgpa, d * v1, d * v2 * iq, d * v2 * cgpa, d * v2, d * h1.item(), d * h2.item(), d]
  const rules = ['v1 · IQ', 'v1 · CGPA', 'v1', 'v2 · IQ', 'v2 · CGPA', 'v2', 'h1', 'h2', '1'].map((r) => `dL/dŷ · ${r}`)
  const found = names.map((name) => network[name].grad.item())
  update(network, 0.001)
  const updated = names.map((name) => network[name].item().toFixed(3))
  const rows = names.map((name, i) => [`dL/d${name} = ${rules[i]}`, `${hand[i]}`, `${found[i]}`, `${updated[i]}`])
  for (const line of tableOf([['', 'by hand', 'backward()', 'updated'], ...rows])) print(`  ${line}`)
  const leap = forward(network, people, 0).guess.item()
  print(`  The same row now gives ŷ = ${leap.toFixed(0)}: inputs this large turn even a small step into a leap.`)

  print('So the inputs are scaled to mean 0 and deviation 1. One epoch, with rate 0.01:')
  const scaled = train(standardize(people).apply(people), 0.01, print)
  print('The mean loss after each epoch')
  const runs = [
    { name: 'unscaled, 0.001', points: train(people, 0.001) },
    { name: 'unscaled, 0.00001', points: train(people, 0.00001) },
    { name: 'scaled, 0.01', points: scaled },
  ]
  const after = (epoch: number) => [epoch, ...runs.map(({ points }) => points[epoch]?.[1].toExponential(1) ?? '')]
  const head = ['epoch', ...runs.map(({ name }) => name)]
  for (const line of tableOf([head, ...[0, 1, 2, 5, 10, 50, 100].map(after)])) print(`  ${line}`)
  print('  Unscaled, the weights of the IQ are 80 times as steep as the biases: no rate suits both.')

  const axis = { label: 'mean loss', log: true, domain: [1e-9, 1e6] } as const
  print('The pictures')
  print(`  ${save('04-graph.svg', graph)}`)
  print(`  ${save('04-loss.svg', chart(runs, { title: 'Scaling the inputs', x: 'epoch', y: axis }))}`)
  return { found, hand, updated, leap, last: runs.map(({ points }) => points.at(-1)?.[1]) }
}

await runIfMain(import.meta, run)
