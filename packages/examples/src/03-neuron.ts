/**
 * 3. One neuron.
 *
 * A neuron multiplies each input by a weight, adds the products and a bias, and sends the sum through an activation.
 * The activation decides what the neuron can say; its derivative decides whether it can learn.
 */
import { linspace, value } from '@adjoint/autograd'
import { checkGradients } from '@adjoint/autograd/testing'
import { Neuron, Perceptron } from '@adjoint/nn'
import { type Print, runIfMain, save } from './lib/example.ts'
import { panels } from './lib/frame.ts'
import { chart, type Point, type Series } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

/** The five kinds, for any number of inputs. `init` lets the bias begin at 0; the weights are set by hand below. */
const kinds: { name: string; formula: string; make: (inputs: number) => Neuron }[] = [
  { name: 'perceptron', formula: '1 if w·x + b > 0, else 0', make: (n) => new Perceptron(n) },
  { name: 'sum', formula: 'w·x', make: (n) => new Neuron(n, { bias: false }) },
  { name: 'linear', formula: 'w·x + b', make: (n) => new Neuron(n) },
  { name: 'sigmoid', formula: '1/(1 + exp(−(w·x + b)))', make: (n) => new Neuron(n, { activation: 'sigmoid' }) },
  { name: 'ReLU', formula: 'max(0, w·x + b)', make: (n) => new Neuron(n, { activation: 'relu' }) },
]

function withWeights(neuron: Neuron, weight: number[], bias: number): Neuron {
  neuron.weight.assign(weight)
  neuron.bias?.assign(bias)
  return neuron
}

/** The neurons of one input: what each answers to x, and how steep the answer is there. */
function pictures(): string[] {
  return kinds.map(({ name, make }) => {
    const x = value(linspace(-4, 4, 401).reshape([401, 1]))
    const y = withWeights(make(1), [1], 0.5).forward(x)
    // Each answer depends on its own x alone: the gradient of their sum holds every slope.
    y.sum().backward()
    const along = (values: ArrayLike<number>): Point[] => [...x.data].map((at, i) => [at, values[i] ?? NaN])
    const series: Series[] = [
      { name: 'output', points: along(y.data) },
      { name: 'derivative', points: along(x.grad.data), mark: 'dashed' },
    ]
    const axes = { x: { label: 'x', domain: [-4, 4] }, y: { label: '', domain: [-1.5, 2.5] } } as const
    return chart(series, { title: name, ...axes, width: 280, height: 240 })
  })
}

export function run(print: Print) {
  const x = [2, 1]
  print('Five neurons, each with the inputs x = (2, 1), the weights w = (0.5, −0.25) and the bias b = −0.25')
  const units = kinds.map(({ name, formula, make }) => {
    const neuron = withWeights(make(2), [0.5, -0.25], -0.25)
    const y = neuron.forward(x)
    y.backward()
    const check = checkGradients(() => neuron.forward(x), neuron.parameters())
    return {
      name,
      formula,
      output: y.item(),
      weight: [...neuron.weight.grad.data],
      bias: neuron.bias?.grad.item(),
      check,
    }
  })
  const rows = units.map(({ name, formula, output, weight, bias }) => {
    const numbers = [output, ...weight, bias].map((n) => n?.toFixed(4) ?? '')
    return [`${name.padEnd(10)}  ${formula}`, ...numbers]
  })
  for (const line of tableOf([['neuron', 'output', 'd/dw1', 'd/dw2', 'd/db'], ...rows])) print(`  ${line}`)
  const worst = Math.max(...units.map(({ check }) => check.maxError))
  print('  Reverse mode, forward mode and differences agree on every derivative:')
  print(`  ${units.every(({ check }) => check.ok)}, to ${worst < 1e-9 ? 'nine digits or more' : worst}`)

  print('A perceptron says yes or no. With weights 1, 1 and bias −1.5 it says AND, with bias −0.5 it says OR:')
  const cases = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]
  const [and, or] = [-1.5, -0.5].map((bias) => withWeights(new Perceptron(2), [1, 1], bias).forward(cases).toArray())
  print(`  (0,0) (0,1) (1,0) (1,1)   AND ${and}   OR ${or}`)
  print('  Its derivative is 0 everywhere: a small change changes nothing, and gradient descent cannot train it.')
  print('  The sigmoid is its smooth relative; ReLU learns where it is on, with slope 1.')

  print('The picture: each neuron and its derivative, for one input with weight 1 and bias 0.5')
  print(`  ${save('03-neurons.svg', panels(pictures(), 3))}`)
  return { units: units.map(({ name, output, weight, bias }) => ({ name, output, weight, bias })), worst, and, or }
}

await runIfMain(import.meta, run)
