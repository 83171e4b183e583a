/** The train steps that libraries are compared by: networks with their data and first weights, in plain arrays. */
import { stream } from './problems/stream.ts'

/** A convolution stands for: convolution, relu, max-pooling 2×2. Images are laid flat before the first dense layer. */
export type WorkLayer =
  | { readonly kind: 'dense'; readonly inputs: number; readonly outputs: number }
  | {
      readonly kind: 'conv'
      readonly inputs: number
      readonly outputs: number
      readonly kernel: number
      readonly padding: number
    }

export interface Plan {
  readonly name: string
  readonly description: string
  readonly batch: number
  /** The shape of one example: [features], or [channels, height, width]. */
  readonly example: readonly number[]
  readonly layers: readonly WorkLayer[]
  /** After every dense layer but the last. */
  readonly activation: 'tanh' | 'relu'
  readonly loss: 'mse' | 'crossEntropy'
}

export interface Work extends Plan {
  readonly learningRate: number
  /** [batch, …example] */
  readonly x: Float32Array
  /** 'mse': numbers, [batch, outputs]; 'crossEntropy': the class of each example, [batch]. */
  readonly y: Float32Array
  /** Weight, [outputs, inputs] or [outputs, inputs, kernel, kernel], and bias, [outputs], layer by layer. */
  readonly parameters: readonly { readonly shape: number[]; readonly data: Float32Array }[]
}

const dense = (...sizes: readonly number[]): WorkLayer[] =>
  sizes.slice(1).map((outputs, i) => ({ kind: 'dense', inputs: sizes[i] as number, outputs }))

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** How many numbers the last layer returns. */
export const outputsOf = ({ layers }: Plan): number => layers.at(-1)?.outputs ?? 0

/** Data and weights for a plan: uniform numbers, weights in ±1/√(inputs of a unit). */
export function workOf(plan: Plan): Work {
  const { batch, example, layers, loss } = plan
  const next = stream(batch)
  const draw = (shape: readonly number[], range: number): Float32Array =>
    Float32Array.from({ length: size(shape) }, () => next(-range, range))
  const parameters = layers.flatMap((layer) => {
    const shape = [layer.outputs, layer.inputs, ...(layer.kind === 'conv' ? [layer.kernel, layer.kernel] : [])]
    const range = 1 / Math.sqrt(size(shape.slice(1)))
    return [
      { shape, data: draw(shape, range) },
      { shape: [layer.outputs], data: draw([layer.outputs], range) },
    ]
  })
  const outputs = outputsOf(plan)
  const classes = (): Float32Array => Float32Array.from({ length: batch }, () => Math.floor(next(0, outputs)))
  const x = draw([batch, ...example], 1)
  return { ...plan, learningRate: 0.05, x, y: loss === 'mse' ? draw([batch, outputs], 1) : classes(), parameters }
}

/** One row of [batch, classes] an example: 1 at its class, 0 elsewhere. */
export function oneHotRows(work: Work): Float32Array {
  const classes = outputsOf(work)
  const rows = new Float32Array(work.batch * classes)
  work.y.forEach((at, i) => {
    rows[i * classes + at] = 1
  })
  return rows
}

const curve = { example: [2], layers: dense(2, 16, 16, 1), activation: 'tanh', loss: 'mse' } as const
const classify = { loss: 'crossEntropy', activation: 'relu' } as const

export const plans: readonly Plan[] = [
  { name: 'A1', description: '2-16-16-1 tanh, batch 1', batch: 1, ...curve },
  { name: 'A64', description: '2-16-16-1 tanh, batch 64', batch: 64, ...curve },
  {
    name: 'B',
    description: '4-16-3 tanh, batch 16',
    batch: 16,
    example: [4],
    layers: dense(4, 16, 3),
    ...classify,
    activation: 'tanh',
  },
  {
    name: 'C',
    description: '784-128-10 relu, batch 64',
    batch: 64,
    example: [784],
    layers: dense(784, 128, 10),
    ...classify,
  },
  {
    name: 'D',
    description: '784-512-512-10 relu, batch 128',
    batch: 128,
    example: [784],
    layers: dense(784, 512, 512, 10),
    ...classify,
  },
  {
    name: 'E',
    description: 'LeNet on 28×28, batch 32',
    batch: 32,
    example: [1, 28, 28],
    layers: [
      { kind: 'conv', inputs: 1, outputs: 6, kernel: 5, padding: 2 },
      { kind: 'conv', inputs: 6, outputs: 16, kernel: 5, padding: 0 },
      ...dense(400, 120, 84, 10),
    ],
    ...classify,
  },
]
