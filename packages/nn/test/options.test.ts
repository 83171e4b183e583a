import { DomainError, DTypeError, random, ShapeError, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adadelta,
  Adam,
  Adamax,
  accuracy,
  batches,
  bceLoss,
  bceWithLogitsLoss,
  CosineAnnealingLR,
  clipGradNorm,
  cosineSimilarity,
  crossEntropyLoss,
  ExponentialLR,
  hingeLoss,
  huberLoss,
  klDivLoss,
  Layer,
  LBFGS,
  Linear,
  MLP,
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
  r2Score,
  Sequential,
  SGD,
  StepLR,
  smoothL1Loss,
  standardize,
  trainTestSplit,
  warmup,
} from '../src/index.ts'

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

test('a module takes what it knows of a larger record', () => {
  const network = { sizes: [2, 1], activation: 'relu' } as const
  expect(new MLP(network.sizes, { ...network, init: 'zeros' }).forward([1, 2]).toArray()).toEqual([0])
})

describe('what is not of its kind is refused, in the name of who was called', () => {
  const model = new MLP([2, 3, 1], { random: random(1) })
  const load = (state: unknown): LBFGS => new LBFGS(p).loadStateDict(wrong(state))
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
