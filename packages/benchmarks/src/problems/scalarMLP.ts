/** A network 2-16-16-1 with relu, one number at a time: the mean squared error over samples, by its 337 parameters. */
import type { Evaluation, ReferenceProblem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

const SIZES = [2, 16, 16, 1]

interface Sample {
  readonly x: readonly number[]
  readonly target: number
}

/** Parameters lie neuron by neuron, layer by layer: the weights of its inputs, then its bias. */
function forward<T>({ add, mul, relu }: Scalars<T>, parameters: readonly T[], x: readonly number[]): T {
  let at = 0
  let inputs: readonly (T | number)[] = x
  for (let layer = 1; layer < SIZES.length; layer++) {
    const outputs: T[] = []
    for (let unit = 0; unit < (SIZES[layer] as number); unit++) {
      let sum = parameters[at + inputs.length] as T
      for (let i = 0; i < inputs.length; i++) sum = add(sum, mul(parameters[at + i] as T, inputs[i] as T | number))
      outputs.push(layer + 1 < SIZES.length ? relu(sum) : sum)
      at += inputs.length + 1
    }
    inputs = outputs
  }
  return inputs[0] as T
}

/** Backpropagation written out over plain arrays. */
function backpropagate(p: Float64Array, { x, target }: Sample, scale: number, gradient: Float64Array): number {
  const starts = [0]
  const layers: number[][] = [[...x]]
  for (let layer = 1; layer < SIZES.length; layer++) {
    const inputs = layers[layer - 1] as number[]
    let at = starts[layer - 1] as number
    const outputs = Array.from({ length: SIZES[layer] as number }, () => {
      const sum = inputs.reduce((s, input, i) => s + (p[at + i] as number) * input, p[at + inputs.length] as number)
      at += inputs.length + 1
      return layer + 1 < SIZES.length ? Math.max(sum, 0) : sum
    })
    layers.push(outputs)
    starts.push(at)
  }
  const error = (layers[SIZES.length - 1]?.[0] as number) - target
  let delta = [2 * error * scale]
  for (let layer = SIZES.length - 1; layer > 0; layer--) {
    const inputs = layers[layer - 1] as number[]
    const back = inputs.map(() => 0)
    delta.forEach((d, unit) => {
      const at = (starts[layer - 1] as number) + unit * (inputs.length + 1)
      inputs.forEach((input, i) => {
        gradient[at + i] = (gradient[at + i] as number) + d * input
        back[i] = (back[i] as number) + d * (p[at + i] as number)
      })
      gradient[at + inputs.length] = (gradient[at + inputs.length] as number) + d
    })
    delta = back.map((d, i) => ((inputs[i] as number) > 0 ? d : 0))
  }
  return error * error * scale
}

export function scalarMLP(count: number): ReferenceProblem {
  const next = stream(3)
  const samples: Sample[] = Array.from({ length: count }, () => {
    const x = [next(-1, 1), next(-1, 1)] as const
    return { x, target: x[0] * x[1] > 0 ? 1 : -1 }
  })
  const size = SIZES.slice(1).reduce((sum, units, layer) => sum + units * ((SIZES[layer] as number) + 1), 0)
  return {
    name: `MLP 2-16-16-1 relu as scalars, ${count} samples`,
    c: { file: 'mlp', sizes: [count], data: samples.flatMap(({ x, target }) => [...x, target]) },
    inputs: Float64Array.from({ length: size }, () => next(-0.5, 0.5)),
    program<T>(s: Scalars<T>, parameters: readonly T[]): T {
      let sum: T | number = 0
      for (const { x, target } of samples) sum = s.add(sum, s.square(s.sub(forward(s, parameters, x), target)))
      return s.div(sum, count)
    },
    reference(p): Evaluation {
      const gradient = new Float64Array(p.length)
      const value = samples.reduce((sum, sample) => sum + backpropagate(p, sample, 1 / count, gradient), 0)
      return { value, gradient }
    },
  }
}
