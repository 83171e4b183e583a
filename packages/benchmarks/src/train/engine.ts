/** The train step with the engine alone. */
import { constant, linear, type Value, value } from '@adjoint/autograd'
import { LEARNING_RATE, SIZES, type Step, type Task } from './task.ts'

function descend(parameter: Value): void {
  const gradient = parameter.grad.data
  parameter.update((data) => {
    for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) - LEARNING_RATE * (gradient[i] as number)
  })
  parameter.zeroGrad()
}

export function engine({ batch, x, y, parameters }: Task): Step {
  const inputs = constant(x, { shape: [batch, 2] })
  const targets = constant(y, { shape: [batch, 1] })
  const layers = SIZES.slice(1).map((outputs, at) => ({
    weight: value(parameters[2 * at] as Float32Array, { shape: [outputs, SIZES[at] as number] }),
    bias: value(parameters[2 * at + 1] as Float32Array),
  }))
  return () => {
    let h = inputs
    layers.forEach(({ weight, bias }, at) => {
      const sum = linear(h, weight, bias)
      h = at + 1 < layers.length ? sum.tanh() : sum
    })
    const loss = h.sub(targets).square().mean()
    loss.backward({ keep: 'leaves' })
    for (const { weight, bias } of layers) {
      descend(weight)
      descend(bias)
    }
    return loss.item()
  }
}
