/** The train step written out as plain loops over numbers: what the engine is checked against. */
import { LEARNING_RATE, SIZES, type Step, type Task } from './task.ts'

interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weight: Float32Array
  readonly bias: Float32Array
}

/** tanh(W·x + b); without tanh in the last layer. */
function forward({ inputs, outputs, weight, bias }: Layer, x: readonly number[], last: boolean): number[] {
  return Array.from({ length: outputs }, (_, o) => {
    let sum = bias[o] as number
    for (let i = 0; i < inputs; i++) sum += (weight[o * inputs + i] as number) * (x[i] as number)
    return last ? sum : Math.tanh(sum)
  })
}

/** Adds the gradients of one example: δ at the output, then δ·W times the slope 1 − tanh² at each layer below. */
function backward(layers: readonly Layer[], activations: readonly number[][], error: number, sums: Layer[]): void {
  let delta = [error]
  for (let at = layers.length - 1; at >= 0; at--) {
    const { inputs, weight } = layers[at] as Layer
    const sum = sums[at] as Layer
    const x = activations[at] as number[]
    const below = x.map(() => 0)
    delta.forEach((d, o) => {
      sum.bias[o] = (sum.bias[o] as number) + d
      for (let i = 0; i < inputs; i++) {
        sum.weight[o * inputs + i] = (sum.weight[o * inputs + i] as number) + d * (x[i] as number)
        below[i] = (below[i] as number) + d * (weight[o * inputs + i] as number)
      }
    })
    delta = below.map((d, i) => d * (1 - (x[i] as number) ** 2))
  }
}

function descend(data: Float32Array, gradient: Float32Array): void {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) - LEARNING_RATE * (gradient[i] as number)
}

export function loops({ batch, x, y, parameters }: Task): Step {
  const layers: Layer[] = SIZES.slice(1).map((outputs, at) => ({
    inputs: SIZES[at] as number,
    outputs,
    weight: (parameters[2 * at] as Float32Array).slice(),
    bias: (parameters[2 * at + 1] as Float32Array).slice(),
  }))
  return () => {
    const sums = layers.map(({ weight, bias, ...sizes }) => ({
      ...sizes,
      weight: new Float32Array(weight.length),
      bias: new Float32Array(bias.length),
    }))
    let loss = 0
    for (let example = 0; example < batch; example++) {
      const activations = [Array.from(x.subarray(2 * example, 2 * example + 2))]
      layers.forEach((layer, at) => {
        activations.push(forward(layer, activations[at] as number[], at + 1 === layers.length))
      })
      const error = (activations[layers.length]?.[0] as number) - (y[example] as number)
      loss += error ** 2 / batch
      backward(layers, activations, (2 * error) / batch, sums)
    }
    layers.forEach(({ weight, bias }, at) => {
      descend(weight, (sums[at] as Layer).weight)
      descend(bias, (sums[at] as Layer).bias)
    })
    return loss
  }
}
