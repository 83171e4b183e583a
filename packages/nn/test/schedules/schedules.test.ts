import { readFileSync } from 'node:fs'
import { DomainError, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adadelta,
  Adam,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LBFGS,
  MultiStepLR,
  OneCycleLR,
  ReduceLROnPlateau,
  type Schedule,
  type ScheduledOptimizer,
  SGD,
  StepLR,
  warmup,
} from '../../src/index.ts'

interface Reference {
  readonly scheduler: string
  readonly options: Readonly<Record<string, unknown>>
  readonly base_lr: number
  readonly lr_used_at_step: readonly number[]
  readonly momentum_used_at_step: number | readonly number[]
  readonly metric: readonly number[] | null
  readonly params_at_50: readonly number[]
}
const file = new URL('../data/schedules.torch.json', import.meta.url)
const { schedulers } = JSON.parse(readFileSync(file, 'utf8')) as { schedulers: Reference[] }

const kinds = { StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau }
const lambdas: Readonly<Record<string, (step: number) => number>> = {
  'min(1,(k+1)/10)  (linear warm-up over 10 steps)': (k) => Math.min(1, (k + 1) / 10),
  '0.95**k': (k) => 0.95 ** k,
  '1/sqrt(k+1)': (k) => 1 / Math.sqrt(k + 1),
}
const renamed: Readonly<Record<string, string>> = {
  T_max: 'tMax',
  eta_min: 'minLearningRate',
  max_lr: 'maxLearningRate',
  min_lr: 'minLearningRate',
}

function build({ scheduler, options }: Reference, optimizer: ScheduledOptimizer): Schedule {
  const lambda = lambdas[String(options.lambda_)]
  if (lambda !== undefined) return new LambdaLR(optimizer, lambda)
  const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
  const own = Object.fromEntries(Object.entries(options).map(([k, x]) => [renamed[k] ?? camelCase(k), x]))
  const Kind = kinds[scheduler as keyof typeof kinds] as new (o: ScheduledOptimizer, options: object) => Schedule
  return new Kind(optimizer, own)
}

/** The steps of 0.05·quad from [1, −2] that the references took, if asked with a stop and a new start on the way. */
function steps(reference: Reference, resumeAt = -1) {
  let x = value([1, -2])
  let optimizer = new SGD([x], { learningRate: reference.base_lr, momentum: 0.9 })
  let schedule = build(reference, optimizer)
  const used: { rate: number; momentum: number }[] = []
  for (let k = 0; k < 50; k++) {
    if (k === resumeAt) {
      const saved = JSON.parse(JSON.stringify([optimizer.stateDict(), schedule.stateDict()]))
      x = value(x)
      optimizer = new SGD([x], { learningRate: reference.base_lr, momentum: 0.9 })
      schedule = build(reference, optimizer)
      optimizer.loadStateDict(saved[0])
      schedule.loadStateDict(saved[1])
    }
    const [group] = optimizer.groups
    used.push({ rate: group?.learningRate ?? Number.NaN, momentum: group?.momentum ?? Number.NaN })
    optimizer.zeroGrad()
    const [a, b] = [x.at(0), x.at(1)]
    a.square().add(b.square().mul(10)).add(a.mul(b).mul(3)).mul(0.025).backward()
    optimizer.step()
    schedule.step(reference.metric?.[k])
  }
  return { used, end: Array.from(x.data) }
}

const named = schedulers.map((r) => [`${r.scheduler} ${JSON.stringify(r.options)}`, r] as const)

describe("PyTorch's learning rates, momenta and parameters", () => {
  test.each(named)('%s', (_name, reference) => {
    const { used, end } = steps(reference)
    const { lr_used_at_step: rates, momentum_used_at_step: momenta } = reference
    for (const [k, { rate, momentum }] of used.entries()) {
      const expected = rates[k] ?? Number.NaN
      expect(Math.abs(rate - expected)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(expected), 1e-3))
      expect(momentum).toBeCloseTo(typeof momenta === 'number' ? momenta : (momenta[k] ?? Number.NaN), 13)
    }
    for (const [i, p] of reference.params_at_50.entries()) expect(end[i]).toBeCloseTo(p, 11)
  })

  test.each(named)('stopped and resumed, to the last bit: %s', (_name, reference) => {
    expect(steps(reference, 23)).toEqual(steps(reference))
  })

  test('of all kinds', () => {
    expect([...new Set(schedulers.map(({ scheduler }) => scheduler))].sort()).toEqual(
      [...Object.keys(kinds), 'LambdaLR'].sort(),
    )
  })
})

function rates(optimizer: ScheduledOptimizer, schedule: Schedule, count: number): number[] {
  return Array.from({ length: count }, () => {
    const rate = optimizer.groups[0]?.learningRate ?? Number.NaN
    schedule.step(1)
    return rate
  })
}

describe('warmup', () => {
  test('rises in a line, then stays', () => {
    const optimizer = new SGD([value(1)], { learningRate: 0.5 })
    expect(rates(optimizer, warmup(optimizer, { steps: 5 }), 8)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5])
  })

  test('then the schedule that follows goes on, also after a stop', () => {
    const make = () => {
      const optimizer = new Adam([value(1)], { learningRate: 1 })
      return {
        optimizer,
        schedule: warmup(optimizer, { steps: 2, next: new ExponentialLR(optimizer, { gamma: 0.5 }) }),
      }
    }
    const straight = make()
    expect(rates(straight.optimizer, straight.schedule, 5)).toEqual([0.5, 1, 0.5, 0.25, 0.125])
    const [first, second] = [make(), make()]
    rates(first.optimizer, first.schedule, 3)
    second.optimizer.loadStateDict(first.optimizer.stateDict())
    second.schedule.loadStateDict(JSON.parse(JSON.stringify(first.schedule.stateDict())))
    expect(rates(second.optimizer, second.schedule, 2)).toEqual([0.25, 0.125])
  })

  test('a single step is the whole learning rate', () => {
    const optimizer = new SGD([value(1)], { learningRate: 0.5 })
    expect(rates(optimizer, warmup(optimizer, { steps: 1 }), 2)).toEqual([0.5, 0.5])
  })
})

test('every group keeps its own learning rate', () => {
  const optimizer = new SGD([{ parameters: [value(1)], learningRate: 0.5 }, { parameters: [value(1)] }], {
    learningRate: 0.1,
  })
  const schedule = new LambdaLR(optimizer, [(k) => 1 / (k + 1), () => 2])
  schedule.step()
  expect(optimizer.groups.map(({ learningRate }) => learningRate)).toEqual([0.25, 0.2])
  new OneCycleLR(optimizer, { maxLearningRate: [1, 2], epochs: 5, stepsPerEpoch: 4 })
  expect(optimizer.groups.map(({ learningRate }) => learningRate)).toEqual([
    expect.closeTo(0.04, 14),
    expect.closeTo(0.08, 14),
  ])
})

test('two schedules of one optimizer both count', () => {
  const optimizer = new LBFGS([value(1)])
  const both = [new ExponentialLR(optimizer, { gamma: 0.5 }), new StepLR(optimizer, { stepSize: 2, gamma: 0.1 })]
  for (const schedule of [...both, ...both]) schedule.step()
  expect(optimizer.groups[0].learningRate).toBeCloseTo(0.025, 15)
})

test("OneCycleLR cycles β₁ of Adam's family", () => {
  const optimizer = new Adam([value(1)])
  const schedule = new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 10 })
  expect(optimizer.groups[0]?.betas).toEqual([0.95, 0.999])
  schedule.step()
  schedule.step()
  expect(optimizer.groups[0]?.betas[0]).toBeCloseTo(0.85, 15)
})

describe('what does not fit is said', () => {
  const optimizer = new SGD([value(1)])
  test.each<readonly [string, () => unknown]>([
    ...[StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR, LambdaLR, ReduceLROnPlateau, warmup].map(
      (kind) =>
        [
          `${kind.name}: the optimizer is undefined. Give the one whose learning rate is to change, new Adam(model.parameters()), first.`,
          () => (kind === warmup ? Reflect.apply(kind, undefined, []) : Reflect.construct(kind, [])),
        ] as const,
    ),
    ['StepLR: the optimizer is an object. Give', () => new StepLR({ stepSize: 3 } as never, { stepSize: 3 })],
    ['MultiStepLR: the options are undefined. Give', () => new MultiStepLR(optimizer, undefined as never)],
    [
      'MultiStepLR: milestones is undefined. Give a list of steps: [30, 80].',
      () => new MultiStepLR(optimizer, {} as never),
    ],
    ['OneCycleLR: the options are undefined. Give', () => new OneCycleLR(optimizer, undefined as never)],
    [
      'OneCycleLR: maxLearningRate is undefined. Give a number, 0 or more.',
      () => new OneCycleLR(optimizer, { totalSteps: 9 } as never),
    ],
    [
      "OneCycleLR: divFactor is 'a'. Give a number above 0.",
      () => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 9, divFactor: 'a' as never }),
    ],
    [
      'OneCycleLR: baseMomentum is 2. Give a number from 0 to 1.',
      () => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 9, baseMomentum: 2 }),
    ],
    [
      'LambdaLR: the factor is undefined. Give a function of the step, (step) => 0.95 ** step, or one a group.',
      () => new LambdaLR(optimizer, undefined as never),
    ],
    ['LambdaLR: the factor is a list of 1. Give a function', () => new LambdaLR(optimizer, [3 as never])],
    [
      'LambdaLR: got 2 functions for 1 groups. Give one, or one a group.',
      () => new LambdaLR(optimizer, [Number, Number]),
    ],
    [
      'LambdaLR: the factor of step 0 is undefined. Return a number.',
      () => new LambdaLR(optimizer, (() => undefined) as never),
    ],
    ['warmup: next is 3. Give a schedule:', () => warmup(optimizer, { steps: 1, next: 3 as never })],
    [
      'ReduceLROnPlateau: patience is -1. Give a whole number, 0 or more.',
      () => new ReduceLROnPlateau(optimizer, { patience: -1 }),
    ],
    [
      'ReduceLROnPlateau: cooldown is -2. Give a whole number, 0 or more.',
      () => new ReduceLROnPlateau(optimizer, { cooldown: -2 }),
    ],
    [
      "ReduceLROnPlateau: threshold is 'a'. Give a number, 0 or more.",
      () => new ReduceLROnPlateau(optimizer, { threshold: 'a' as never }),
    ],
    [
      'ReduceLROnPlateau: minLearningRate has 2 numbers for 1 groups. Give one, or one a group.',
      () => new ReduceLROnPlateau(optimizer, { minLearningRate: [0, 0] }),
    ],
    ["ReduceLROnPlateau: step got 'a'. Give the figure", () => new ReduceLROnPlateau(optimizer).step('a' as never)],
    [
      'loadStateDict: the state is not of a StepLR over 1 groups. Give',
      () => new StepLR(optimizer, { stepSize: 1 }).loadStateDict(undefined as never),
    ],
    [
      'loadStateDict: the state is not of a StepLR over 1 groups. Give',
      () => new StepLR(optimizer, { stepSize: 1 }).loadStateDict({ count: 1, base: ['a'] }),
    ],
    [
      'loadStateDict: the state is not of a ReduceLROnPlateau. Give',
      () => new ReduceLROnPlateau(optimizer).loadStateDict(null as never),
    ],
    [
      'loadStateDict: the state is not of a Warmup over 1 groups.',
      () => warmup(optimizer, { steps: 1 }).loadStateDict(undefined as never),
    ],
    ['StepLR: stepSize is 0. Give a whole number, 1 or more.', () => new StepLR(optimizer, { stepSize: 0 })],
    ['ExponentialLR: gamma is -1. Give a number, 0 or more.', () => new ExponentialLR(optimizer, { gamma: -1 })],
    [
      'MultiStepLR: a milestone is 0.5. Give a whole number, 1 or more.',
      () => new MultiStepLR(optimizer, { milestones: [0.5] }),
    ],
    [
      'CosineAnnealingLR: tMax is NaN. Give a whole number, 1 or more.',
      () => new CosineAnnealingLR(optimizer, { tMax: Number.NaN }),
    ],
    [
      'OneCycleLR: totalSteps is 0. Give a whole number, 1 or more.',
      () => new OneCycleLR(optimizer, { maxLearningRate: 1, epochs: 3 }),
    ],
    [
      'OneCycleLR: pctStart is 2. Give a number from 0 to 1.',
      () => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 9, pctStart: 2 }),
    ],
    [
      "OneCycleLR: there is no annealStrategy 'sin'. Use 'cos' or 'linear'.",
      () => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 9, annealStrategy: 'sin' as never }),
    ],
    [
      'OneCycleLR: maxLearningRate has 0 numbers for 1 groups. Give one, or one a group.',
      () => new OneCycleLR(optimizer, { maxLearningRate: [], totalSteps: 9 }),
    ],
    [
      'OneCycleLR: the optimizer has neither momentum nor betas. Say { cycleMomentum: false }, or use SGD or Adam.',
      () => new OneCycleLR(new Adadelta([value(1)]), { maxLearningRate: 1, totalSteps: 9 }),
    ],
    [
      'OneCycleLR: step 3 of 2. The cycle is over: give it more totalSteps, one an update.',
      () => rates(optimizer, new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 2 }), 3),
    ],
    [
      'ReduceLROnPlateau: factor is 1. Give a number from 0 up to, not including, 1.',
      () => new ReduceLROnPlateau(optimizer, { factor: 1 }),
    ],
    [
      'ReduceLROnPlateau: step got no metric. Give the figure to watch: step(validationLoss).',
      () => new ReduceLROnPlateau(optimizer).step(),
    ],
    ['warmup: steps is 0. Give a whole number, 1 or more.', () => warmup(optimizer, { steps: 0 })],
    [
      'loadStateDict: the state is not of a StepLR over 1 groups. Give the stateDict() of a schedule built alike.',
      () => new StepLR(optimizer, { stepSize: 2 }).loadStateDict({ count: 1, base: [1, 2] }),
    ],
    [
      'loadStateDict: the state is not of a StepLR over 1 groups. Give',
      () => new StepLR(optimizer, { stepSize: 2 }).loadStateDict({ count: Number.NaN, base: [1] }),
    ],
    [
      'loadStateDict: the state is not of a ReduceLROnPlateau. Give',
      () => new ReduceLROnPlateau(optimizer).loadStateDict({ best: 'low', bad: 0, resting: 0 }),
    ],
    [
      'loadStateDict: the state is of a warmup without a schedule that follows. Give',
      () => {
        const next = new StepLR(optimizer, { stepSize: 2 })
        warmup(optimizer, { steps: 2, next }).loadStateDict(warmup(optimizer, { steps: 2 }).stateDict())
      },
    ],
    [
      'loadStateDict: the state is not of a ReduceLROnPlateau. Give the stateDict() of one.',
      () => new ReduceLROnPlateau(optimizer).loadStateDict({ count: 1, base: [1] }),
    ],
  ])('%s', (message, wrong) => {
    expect(wrong).toThrow(message)
    expect(wrong).toThrow(DomainError)
  })
})

test('a state that does not fit the schedule after a warmup changes nothing', () => {
  const optimizer = new SGD([value(1)], { learningRate: 1 })
  const schedule = warmup(optimizer, { steps: 2, next: new StepLR(optimizer, { stepSize: 2 }) })
  const before = schedule.stateDict()
  expect(() => schedule.loadStateDict({ count: 5, base: [7], next: { count: 'x' } })).toThrow(DomainError)
  expect(schedule.stateDict()).toEqual(before)
})
