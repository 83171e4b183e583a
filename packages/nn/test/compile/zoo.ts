/** Every module, loss and optimizer, small: what a compiled training step is compared on. */
import { constant, log, random, type Value, where } from '@adjoint/autograd'
import * as nn from '../../src/index.ts'

const stream = () => random(1)
const numbers = (...shape: number[]): Value => random(2).normal(shape)

export interface Model {
  readonly make: () => nn.Module<unknown>
  readonly x: Value
}

const model = (make: Model['make'], x: Value): Model => ({ make, x })
const chain = (...parts: ConstructorParameters<typeof nn.Sequential>): nn.Sequential => new nn.Sequential(...parts)
const conv = () => new nn.Conv2d(2, 3, 2, { random: stream(), padding: 'same' })

class Beside extends nn.Module {
  readonly unit: nn.Perceptron = new nn.Perceptron(3, { random: stream() })
  readonly line: nn.Linear = new nn.Linear(3, 2, { random: stream() })
  override forward(x: Value): Value {
    return this.line.forward(x).add(this.unit.forward(x).unsqueeze(1))
  }
}

export const models: Readonly<Record<string, Model>> = {
  Neuron: model(() => new nn.Neuron(3, { random: stream(), activation: 'tanh' }), numbers(4, 3)),
  // Nothing flows through its step, so something else has to learn.
  Perceptron: model(() => new Beside(), numbers(4, 3)),
  Layer: model(() => new nn.Layer(3, 2, { random: stream(), activation: 'gelu' }), numbers(4, 3)),
  Linear: model(() => new nn.Linear(3, 2, { random: stream() }), numbers(4, 3)),
  MLP: model(() => new nn.MLP([3, 5, 2], { random: stream(), activation: 'silu' }), numbers(4, 3)),
  Embedding: model(() => new nn.Embedding(4, 2, { random: stream(), paddingIndex: 1 }), constant([0, 1, 3, 3])),
  LayerNorm: model(() => new nn.LayerNorm(3), numbers(4, 3)),
  RMSNorm: model(() => new nn.RMSNorm(3), numbers(4, 3)),
  GroupNorm: model(() => new nn.GroupNorm(2, 4), numbers(3, 4, 2)),
  BatchNorm: model(() => new nn.BatchNorm(3), numbers(4, 3)),
  'BatchNorm, every batch alike': model(() => new nn.BatchNorm(2, { momentum: null }), numbers(3, 2, 2)),
  'BatchNorm, twice in one step': model(
    () => {
      const norm = new nn.BatchNorm(3, { momentum: null })
      return chain(norm, 'tanh', norm)
    },
    numbers(4, 3),
  ),
  Conv1d: model(() => new nn.Conv1d(2, 3, 2, { random: stream(), dilation: 2 }), numbers(2, 2, 4)),
  Conv2d: model(() => new nn.Conv2d(2, 2, 2, { random: stream(), stride: 2, groups: 2 }), numbers(2, 2, 4, 4)),
  MaxPool2d: model(() => chain(conv(), new nn.MaxPool2d(2), new nn.Flatten()), numbers(2, 2, 4, 4)),
  AvgPool2d: model(() => chain(conv(), new nn.AvgPool2d(2), new nn.Flatten()), numbers(2, 2, 4, 4)),
  Dropout: model(
    () => chain(new nn.Linear(3, 6, { random: stream() }), new nn.Dropout(0.4, { random: random(5) })),
    numbers(4, 3),
  ),
  RNN: model(() => new nn.RNN(2, 3, { random: stream() }), numbers(4, 2)),
  GRU: model(() => new nn.GRU(2, 3, { random: stream(), layers: 2, dropout: 0.3 }), numbers(4, 2, 2)),
  LSTM: model(() => new nn.LSTM(2, 2, { random: stream(), bidirectional: true }), numbers(3, 2)),
  MultiHeadAttention: model(
    () => new nn.MultiHeadAttention(4, 2, { random: stream(), dropout: 0.2 }),
    numbers(3, 2, 4),
  ),
  TransformerEncoderLayer: model(
    () => new nn.TransformerEncoderLayer(4, 2, { random: stream(), feedForward: 5 }),
    numbers(3, 2, 4),
  ),
}

/** The output of a model as rows: what all losses take. */
export function rowsOf(output: unknown): Value {
  const y = (typeof output === 'object' && output !== null && 'output' in output ? output.output : output) as Value
  return y.reshape([y.shape[0] as number, y.size / (y.shape[0] as number)])
}

/** A number or a class for each, from −1 … 1 alike wherever it is called. */
const noise = (x: Value): Value => random(9).uniform(x.shape, -1, 1)
const classes = (x: Value): Value =>
  constant(Array.from({ length: x.shape[0] as number }, (_, i) => i % (x.shape[1] as number)))
const yes = (x: Value): Value => noise(x).gt(0)

export const losses: Readonly<Record<string, (rows: Value, target: Value) => Value>> = {
  mseLoss: (x, t) => nn.mseLoss(x, t),
  maeLoss: (x, t) => nn.maeLoss(x, t),
  huberLoss: (x, t) => nn.huberLoss(x, t, { delta: 0.5 }),
  smoothL1Loss: (x, t) => nn.smoothL1Loss(x, t),
  hingeLoss: (x, t) => nn.hingeLoss(x, t),
  bceLoss: (x, t) => nn.bceLoss(x.sigmoid(), t, { weight: 2 }),
  bceWithLogitsLoss: (x, t) => nn.bceWithLogitsLoss(x, t, { positiveWeight: 3 }),
  crossEntropyLoss: (x, t) => nn.crossEntropyLoss(x, t),
  'crossEntropyLoss, smoothed and weighted': (x, t) =>
    nn.crossEntropyLoss(x, t, {
      labelSmoothing: 0.1,
      ignoreIndex: 1,
      weight: x.shape.slice(1).flatMap((n) => Array.from({ length: n }, (_, i) => i + 1)),
    }),
  'crossEntropyLoss of probabilities': (x, t) => nn.crossEntropyLoss(x, t),
  nllLoss: (x, t) => nn.nllLoss(x.logSoftmax(1), t),
  klDivLoss: (x, t) => nn.klDivLoss(x.logSoftmax(1), t),
  'klDivLoss of logarithms': (x, t) => nn.klDivLoss(x.logSoftmax(1), log(t), { logTarget: true }),
  cosineSimilarity: (x, t) => nn.cosineSimilarity(x, t).mean().neg(),
}

/** What each loss is to be compared with, for predictions like these. */
export function targetOf(loss: string, rows: Value): Value {
  if (/^(nll|crossEntropyLoss(?! of))/.test(loss)) return classes(rows)
  if (/^bce/.test(loss)) return yes(rows)
  if (/^hinge/.test(loss)) return where(yes(rows), 1, -1)
  if (/^(kl|crossEntropyLoss of)/.test(loss)) return noise(rows).softmax(1)
  return noise(rows)
}

export const optimizers = {
  SGD: (p) => new nn.SGD(p, { learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  Adagrad: (p) => new nn.Adagrad(p, { learningRate: 0.05, learningRateDecay: 0.1 }),
  Adadelta: (p) => new nn.Adadelta(p),
  RMSprop: (p) => new nn.RMSprop(p, { centered: true, momentum: 0.5 }),
  Adam: (p) => new nn.Adam(p, { learningRate: 0.05, amsgrad: true }),
  AdamW: (p) => new nn.AdamW(p, { learningRate: 0.05 }),
  Adamax: (p) => new nn.Adamax(p, { learningRate: 0.05 }),
  NAdam: (p) => new nn.NAdam(p, { learningRate: 0.05 }),
  RAdam: (p) => new nn.RAdam(p, { learningRate: 0.05, betas: [0.5, 0.9] }),
} satisfies Readonly<Record<string, (parameters: readonly Value[]) => unknown>>
