import { DomainError, random, value, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adadelta,
  Adam,
  Adamax,
  AdamW,
  AvgPool2d,
  accuracy,
  BatchNorm,
  batches,
  bceLoss,
  bceWithLogitsLoss,
  Conv1d,
  Conv2d,
  CosineAnnealingLR,
  clipGradNorm,
  cosineSimilarity,
  crossEntropyLoss,
  Dropout,
  Embedding,
  ExponentialLR,
  GRU,
  GroupNorm,
  hingeLoss,
  huberLoss,
  klDivLoss,
  Layer,
  LayerNorm,
  LBFGS,
  Linear,
  LSTM,
  MaxPool2d,
  MLP,
  MultiHeadAttention,
  MultiStepLR,
  maeLoss,
  minMax,
  mseLoss,
  NAdam,
  Neuron,
  nllLoss,
  OneCycleLR,
  Perceptron,
  RAdam,
  ReduceLROnPlateau,
  RMSNorm,
  RNN,
  SGD,
  StepLR,
  saveSafetensors,
  smoothL1Loss,
  TransformerEncoderLayer,
  trainTestSplit,
  warmup,
} from '../src/index.ts'
import { lossCurve, progressBar } from '../src/terminal/index.ts'

/** Lets a call be wrong, as JavaScript does. */
const wrong = (x: unknown): never => x as never
const p = [value(1)]
const adam = new Adam(p)

describe('an option that does not exist is refused, and the nearest one named', () => {
  test.each([
    [
      "SGD: there is no option 'lr'. Did you mean learningRate? The options are learningRate, momentum, dampening, nesterov, weightDecay, maximize.",
      () => new SGD(p, wrong({ lr: 0.1 })),
    ],
    ["SGD: there is no option 'lr'. Did you mean learningRate?", () => new SGD([wrong({ parameters: p, lr: 0.1 })])],
    ["there is no option 'learning_rate'. Did you mean learningRate?", () => new Adam(p, wrong({ learning_rate: 1 }))],
    ["Adam: there is no option 'momentum'. The options are", () => new Adam(p, wrong({ momentum: 0.9 }))],
    ['SGD: the options are 0.1. Give them by name, { learningRate: … }.', () => new SGD(p, wrong(0.1))],
    ["mseLoss: the options are 'sum'. Give them by name, { reduction: … }.", () => mseLoss(1, 2, wrong('sum'))],
    [
      "mseLoss: there is no option 'reducton'. Did you mean reduction?",
      () => mseLoss(1, 2, wrong({ reducton: 'sum' })),
    ],
    ['maeLoss: the options are null.', () => maeLoss(1, 2, wrong(null))],
    [
      "huberLoss: there is no option 'beta'. The options are reduction, delta.",
      () => huberLoss(1, 2, wrong({ beta: 2 })),
    ],
    ["smoothL1Loss: there is no option 'delta'.", () => smoothL1Loss(1, 2, wrong({ delta: 2 }))],
    ["hingeLoss: there is no option 'margin'.", () => hingeLoss(1, 1, wrong({ margin: 2 }))],
    ["bceLoss: there is no option 'positiveWeight'.", () => bceLoss(0.5, 1, wrong({ positiveWeight: 2 }))],
    [
      "bceWithLogitsLoss: there is no option 'pos_weight'. Did you mean positiveWeight?",
      () => bceWithLogitsLoss(0, 1, wrong({ pos_weight: 2 })),
    ],
    [
      "crossEntropyLoss: there is no option 'ignore_index'. Did you mean ignoreIndex?",
      () => crossEntropyLoss([0, 1], 1, wrong({ ignore_index: 2 })),
    ],
    ["nllLoss: there is no option 'labelSmoothing'.", () => nllLoss([0, 1], 1, wrong({ labelSmoothing: 0.1 }))],
    [
      "klDivLoss: there is no option 'log_target'. Did you mean logTarget?",
      () => klDivLoss([0, 1], [1, 0], wrong({ log_target: true })),
    ],
    [
      "cosineSimilarity: there is no option 'dim'. Did you mean axis?",
      () => cosineSimilarity([0, 1], [1, 0], wrong({ dim: 0 })),
    ],
    [
      "batches: there is no option 'batch_size'. Did you mean batchSize?",
      () => batches([1], [1], wrong({ batch_size: 1 })),
    ],
    ["trainTestSplit: there is no option 'test_size'.", () => trainTestSplit([1, 2], [1, 2], wrong({ test_size: 1 }))],
    ["minMax: there is no option 'min'.", () => minMax([1, 2], wrong({ min: 1 }))],
    ["Adadelta: there is no option 'lr'. Did you mean learningRate?", () => new Adadelta(p, wrong({ lr: 1 }))],
    ["Adamax: there is no option 'beta'. Did you mean betas?", () => new Adamax(p, wrong({ beta: 1 }))],
    ["NAdam: there is no option 'momentum_decay'. Did you", () => new NAdam(p, wrong({ momentum_decay: 1 }))],
    ["RAdam: there is no option 'amsgrad'.", () => new RAdam(p, wrong({ amsgrad: true }))],
    ["LBFGS: there is no option 'max_iter'. Did you mean maxIter?", () => new LBFGS(p, wrong({ max_iter: 1 }))],
    ["LBFGS: there is no option 'lr'. Did you", () => new LBFGS([wrong({ parameters: p, lr: 0.1 })])],
    ["StepLR: there is no option 'step_size'. Did you mean stepSize?", () => new StepLR(adam, wrong({ step_size: 1 }))],
    ['StepLR: the options are 30. Give them by name, { stepSize: … }.', () => new StepLR(adam, wrong(30))],
    ["MultiStepLR: there is no option 'steps'.", () => new MultiStepLR(adam, wrong({ steps: [1] }))],
    ['ExponentialLR: the options are 0.9. Give', () => new ExponentialLR(adam, wrong(0.9))],
    ["CosineAnnealingLR: there is no option 'T_max'. Did you", () => new CosineAnnealingLR(adam, wrong({ T_max: 9 }))],
    ["OneCycleLR: there is no option 'max_lr'.", () => new OneCycleLR(adam, wrong({ max_lr: 1, totalSteps: 9 }))],
    ["ReduceLROnPlateau: there is no option 'patients'.", () => new ReduceLROnPlateau(adam, wrong({ patients: 1 }))],
    ['warmup: the options are 10. Give them by name, { steps: … }.', () => warmup(adam, wrong(10))],
    ['clipGradNorm: the options are 1. Give them by name, { ord: … }.', () => clipGradNorm(p, 1, wrong(1))],
    ['accuracy: the options are 0.5. Give them by name, { threshold: … }.', () => accuracy([0.2], [0], wrong(0.5))],
  ])('%s', (message, run) => {
    expect(run).toThrow(DomainError)
    expect(run).toThrow(message)
  })
})

describe('a layer refuses an option that does not exist, also of a larger record', () => {
  const record = { sizes: [2, 1], activation: 'relu' } as const
  test.each([
    [
      "MLP: there is no option 'sizes'. The options are activation, output, bias, init, random, dtype.",
      () => new MLP(record.sizes, record),
    ],
    [
      "MLP: there is no option 'activations'. Did you mean activation?",
      () => new MLP([2, 1], wrong({ activations: 1 })),
    ],
    ['MLP: the options are null. Give them by name, { activation: … }.', () => new MLP([2, 1], wrong(null))],
    [
      "Linear: there is no option 'use_bias'. The options are bias, init, random, dtype.",
      () => new Linear(2, 1, wrong({ use_bias: false })),
    ],
    ['Linear: the options are false. Give them by name, { bias: … }.', () => new Linear(2, 1, wrong(false))],
    ["Linear: there is no option 'generator'. Did you mean random?", () => new Linear(2, 1, wrong({ generator: 1 }))],
    ["Layer: there is no option 'seed'. Did you mean random?", () => new Layer(2, 1, wrong({ seed: 1 }))],
    ["Neuron: there is no option 'activaton'. Did you mean activation?", () => new Neuron(2, wrong({ activaton: 1 }))],
    ["Perceptron: there is no option 'activation'. The", () => new Perceptron(2, wrong({ activation: 'relu' }))],
    ['Perceptron: the options are null.', () => new Perceptron(2, wrong(null))],
    [
      "Conv2d: there is no option 'pading'. Did you mean padding? The options are stride, padding, dilation, groups, bias, init, random, dtype.",
      () => new Conv2d(1, 2, 3, wrong({ pading: 1 })),
    ],
    ["Conv1d: there is no option 'strides'. Did you mean stride?", () => new Conv1d(1, 2, 3, wrong({ strides: 1 }))],
    ['MaxPool2d: the options are 2. Give them by name, { stride: … }.', () => new MaxPool2d(2, wrong(2))],
    ["MaxPool2d: there is no option 'countIncludePad'.", () => new MaxPool2d(2, wrong({ countIncludePad: true }))],
    [
      "AvgPool2d: there is no option 'count_include_pad'. Did you mean countIncludePad?",
      () => new AvgPool2d(2, wrong({ count_include_pad: true })),
    ],
    ['Dropout: the options are null. Give them by name, { random: … }.', () => new Dropout(0.5, wrong(null))],
    ["Dropout: there is no option 'inplace'.", () => new Dropout(0.5, wrong({ inplace: true }))],
    [
      "BatchNorm: there is no option 'elementwise_affine'. Did you",
      () => new BatchNorm(2, wrong({ elementwise_affine: 1 })),
    ],
    [
      "LayerNorm: there is no option 'bias'. The options are eps, affine, dtype.",
      () => new LayerNorm(2, wrong({ bias: 1 })),
    ],
    ["RMSNorm: there is no option 'random'.", () => new RMSNorm(2, wrong({ random: random(1) }))],
    ["GroupNorm: there is no option 'num_groups'.", () => new GroupNorm(1, 2, wrong({ num_groups: 1 }))],
    [
      "Embedding: there is no option 'padding_idx'. Did you mean paddingIndex?",
      () => new Embedding(3, 2, wrong({ padding_idx: 0 })),
    ],
    ["GRU: there is no option 'numLayers'. Did you mean layers?", () => new GRU(1, 2, wrong({ numLayers: 2 }))],
    [
      "LSTM: there is no option 'batch_first'. Did you mean batchFirst?",
      () => new LSTM(1, 2, wrong({ batch_first: 1 })),
    ],
    [
      "RNN: there is no option 'nonlinearity'. Did you mean activation?",
      () => new RNN(1, 2, wrong({ nonlinearity: 1 })),
    ],
    ["GRU: there is no option 'activation'.", () => new GRU(1, 2, wrong({ activation: 'tanh' }))],
    ['LSTM: the options are null.', () => new LSTM(1, 2, wrong(null))],
    [
      "MultiHeadAttention: there is no option 'droput'. Did you",
      () => new MultiHeadAttention(4, 2, wrong({ droput: 1 })),
    ],
    [
      "MultiHeadAttention (sight): there is no option 'attn_mask'. Did you mean mask?",
      () => new MultiHeadAttention(4, 2).forward(zeros([3, 4]), undefined, undefined, wrong({ attn_mask: [[1]] })),
    ],
    [
      "TransformerEncoderLayer: there is no option 'dim_feedforward'. Did you mean feedForward?",
      () => new TransformerEncoderLayer(4, 2, wrong({ dim_feedforward: 8 })),
    ],
    [
      "saveSafetensors: there is no option 'dtype'. Did you mean dtypes?",
      () => saveSafetensors({}, wrong({ dtype: 1 })),
    ],
    ["lossCurve: there is no option 'with'. Did you mean width?", () => lossCurve({ loss: [1] }, wrong({ with: 9 }))],
    ["progressBar: there is no option 'line'. Did you mean lines?", () => progressBar(wrong({ line: 9 }))],
  ])('%s', (message, run) => {
    expect(run).toThrow(DomainError)
    expect(run).toThrow(message)
  })
})

describe('an option that is undefined is not given', () => {
  const nothing = undefined as never
  const options = (optimizer: { readonly groups: readonly object[] }) => {
    const { parameters: _, ...rest } = optimizer.groups[0] as Record<string, unknown>
    return rest
  }
  test.each([
    ['Adam', () => new Adam(p, { betas: nothing, eps: nothing, amsgrad: nothing }), () => new Adam(p)],
    ['AdamW', () => new AdamW(p, { weightDecay: nothing }), () => new AdamW(p)],
    [
      'SGD',
      () => new SGD([{ parameters: p, learningRate: nothing }], { learningRate: 3 }),
      () => new SGD(p, { learningRate: 3 }),
    ],
    [
      'LBFGS',
      () => new LBFGS(p, { maxIter: 8, maxEval: nothing, historySize: nothing }),
      () => new LBFGS(p, { maxIter: 8 }),
    ],
  ])('%s', (_name, some, none) => {
    expect(options(some())).toEqual(options(none()))
  })

  test('AdamW has its own weight decay, LBFGS evaluations for its iterations', () => {
    expect(new AdamW(p, { weightDecay: nothing }).groups[0]?.weightDecay).toBe(0.01)
    expect(new LBFGS(p, { maxIter: 8 }).groups[0].maxEval).toBe(10)
  })

  test('of schedules and layers', () => {
    const plateau = new ReduceLROnPlateau(new SGD(p), { factor: nothing, patience: nothing })
    expect(plateau).toEqual(new ReduceLROnPlateau(new SGD(p)))
    const cycle = { maxLearningRate: 1, totalSteps: 4 }
    expect(new OneCycleLR(new Adam(p), { ...cycle, pctStart: nothing, divFactor: nothing })).toEqual(
      new OneCycleLR(new Adam(p), cycle),
    )
    expect(new Linear(2, 1, { bias: nothing, dtype: nothing, init: nothing }).bias?.shape).toEqual([1])
    expect(new BatchNorm(2, { momentum: nothing, eps: nothing }).momentum).toBe(0.1)
  })
})
