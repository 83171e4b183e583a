import { constant, DomainError, type FloatArray, GradientError, ShapeError, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  type CommonOptions,
  type Group,
  MLP,
  NAdam,
  Optimizer,
  RAdam,
  RMSprop,
  SGD,
} from '../../src/index.ts'

/** One update towards 0 of the parameter's square. */
function descend(optimizer: { step(): unknown; zeroGrad(): void }, p: Value, steps = 1): void {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad()
    p.square().sum().backward()
    optimizer.step()
  }
}

const make = {
  SGD: (p: readonly Value[]) => new SGD(p, { learningRate: 0.1, momentum: 0.9 }),
  Adagrad: (p: readonly Value[]) => new Adagrad(p, { learningRate: 0.1, learningRateDecay: 0.1 }),
  RMSprop: (p: readonly Value[]) => new RMSprop(p, { learningRate: 0.1, centered: true, momentum: 0.5 }),
  Adam: (p: readonly Value[]) => new Adam(p, { learningRate: 0.1, amsgrad: true }),
  AdamW: (p: readonly Value[]) => new AdamW(p, { learningRate: 0.1 }),
  Adadelta: (p: readonly Value[]) => new Adadelta(p, { weightDecay: 0.1 }),
  Adamax: (p: readonly Value[]) => new Adamax(p, { learningRate: 0.1 }),
  NAdam: (p: readonly Value[]) => new NAdam(p, { learningRate: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  // With this β₂ the rectified rule begins within the test's steps.
  RAdam: (p: readonly Value[]) => new RAdam(p, { learningRate: 0.1, betas: [0.5, 0.9] }),
}

describe("PyTorch's defaults", () => {
  const p = [value(1)]
  test.each([
    [
      'SGD',
      new SGD(p),
      { learningRate: 1e-3, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, maximize: false },
    ],
    [
      'Adagrad',
      new Adagrad(p),
      {
        learningRate: 1e-2,
        learningRateDecay: 0,
        initialAccumulatorValue: 0,
        eps: 1e-10,
        weightDecay: 0,
        maximize: false,
      },
    ],
    [
      'RMSprop',
      new RMSprop(p),
      { learningRate: 1e-2, alpha: 0.99, eps: 1e-8, momentum: 0, centered: false, weightDecay: 0, maximize: false },
    ],
    [
      'Adam',
      new Adam(p),
      { learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false },
    ],
    [
      'AdamW',
      new AdamW(p),
      { learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 1e-2, amsgrad: false, maximize: false },
    ],
    ['Adadelta', new Adadelta(p), { learningRate: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }],
    ['Adamax', new Adamax(p), { learningRate: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }],
    [
      'NAdam',
      new NAdam(p),
      {
        learningRate: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        momentumDecay: 4e-3,
        decoupledWeightDecay: false,
        maximize: false,
      },
    ],
    [
      'RAdam',
      new RAdam(p),
      {
        learningRate: 1e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        decoupledWeightDecay: false,
        maximize: false,
      },
    ],
  ])('%s', (_name, optimizer, options) => {
    expect(optimizer.stateDict().groups).toEqual([options])
  })
})

describe.each(Object.entries(make))('%s', (_name, create) => {
  test('refuses a step without a backward pass', () => {
    const p = value([1, 2])
    const optimizer = create([p])
    expect(() => optimizer.step()).toThrow(GradientError)
    p.square().sum().backward()
    optimizer.step()
    optimizer.zeroGrad()
    expect(() => optimizer.step()).toThrow(
      `${optimizer.constructor.name}: step found no gradient on any of its 1 parameters. Call backward() on the loss after zeroGrad() and before step(), and give the optimizer the parameters of the model that made the loss.`,
    )
  })

  test.each(['float64', 'float32'] as const)('goes on from a saved state as if it had not stopped: %s', (dtype) => {
    const straight = value([1, -2], { dtype })
    descend(create([straight]), straight, 7)
    const first = value([1, -2], { dtype })
    const before = create([first])
    descend(before, first, 3)
    const second = value(first)
    const saved = JSON.parse(JSON.stringify(before.stateDict()))
    const after = create([second]).loadStateDict(saved)
    expect(after.stateDict()).toEqual(saved)
    descend(after, second, 4)
    expect(second.toArray()).toEqual(straight.toArray())
  })

  test('works on scalars, and in float32', () => {
    const scalar = value(2)
    descend(create([scalar]), scalar, 3)
    const single = value([2], { dtype: 'float32' })
    const optimizer = create([single])
    descend(optimizer, single, 3)
    expect(scalar.item()).toBeLessThan(2)
    expect(single.data).toBeInstanceOf(Float32Array)
    expect(single.item()).toBeCloseTo(scalar.item(), 5)
    const [memory] = optimizer.stateDict().parameters
    for (const x of Object.values(memory ?? {})) {
      // What is remembered of a float32 parameter has its precision.
      if (typeof x !== 'number') expect(x).toEqual(x.map(Math.fround))
    }
  })
})

describe('groups', () => {
  test('have options of their own; what is not given comes from the optimizer', () => {
    const [a, b] = [value([1]), value([1])]
    const optimizer = new SGD([{ parameters: [a], learningRate: 0.5 }, { parameters: [b] }], { learningRate: 0.1 })
    a.add(b).sum().backward()
    optimizer.step()
    expect([a.item(), b.item()]).toEqual([0.5, 0.9])
    expect(optimizer.groups.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.1])
  })

  test('may be changed between steps', () => {
    const p = value([1])
    const optimizer = new SGD([p], { learningRate: 0.1 })
    for (const group of optimizer.groups) group.learningRate = 0
    descend(optimizer, p)
    expect(p.item()).toBe(1)
    for (const group of optimizer.groups) group.momentum = 0.9
    descend(optimizer, p)
    expect(optimizer.stateDict().parameters).toEqual([{ momentumBuffer: [2] }])
  })

  test('parameters without a gradient stay as they are', () => {
    const [a, b] = [value([1]), value([1])]
    const optimizer = new Adam([a, b])
    a.square().sum().backward()
    optimizer.step()
    expect(a.item()).not.toBe(1)
    expect(b.item()).toBe(1)
    expect(optimizer.stateDict().parameters[1]).toBeNull()
  })
})

test('a state that does not fit leaves the optimizer as it was', () => {
  const p = value([1])
  const optimizer = new Adam([p], { learningRate: 0.5 })
  descend(optimizer, p)
  const before = optimizer.stateDict()
  const { parameters } = before
  expect(() => optimizer.loadStateDict({ groups: [{ learningRate: 1, betas: [2, 2] }], parameters })).toThrow(
    'betas[0]',
  )
  expect(optimizer.stateDict()).toEqual(before)
})

test('step calls its closure first and returns its loss', () => {
  const p = value([3])
  const optimizer = new SGD([p], { learningRate: 0.5 })
  const loss = optimizer.step(() => {
    optimizer.zeroGrad()
    const y = p.square().sum()
    y.backward()
    return y
  })
  expect(loss?.item()).toBe(9)
  expect(p.item()).toBe(0)
})

test('maximize climbs', () => {
  const p = value([1])
  descend(new SGD([p], { learningRate: 0.1, maximize: true }), p)
  expect(p.item()).toBe(1.2)
})

test('a graph that read the old parameters cannot be differentiated after a step', () => {
  const p = value([1])
  const optimizer = new SGD([p], { learningRate: 0.1 })
  const y = p.square().sum()
  y.backward()
  optimizer.step()
  expect(() => y.backward()).toThrow(GradientError)
})

describe('what does not fit is said', () => {
  const p = value([1])
  const twoGroups = new SGD([{ parameters: [value(1)] }, { parameters: [value(1)] }])
  test.each([
    ['SGD: it got no parameters. Give model.parameters(), or groups [{ parameters, … }].', () => new SGD([])],
    [
      'SGD: it got no parameters. Give model.parameters(), or groups [{ parameters, … }].',
      () => new SGD(new MLP([1, 1]) as never),
    ],
    [
      'SGD: Value([1] 1) is not a parameter. Give Values that require a gradient, as value(…) makes them: model.parameters().',
      () => new SGD([constant([1])]),
    ],
    [
      'Adam: 1 is not a parameter. Give Values that require a gradient, as value(…) makes them: model.parameters().',
      () => new Adam([1] as never),
    ],
    ['SGD: a parameter is given twice. Name each once, in one group.', () => new SGD([p, p])],
    ['SGD: learningRate is -1. Give a number, 0 or more.', () => new SGD([p], { learningRate: -1 })],
    ['SGD: learningRate is NaN. Give a number, 0 or more.', () => new SGD([p], { learningRate: Number.NaN })],
    ["SGD: learningRate is '0.1'. Give a number, 0 or more.", () => new SGD([p], { learningRate: '0.1' as never })],
    ['SGD: weightDecay is -1. Give a number, 0 or more.', () => new SGD([{ parameters: [p], weightDecay: -1 }])],
    ['SGD: momentum is -0.5. Give a number, 0 or more.', () => new SGD([p], { momentum: -0.5 })],
    [
      'SGD: nesterov with momentum 0 and dampening 0. It needs a momentum above 0 and no dampening.',
      () => new SGD([p], { nesterov: true }),
    ],
    ['Adam: betas[1] is 1. Give a number, from 0 up to, not including, 1.', () => new Adam([p], { betas: [0.9, 1] })],
    ['AdamW: eps is -1. Give a number, 0 or more.', () => new AdamW([p], { eps: -1 })],
    ['Adadelta: rho is -1. Give a number, from 0 up to, not including, 1.', () => new Adadelta([p], { rho: -1 })],
    [
      'Adamax: betas[0] is 1. Give a number, from 0 up to, not including, 1.',
      () => new Adamax([p], { betas: [1, 0.9] }),
    ],
    ['NAdam: momentumDecay is -1. Give a number, 0 or more.', () => new NAdam([p], { momentumDecay: -1 })],
    ['RAdam: eps is -1. Give a number, 0 or more.', () => new RAdam([p], { eps: -1 })],
    ['RMSprop: alpha is -1. Give a number, 0 or more.', () => new RMSprop([p], { alpha: -1 })],
    ['Adagrad: learningRateDecay is -1. Give a number, 0 or more.', () => new Adagrad([p], { learningRateDecay: -1 })],
    [
      'loadStateDict: the state has 2 groups, this Adam has 1. Build it with the same groups.',
      () => new Adam([p]).loadStateDict(twoGroups.stateDict()),
    ],
    [
      'loadStateDict: the state has 1 parameters, this Adam has 2. Give it the same parameters.',
      () => new Adam([p, value(1)]).loadStateDict(new Adam([p]).stateDict()),
    ],
    [
      'loadStateDict: average of parameter 0 has 3 numbers, the parameter 1. Give the optimizer the same parameters, in the same order.',
      () => new Adam([p]).loadStateDict({ groups: [{}], parameters: [{ average: [1, 2, 3] }] }),
    ],
    [
      'loadStateDict: got an object without groups and parameters. Give a stateDict().',
      () => new Adam([p]).loadStateDict({} as never),
    ],
    [
      'loadStateDict: got undefined without groups and parameters. Give a stateDict().',
      () => new Adam([p]).loadStateDict(undefined as never),
    ],
    [
      "loadStateDict (Adam): there is no option 'momentum'. The options are learningRate, betas, eps, weightDecay, maximize, amsgrad.",
      () => new Adam([p]).loadStateDict(new SGD([p]).stateDict()),
    ],
    [
      'loadStateDict: the memory of parameter 0 has momentumBuffer, this optimizer remembers step (a number), average (a list of numbers), squareAverage (a list of numbers), largestSquareAverage (a list of numbers). Give the state of the same optimizer.',
      () => new Adam([p]).loadStateDict({ groups: [{}], parameters: [{ momentumBuffer: [1] }] }),
    ],
    [
      'loadStateDict: the memory of parameter 0 has average, this optimizer remembers step',
      () => new Adam([p]).loadStateDict({ groups: [{}], parameters: [{ average: 1 }] }),
    ],
    [
      'loadStateDict: the memory of parameter 0 lacks squareAverage, this optimizer remembers step',
      () => new Adam([p]).loadStateDict({ groups: [{}], parameters: [{ step: 1, average: [1] }] }),
    ],
    [
      'loadStateDict: the memory of parameter 0 has momentumBuffer, this optimizer remembers momentumBuffer (a list of numbers).',
      () => {
        const parameters = [{ momentumBuffer: ['a', null] as never }]
        new SGD([value([1, 2])], { momentum: 0.9 }).loadStateDict({ groups: [{}], parameters })
      },
    ],
    [
      'Adam: learningRate is -1. Give a number, 0 or more.',
      () => new Adam([p]).loadStateDict({ groups: [{ learningRate: -1 }], parameters: [null] }),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message)
  })

  test('with the classes of the errors', () => {
    expect(() => new SGD([])).toThrow(DomainError)
    expect(() => new Adam([p]).loadStateDict({ groups: [{}], parameters: [{ average: [1, 2] }] })).toThrow(ShapeError)
  })
})

test('RMSprop, centered: a gradient that stays the same leaves the parameter finite', () => {
  const p = value(0)
  const optimizer = new RMSprop([p], { centered: true, alpha: 0.5 })
  // At step 53 the mean square is 6e-14 less than the square of the mean.
  for (let step = 0; step < 60; step++) {
    optimizer.zeroGrad()
    p.mul(20.389866828918457).backward()
    optimizer.step()
  }
  expect(Number.isFinite(p.item())).toBe(true)
})

test('an optimizer of your own is one rule', () => {
  class SignDescent extends Optimizer<CommonOptions, Record<string, never>> {
    constructor(parameters: readonly Value[], learningRate: number) {
      super(parameters, { learningRate, weightDecay: 0, maximize: false })
    }
    protected override begin(): Record<string, never> {
      return {}
    }
    protected override update(
      p: FloatArray,
      g: FloatArray,
      _m: Record<string, never>,
      group: Group<CommonOptions>,
    ): void {
      g.forEach((slope, i) => {
        p[i] = (p[i] ?? 0) - group.learningRate * Math.sign(slope)
      })
    }
  }
  const p = value([1, -1])
  descend(new SignDescent([p], 0.25), p)
  expect(p.toArray()).toEqual([0.75, -0.75])
})
