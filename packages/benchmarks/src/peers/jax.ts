/** The train steps with @jax-js/jax: the whole step under jit, on its WebAssembly backend. */
import type { Training } from '../train.ts'
import { oneHotRows, outputsOf, type Work } from '../work.ts'
import { install } from './install.ts'
import { transposed } from './layout.ts'

/** What is used of an array. It is freed when a function takes it; `.ref` keeps it for one more use. */
interface JaxArray {
  readonly ref: JaxArray
  add(other: JaxArray): JaxArray
  sub(other: JaxArray): JaxArray
  mul(other: JaxArray | number): JaxArray
  reshape(shape: readonly number[]): JaxArray
  sum(): JaxArray
  mean(): JaxArray
  js(): unknown
}

type LossOf = (parameters: JaxArray[], x: JaxArray, y: JaxArray) => JaxArray
type Step = (parameters: JaxArray[], x: JaxArray, y: JaxArray) => [JaxArray, JaxArray[]]

interface Jax {
  readonly init: (device: 'wasm') => Promise<unknown>
  readonly defaultDevice: (device: 'wasm') => unknown
  readonly jit: (step: Step) => Step
  readonly valueAndGrad: (lossOf: LossOf) => Step
  readonly numpy: {
    readonly array: (data: Float32Array) => JaxArray
    readonly matmul: (a: JaxArray, b: JaxArray) => JaxArray
    readonly max: (a: JaxArray) => JaxArray
    readonly tanh: (a: JaxArray) => JaxArray
    readonly square: (a: JaxArray) => JaxArray
  }
  readonly nn: {
    readonly relu: (a: JaxArray) => JaxArray
    readonly logSoftmax: (a: JaxArray, axis: number) => JaxArray
  }
  readonly lax: {
    readonly conv: (x: JaxArray, w: JaxArray, strides: number[], padding: [number, number][]) => JaxArray
    readonly reduceWindow: (x: JaxArray, f: (a: JaxArray) => JaxArray, window: number[], strides: number[]) => JaxArray
  }
}

function lossWith({ numpy: np, nn, lax }: Jax, { batch, layers, activation, loss }: Work): LossOf {
  const activate = activation === 'tanh' ? np.tanh : nn.relu
  return (parameters, x, y) => {
    let h = x
    for (const [i, layer] of layers.entries()) {
      const [w, b] = parameters.slice(2 * i, 2 * i + 2) as [JaxArray, JaxArray]
      if (layer.kind === 'conv') {
        const { outputs, padding: p } = layer
        const pad: [number, number] = [p, p]
        const sum = lax.conv(h, w, [1, 1], [pad, pad]).add(b.reshape([1, outputs, 1, 1]))
        h = lax.reduceWindow(nn.relu(sum), np.max, [1, 1, 2, 2], [1, 1, 2, 2])
      } else {
        const sum = np.matmul(h.reshape([batch, layer.inputs]), w).add(b)
        h = i + 1 < layers.length ? activate(sum) : sum
      }
    }
    if (loss === 'mse') return np.square(h.sub(y)).mean()
    return nn
      .logSoftmax(h, -1)
      .mul(y)
      .sum()
      .mul(-1 / batch)
  }
}

/** @returns What makes trainings with this library. @throws Error when it cannot be installed. */
export async function jaxTrainer(): Promise<(work: Work) => Training> {
  const jax = install('jax', { '@jax-js/jax': '0.1.25' })('@jax-js/jax') as Jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  return (work) => {
    const { batch, example, learningRate } = work
    const array = (data: Float32Array, shape: readonly number[]): JaxArray => jax.numpy.array(data).reshape(shape)
    const inputs = array(work.x, [batch, ...example])
    const targets = array(work.loss === 'mse' ? work.y : oneHotRows(work), [batch, outputsOf(work)])
    let parameters = work.parameters.map(transposed).map(({ data, shape }) => array(data, shape))
    const valueAndGrad = jax.valueAndGrad(lossWith(jax, work))
    const step = jax.jit((p, x, y) => {
      const [loss, gradients] = valueAndGrad(
        p.map((w) => w.ref),
        x,
        y,
      )
      return [loss, p.map((w, i) => w.sub((gradients[i] as JaxArray).mul(learningRate)))]
    })
    return {
      step: () => {
        const [loss, updated] = step(parameters, inputs.ref, targets.ref)
        parameters = updated
        return Number(loss.js())
      },
    }
  }
}
