/** The train steps A1 and A64: a float32 MLP 2-16-16-1 with tanh, mean squared error, gradient descent. */
import { constant, linear, type Value, value } from '@adjoint/autograd'
import { MLP, mseLoss, SGD } from '@adjoint/nn'
import { stream } from './problems/stream.ts'

const SIZES = [2, 16, 16, 1]
const RATE = 0.05

export interface Training {
  /** One step; returns the loss before it. */
  readonly step: () => number
}

interface Task {
  readonly batch: number
  readonly x: Float32Array
  readonly y: Float32Array
  /** Weights [out, in] and bias of each layer, in turn. */
  readonly parameters: readonly Float32Array[]
}

export function taskOf(batch: number): Task {
  const next = stream(batch)
  const draw = (n: number, range: number): Float32Array => Float32Array.from({ length: n }, () => next(-range, range))
  const parameters = SIZES.slice(1).flatMap((out, i) => {
    const inputs = SIZES[i] as number
    return [draw(out * inputs, 1 / Math.sqrt(inputs)), draw(out, 1 / Math.sqrt(inputs))]
  })
  return { batch, x: draw(batch * 2, 1), y: draw(batch, 1), parameters }
}

/** With the engine alone. */
export function withEngine({ batch, x, y, parameters }: Task): Training {
  const inputs = constant(x, { shape: [batch, 2] })
  const targets = constant(y, { shape: [batch, 1] })
  const leaves = parameters.map((p, i) => {
    const out = SIZES[(i >> 1) + 1] as number
    return value(p, { shape: i % 2 === 0 ? [out, SIZES[i >> 1] as number] : [out] })
  })
  const layer = (h: Value, i: number): Value => linear(h, leaves[2 * i] as Value, leaves[2 * i + 1] as Value)
  return {
    step: () => {
      const loss = layer(layer(layer(inputs, 0).tanh(), 1).tanh(), 2)
        .sub(targets)
        .square()
        .mean()
      loss.backward({ keep: 'leaves' })
      for (const leaf of leaves) {
        const g = leaf.grad.data
        leaf.update((p) => {
          for (let i = 0; i < p.length; i++) p[i] = (p[i] as number) - RATE * (g[i] as number)
        })
        leaf.zeroGrad()
      }
      return loss.item()
    },
  }
}

/** With @adjoint/nn, as a user writes it. */
export function withModules({ batch, x, y, parameters }: Task): Training {
  const inputs = constant(x, { shape: [batch, 2] })
  const targets = constant(y, { shape: [batch, 1] })
  const model = new MLP(SIZES, { activation: 'tanh', dtype: 'float32' })
  model.parameters().forEach((leaf, i) => {
    leaf.assign(constant(parameters[i] as Float32Array, { shape: leaf.shape }))
  })
  const optimizer = new SGD(model.parameters(), { learningRate: RATE })
  return {
    step: () => {
      const loss = mseLoss(model.forward(inputs), targets)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    },
  }
}

/** Written out by hand in float64, an example at a time: what the others are checked against. */
export function byHand({ batch, x, y, parameters }: Task): Training {
  const p = parameters.map((list) => Float64Array.from(list))
  return {
    step: () => {
      const gradients = p.map((list) => new Float64Array(list.length))
      let loss = 0
      for (let e = 0; e < batch; e++) {
        const h: number[][] = [[x[2 * e] as number, x[2 * e + 1] as number]]
        for (let l = 0; l < 3; l++) {
          const [w, b] = [p[2 * l] as Float64Array, p[2 * l + 1] as Float64Array]
          const inputs = h[l] as number[]
          const sums = Array.from(b, (bias, o) =>
            inputs.reduce((s, t, i) => s + t * (w[o * inputs.length + i] as number), bias),
          )
          h.push(l < 2 ? sums.map(Math.tanh) : sums)
        }
        const error = (h[3]?.[0] as number) - (y[e] as number)
        loss += (error * error) / batch
        let delta = [(2 * error) / batch]
        for (let l = 2; l >= 0; l--) {
          const inputs = h[l] as number[]
          const w = p[2 * l] as Float64Array
          const back = inputs.map(() => 0)
          delta.forEach((d, o) => {
            ;(gradients[2 * l + 1] as Float64Array)[o] = ((gradients[2 * l + 1] as Float64Array)[o] as number) + d
            inputs.forEach((t, i) => {
              const at = o * inputs.length + i
              ;(gradients[2 * l] as Float64Array)[at] = ((gradients[2 * l] as Float64Array)[at] as number) + d * t
              back[i] = (back[i] as number) + d * (w[at] as number)
            })
          })
          delta = back.map((d, i) => d * (1 - (inputs[i] as number) ** 2))
        }
      }
      p.forEach((list, k) => {
        for (let i = 0; i < list.length; i++)
          list[i] = (list[i] as number) - RATE * ((gradients[k] as Float64Array)[i] as number)
      })
      return loss
    },
  }
}

/** The losses of the first steps. */
export function losses(training: Training, steps: number): number[] {
  return Array.from({ length: steps }, training.step)
}
