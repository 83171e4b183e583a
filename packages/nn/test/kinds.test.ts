import { DomainError, DTypeError, random, ShapeError, type Value, value, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adam,
  Adamax,
  accuracy,
  BatchNorm,
  batches,
  bceLoss,
  bceWithLogitsLoss,
  Conv1d,
  Conv2d,
  cosineSimilarity,
  crossEntropyLoss,
  Dropout,
  Embedding,
  Flatten,
  GRU,
  GroupNorm,
  hingeLoss,
  huberLoss,
  init,
  klDivLoss,
  Layer,
  LayerNorm,
  LBFGS,
  Linear,
  LSTM,
  MLP,
  MultiHeadAttention,
  mseLoss,
  NAdam,
  Neuron,
  nllLoss,
  Perceptron,
  RAdam,
  RMSNorm,
  r2Score,
  Sequential,
  SGD,
  smoothL1Loss,
  standardize,
  TransformerEncoderLayer,
  trainTestSplit,
} from '../src/index.ts'
import { fileStorage } from '../src/node/index.ts'
import { confusionTable, lossCurve, progressBar } from '../src/terminal/index.ts'

/** Lets a call be wrong, as JavaScript does. */
const wrong = (x: unknown): never => x as never
const p = [value(1)]
const adam = new Adam(p)

describe('what is not of its kind is refused, in the name of who was called', () => {
  const model = new MLP([2, 3, 1], { random: random(1) })
  const load = (state: unknown): LBFGS => new LBFGS(p).loadStateDict(wrong(state))
  const loadSgd = (options: object): SGD => new SGD(p).loadStateDict({ groups: [{ ...options }], parameters: [null] })
  test.each([
    ['MLP: the sizes are 4. Give them in one list: [4, 16, 3].', () => Reflect.construct(MLP, [4, 16, 3]), DomainError],
    ['MLP: the number of units is -1. Give a whole number, 1 or more.', () => new MLP([2, -1]), DomainError],
    [
      'MLP: random is 7. Give a stream of random numbers: random(7).',
      () => new MLP([2, 1], { random: wrong(7) }),
      DomainError,
    ],
    ['Linear: random is a function. Give a', () => new Linear(2, 1, { random: wrong(random) }), DomainError],
    ['batches: random is 1. Give a stream', () => batches([1], [1], { random: wrong(1) }), DomainError],
    ['trainTestSplit: random is 1. Give', () => trainTestSplit([1, 2], [1, 2], { random: wrong(1) }), DomainError],
    ["MLP: there is no initialiser 'big'.", () => new MLP([2, 1], { init: wrong('big') }), DomainError],
    [
      "MLP: the dtype 'half' is unknown. Use 'float64' or 'float32'.",
      () => new MLP([2, 1], { dtype: wrong('half') }),
      DTypeError,
    ],
    ["Layer: there is no activation 'tahn'.", () => new Layer(2, 1, { activation: wrong('tahn') }), DomainError],
    ['Layer: it has 2 inputs, got an array of shape [3].', () => new Layer(2, 1).forward([1, 2, 3]), ShapeError],
    ['Perceptron: the number of inputs is 0.', () => new Perceptron(0), DomainError],
    ['MLP: got undefined. Give a number, nested', () => model.forward(wrong(undefined)), DTypeError],
    ['Linear: got undefined.', () => new Linear(1, 1).forward(wrong(undefined)), DTypeError],
    ['Neuron: got undefined.', () => new Neuron(1).forward(wrong(undefined)), DTypeError],
    ['Layer: got undefined.', () => new Layer(1, 1).forward(wrong(undefined)), DTypeError],
    ['Sequential: got undefined.', () => new Sequential('tanh').forward(wrong(undefined)), DTypeError],
    ['MLP: ', () => model.forward([value(1), value([1, 2])]), ShapeError],
    ['mseLoss: got undefined.', () => mseLoss([1], wrong(undefined)), DTypeError],
    ['crossEntropyLoss: got undefined.', () => crossEntropyLoss([1], wrong(undefined)), DTypeError],
    ['cosineSimilarity: got undefined.', () => cosineSimilarity([1], wrong(undefined)), DTypeError],
    ['accuracy: got undefined.', () => accuracy([1], wrong(undefined)), DTypeError],
    ['r2Score: the array is ragged', () => r2Score([1, 2], [1, [2]] as never), ShapeError],
    ['standardize: got undefined.', () => standardize(wrong(undefined)), DTypeError],
    ['standardize: got null.', () => standardize([[1], [2]]).apply(wrong(null)), DTypeError],
    ['trainTestSplit, y: got undefined.', () => trainTestSplit([1, 2], wrong(undefined)), DTypeError],
    ['loadStateDict: the state is null. Give', () => model.loadStateDict(wrong(null)), DomainError],
    [
      "loadStateDict (weight): got 'x'.",
      () => new Linear(1, 1, { bias: false }).loadStateDict({ weight: wrong('x') }),
      DTypeError,
    ],
    ['LBFGS: step got 3. Give a function that calls zeroGrad()', () => new LBFGS(p).step(wrong(3)), DomainError],
    ['loadStateDict: got undefined without groups and memory.', () => load(undefined), DomainError],
    ['loadStateDict: got an object without groups and memory.', () => load(adam.stateDict()), DomainError],
    ["loadStateDict (LBFGS): there is no option 'lr'.", () => load({ groups: [{ lr: 1 }], memory: null }), DomainError],
    ['LBFGS: maxIter is 0. Give a whole', () => load({ groups: [{ maxIter: 0 }], memory: null }), DomainError],
    [
      'LBFGS: the closure returned undefined. Return the loss, a Value of one number.',
      () => new LBFGS(p).step(wrong(() => undefined)),
      DomainError,
    ],
    [
      'LBFGS: the closure returned a Value of shape [2]. Return the loss',
      () => new LBFGS(p).step(() => value([1, 2])),
      DomainError,
    ],
    [
      'loadStateDict: the memory is an object without the steps and gradients of an LBFGS. Give the stateDict() of one.',
      () => load({ groups: [{}], memory: {} }),
      DomainError,
    ],
    ['Adam: betas is null. Give two numbers: [0.9, 0.999].', () => new Adam(p, { betas: wrong(null) }), DomainError],
    ['NAdam: betas is a list of 1. Give', () => new NAdam(p, { betas: wrong([0.9]) }), DomainError],
    ["RAdam: betas[1] is 'a'. Give a number, from 0", () => new RAdam(p, { betas: wrong([0.9, 'a']) }), DomainError],
    ["Adamax: eps is 'a'. Give a number, 0 or more.", () => new Adamax(p, { eps: wrong('a') }), DomainError],
    ["Adam: amsgrad is 'no'. Give true or false.", () => new Adam(p, { amsgrad: wrong('no') }), DomainError],
    ['SGD: maximize is 1. Give true or false.', () => new SGD([{ parameters: p, maximize: wrong(1) }]), DomainError],
    ["SGD: dampening is 'a'. Give a number", () => new SGD(p, { dampening: wrong('a') }), DomainError],
    ['SGD: nesterov is a function. Give true', () => loadSgd({ nesterov: () => 1 }), DomainError],
    ["LBFGS: toleranceGrad is 'a'. Give a number", () => new LBFGS(p, { toleranceGrad: wrong('a') }), DomainError],
    [
      'Flatten: the axis is null. Give whole numbers: new Flatten(start, end).',
      () => new Flatten(wrong(null)),
      DomainError,
    ],
    ['Conv1d: the kernel is null. Give one number, or 1.', () => new Conv1d(1, 1, wrong(null)), DomainError],
    ['Conv2d: the kernel has 3 sizes. Give one number, or 2.', () => new Conv2d(1, 1, [1, 2, 3]), DomainError],
    ["Linear: the number of inputs is 'a'. Give a whole number", () => new Linear(wrong('a'), 1), DomainError],
    ['LayerNorm: the number of features is null.', () => new LayerNorm(wrong(null)), DomainError],
    [
      'RMSNorm: got an empty list of sizes. Give those of the last axes: 64, or [8, 8].',
      () => new RMSNorm([]),
      DomainError,
    ],
    ['LayerNorm: eps is -1. Give a number, 0 or more.', () => new LayerNorm(2, { eps: -1 }), DomainError],
    [
      "BatchNorm: momentum is 'a'. Give a number from 0 to 1, or null.",
      () => new BatchNorm(2, { momentum: wrong('a') }),
      DomainError,
    ],
    ["GroupNorm: the dtype 'half' is unknown.", () => new GroupNorm(1, 2, { dtype: wrong('half') }), DTypeError],
    ['Dropout: the probability is null. Give a number from 0 to 1', () => new Dropout(wrong(null)), DomainError],
    [
      'Dropout: random is 3. Give a stream of random numbers: random(3).',
      () => new Dropout(0.5, { random: wrong(3) }),
      DomainError,
    ],
    ['GRU: random is 3. Give a stream', () => new GRU(1, 1, { random: wrong(3) }), DomainError],
    ["LSTM: there is no initialiser 'big'.", () => new LSTM(1, 1, { init: wrong('big') }), DomainError],
    ['MultiHeadAttention: random is 3.', () => new MultiHeadAttention(2, 1, { random: wrong(3) }), DomainError],
    [
      'TransformerEncoderLayer: random is 3.',
      () => new TransformerEncoderLayer(2, 1, { random: wrong(3) }),
      DomainError,
    ],
    ['Embedding: random is 3.', () => new Embedding(2, 1, { random: wrong(3) }), DomainError],
    ['Sequential: there is no activation a list of 1. Use', () => new Sequential(wrong(['tanh'])), DomainError],
    [
      'Linear: the initialiser gave a function for the shape [1, 2]. Give a function (shape, random, dtype) => Value, as init.xavierNormal() makes.',
      () => new Linear(2, 1, { init: wrong(init.fanInUniform) }),
      DomainError,
    ],
    [
      'GRU: the initialiser gave an array of shape [2] for',
      () => new GRU(1, 1, { init: () => zeros([2]) }),
      DomainError,
    ],
    ["init.heNormal: gain is 'a'. Give a number.", () => init.heNormal(wrong('a')), DomainError],
    ['init.constant: x is undefined. Give a number.', () => Reflect.apply(init.constant, undefined, []), DomainError],
    [
      'init.normal: random is undefined. Give a stream of random numbers: random(1).',
      () => init.normal()([2], wrong(undefined), 'float64'),
      DomainError,
    ],
    ["huberLoss: delta is 'a'. Give a number above 0.", () => huberLoss([1], [1], { delta: wrong('a') }), DomainError],
    [
      'smoothL1Loss: beta is null. Give a number, 0 or more.',
      () => smoothL1Loss([1], [1], { beta: wrong(null) }),
      DomainError,
    ],
    [
      'cosineSimilarity: eps is -1. Give a number, 0 or more.',
      () => cosineSimilarity([1], [1], { eps: -1 }),
      DomainError,
    ],
    ["nllLoss: ignoreIndex is 'a'. Give a number.", () => nllLoss([1, 2], 1, { ignoreIndex: wrong('a') }), DomainError],
    [
      'crossEntropyLoss: labelSmoothing is null. Give a number from 0 to 1.',
      () => crossEntropyLoss([1, 2], 1, { labelSmoothing: wrong(null) }),
      DomainError,
    ],
    ["accuracy: threshold is 'a'. Give a number.", () => accuracy([1], [1], { threshold: wrong('a') }), DomainError],
    [
      'confusionTable: the matrix is no list of rows. Give what confusionMatrix returned.',
      () => confusionTable(wrong([3])),
      DomainError,
    ],
    ['lossCurve: the history is undefined. Give what fit returned', () => lossCurve(wrong(undefined)), DomainError],
    [
      'lossCurve: the height is 1. Give a whole number, 2 or more.',
      () => lossCurve({ loss: [1] }, { height: 1 }),
      DomainError,
    ],
    ['progressBar: the stream is null. Give one that', () => progressBar({ stream: wrong(null) }), DomainError],
    [
      "fileStorage: the path is 3. Give the name of a file: fileStorage('run.json').",
      () => fileStorage(wrong(3)),
      DomainError,
    ],
    [
      'SGD: step got 3. Give a function that returns the loss, or nothing.',
      () => new SGD(p).step(wrong(3)),
      DomainError,
    ],
  ])('%s', (message, run, kind) => {
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
  })
})

describe('plain arrays take the dtype of the Value beside them, whichever comes first', () => {
  const single = (x: number[] | number[][]): Value => value(x, { dtype: 'float32' })
  test.each([
    ['mseLoss', mseLoss, [1, 2], [3, 4]],
    ['hingeLoss', hingeLoss, [1, 2], [1, -1]],
    ['bceLoss', bceLoss, [0.1, 0.2], [1, 0]],
    ['bceWithLogitsLoss', bceWithLogitsLoss, [1, 2], [1, 0]],
    ['klDivLoss', klDivLoss, [-1, -2], [0.5, 0.5]],
    ['cosineSimilarity', cosineSimilarity, [1, 2], [3, 4]],
    ['crossEntropyLoss', crossEntropyLoss, [1, 2], [0.25, 0.75]],
  ] as const)('%s', (_name, loss, a, b) => {
    expect(loss(single([...a]), b).dtype).toBe('float32')
    expect(loss(a, single([...b])).dtype).toBe('float32')
    expect(loss(a, wrong([single([0]).at(0), single([0]).at(0)])).dtype).toBe('float32')
    expect(loss(a, b).dtype).toBe('float64')
    expect(loss(single([...a]), value([...b])).dtype).toBe('float64')
  })
})
