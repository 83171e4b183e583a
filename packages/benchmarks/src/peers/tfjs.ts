/** The train steps with TensorFlow.js on its WebAssembly backend. */
import type { Training } from '../train.ts'
import { oneHotRows, outputsOf, type Work } from '../work.ts'
import { install } from './install.ts'
import { channelsLast, transposed } from './layout.ts'

interface Tensor {
  dataSync(): Float32Array
  dispose(): void
}

interface Tensorflow {
  readonly setBackend: (name: string) => Promise<boolean>
  readonly tensor: (data: Float32Array, shape: readonly number[]) => Tensor
  readonly variable: (start: Tensor) => Tensor
  readonly add: (a: Tensor, b: Tensor) => Tensor
  readonly matMul: (a: Tensor, b: Tensor) => Tensor
  readonly tanh: (a: Tensor) => Tensor
  readonly relu: (a: Tensor) => Tensor
  readonly transpose: (a: Tensor, axes: number[]) => Tensor
  readonly reshape: (a: Tensor, shape: number[]) => Tensor
  readonly conv2d: (x: Tensor, kernel: Tensor, strides: number, padding: number) => Tensor
  readonly maxPool: (x: Tensor, window: number, strides: number, padding: number) => Tensor
  readonly losses: {
    readonly meanSquaredError: (labels: Tensor, predictions: Tensor) => Tensor
    readonly softmaxCrossEntropy: (labels: Tensor, logits: Tensor) => Tensor
  }
  readonly train: {
    readonly sgd: (rate: number) => {
      minimize(f: () => Tensor, returnCost: true, variables: readonly Tensor[]): Tensor
    }
  }
}

/** Its images are [batch, height, width, channels]; they are laid flat channel by channel, as the others do. */
function forward(tf: Tensorflow, { batch, layers, activation }: Work, x: Tensor, variables: readonly Tensor[]): Tensor {
  const activate = activation === 'tanh' ? tf.tanh : tf.relu
  let h = x
  for (const [i, layer] of layers.entries()) {
    const [w, b] = variables.slice(2 * i, 2 * i + 2) as [Tensor, Tensor]
    if (layer.kind === 'conv') {
      h = tf.maxPool(tf.relu(tf.add(tf.conv2d(h, w, 1, layer.padding), b)), 2, 2, 0)
    } else {
      const afterImages = layers[i - 1]?.kind === 'conv'
      const flat = afterImages ? tf.reshape(tf.transpose(h, [0, 3, 1, 2]), [batch, layer.inputs]) : h
      const sum = tf.add(tf.matMul(flat, w), b)
      h = i + 1 < layers.length ? activate(sum) : sum
    }
  }
  return h
}

/** @returns What makes trainings with this library. @throws Error when it cannot be installed. */
export async function tfjsTrainer(): Promise<(work: Work) => Training> {
  const version = '4.22.0'
  const load = install('tfjs', {
    '@tensorflow/tfjs-core': version,
    '@tensorflow/tfjs-layers': version,
    '@tensorflow/tfjs-backend-wasm': version,
  })
  const tf = load('@tensorflow/tfjs-core') as Tensorflow
  // Loading this one registers the gradients: the core's own CommonJS build leaves them out.
  load('@tensorflow/tfjs-layers')
  load('@tensorflow/tfjs-backend-wasm')
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js did not start its wasm backend')
  return (work) => {
    const { batch, example, learningRate } = work
    const [channels, ...places] = example
    // With one channel, both layouts of an image hold the same numbers in the same order.
    const inputs = tf.tensor(work.x, places.length > 0 ? [batch, ...places, channels as number] : [batch, ...example])
    const targets = tf.tensor(work.loss === 'mse' ? work.y : oneHotRows(work), [batch, outputsOf(work)])
    const variables = work.parameters.map((parameter) => {
      const { data, shape } = parameter.shape.length === 4 ? channelsLast(parameter) : transposed(parameter)
      return tf.variable(tf.tensor(data, shape))
    })
    const lossOf = work.loss === 'mse' ? tf.losses.meanSquaredError : tf.losses.softmaxCrossEntropy
    const optimizer = tf.train.sgd(learningRate)
    return {
      step: () => {
        const loss = optimizer.minimize(() => lossOf(targets, forward(tf, work, inputs, variables)), true, variables)
        const [number] = loss.dataSync()
        loss.dispose()
        return number as number
      },
    }
  }
}
