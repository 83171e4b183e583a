/** The train step of one example with brain.js, the fastest of the libraries without arrays at small networks. */
import { constant, linear, type Value, value } from '@adjoint/autograd'
import { expectEqual } from '../timing.ts'
import { losses, type Training } from '../train.ts'
import type { Work } from '../work.ts'
import { install } from './install.ts'

interface Network {
  sizes: number[]
  initialize(): void
  trainPattern(example: { readonly input: Float32Array; readonly output: Float32Array }, logError: true): number
  readonly weights: readonly (Float32Array[] | undefined)[]
  readonly biases: readonly (Float32Array | undefined)[]
}

interface Brain {
  readonly NeuralNetwork: new (options: {
    readonly activation: 'tanh'
    readonly learningRate: number
    readonly momentum: number
  }) => Network
}

const STEPS = 5
/** It refuses 0. */
const NO_MOMENTUM = 1e-300

/** What it computes: the last layer has the activation too, and the step goes down half the squared error. */
function inEngine({ x, y, parameters, learningRate }: Work): Training {
  const leaves = parameters.map(({ data, shape }) => value(Float64Array.from(data), { shape }))
  const target = constant(Float64Array.from(y))
  return {
    step: () => {
      let h: Value = constant(Float64Array.from(x))
      for (let i = 0; i < leaves.length; i += 2) h = linear(h, leaves[i] as Value, leaves[i + 1] as Value).tanh()
      const loss = h.sub(target).square().mean()
      loss.div(2).backward()
      for (const leaf of leaves) {
        leaf.assign(leaf.sub(leaf.grad.mul(learningRate)).detach())
        leaf.zeroGrad()
      }
      return loss.item()
    },
  }
}

/** @throws Error when the work is not one example a step with tanh and squared errors, or npm cannot install it. */
export function brainTraining(work: Work): Training {
  const { batch, layers, activation, loss, learningRate, x, y, parameters } = work
  if (batch !== 1 || activation !== 'tanh' || loss !== 'mse') throw new Error('only one example a step, tanh')
  const { NeuralNetwork } = install('brain', { 'brain.js': '1.6.1' })('brain.js') as Brain
  const network = new NeuralNetwork({ activation, learningRate, momentum: NO_MOMENTUM })
  network.sizes = [...layers.map(({ inputs }) => inputs), y.length]
  network.initialize()
  layers.forEach(({ inputs }, i) => {
    const [weight, bias] = parameters.slice(2 * i, 2 * i + 2).map(({ data }) => data)
    network.weights[i + 1]?.forEach((row, k) => {
      row.set(weight?.subarray(k * inputs, (k + 1) * inputs) ?? [])
    })
    network.biases[i + 1]?.set(bias ?? [])
  })
  const example = { input: x, output: y }
  const training = { step: () => network.trainPattern(example, true) }
  expectEqual('losses of brain.js', losses(training, STEPS), losses(inEngine(work), STEPS), 1e-4)
  return training
}
