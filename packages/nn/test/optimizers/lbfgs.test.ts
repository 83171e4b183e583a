import { DomainError, GradientError, ShapeError, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { LBFGS, type LBFGSOptions, SGD } from '../../src/index.ts'
import { strongWolfe, type Trial } from '../../src/optimizers/lineSearch.ts'

function rosenbrock(p: readonly Value[]): Value {
  const [x, y] = p as [Value, Value]
  return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100))
}

function run(optimizer: LBFGS, p: readonly Value[], steps: number, f = rosenbrock): number[] {
  return Array.from({ length: steps }, () =>
    optimizer
      .step(() => {
        optimizer.zeroGrad()
        const loss = f(p)
        loss.backward()
        return loss
      })
      .item(),
  )
}

const start = (): Value[] => [value(-1.2), value(1)]

test("PyTorch's defaults", () => {
  expect(new LBFGS(start()).stateDict()).toEqual({
    groups: [
      {
        learningRate: 1,
        maxIter: 20,
        maxEval: 25,
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearch: undefined,
      },
    ],
    memory: null,
  })
  expect(new LBFGS(start(), { maxIter: 10 }).groups[0].maxEval).toBe(12)
})

test('finds the minimum of Rosenbrock with a line search', () => {
  const p = start()
  const losses = run(new LBFGS(p, { lineSearch: 'strongWolfe' }), p, 5)
  expect(losses[0]).toBeCloseTo(24.2, 12)
  expect(p.map((x) => x.item())).toEqual([expect.closeTo(1, 4), expect.closeTo(1, 4)])
})

describe.each([
  ['with a line search', { lineSearch: 'strongWolfe', maxIter: 3 }],
  ['without', { learningRate: 0.1, maxIter: 4, historySize: 2 }],
] satisfies [string, Partial<LBFGSOptions>][])('%s', (_name, options) => {
  test('goes on from a saved state as if it had not stopped', () => {
    const straight = start()
    run(new LBFGS(straight, options), straight, 7)
    const first = start()
    const before = new LBFGS(first, options)
    run(before, first, 3)
    const saved = JSON.parse(JSON.stringify(before.stateDict()))
    const second = first.map((x) => value(x))
    const after = new LBFGS(second).loadStateDict(saved)
    expect(after.stateDict()).toEqual(before.stateDict())
    run(after, second, 4)
    expect(second.map((x) => x.item())).toEqual(straight.map((x) => x.item()))
  })
})

test('keeps no more steps than historySize, and none before the first iteration', () => {
  const p = start()
  const optimizer = new LBFGS(p, { lineSearch: 'strongWolfe', historySize: 3, maxIter: 10 })
  run(optimizer, p, 1)
  const { memory } = optimizer.stateDict()
  expect(memory?.steps).toHaveLength(3)
  expect(memory?.changes).toHaveLength(3)
  expect(memory?.iterations).toBe(10)
})

test('stops at the minimum without moving', () => {
  const p = [value(1), value(1)]
  expect(run(new LBFGS(p), p, 2)).toEqual([0, 0])
  expect(p.map((x) => x.item())).toEqual([1, 1])
})

test('float32 parameters stay float32', () => {
  const p = [value([3, -2], { dtype: 'float32' })]
  run(new LBFGS(p, { lineSearch: 'strongWolfe' }), p, 3, ([x]) => (x as Value).square().sum())
  expect(p[0]?.data).toBeInstanceOf(Float32Array)
  expect(Math.max(...(p[0]?.data ?? [1]).map(Math.abs))).toBeLessThan(1e-6)
})

test('the line search comes back from where the loss is not finite', () => {
  // −log x + x has its minimum at 1; the first step goes below 0, where it is NaN.
  const p = [value(3)]
  run(new LBFGS(p, { learningRate: 20, lineSearch: 'strongWolfe' }), p, 4, ([x]) =>
    (x as Value)
      .log()
      .neg()
      .add(x as Value),
  )
  expect(p[0]?.item()).toBeCloseTo(1, 6)
})

test('what the line search finds meets both Wolfe conditions', () => {
  const f = (t: number): Trial => {
    const loss = (t - 2) ** 4 + Math.sin(3 * t)
    const slope = 4 * (t - 2) ** 3 + 3 * Math.cos(3 * t)
    return { t, loss, slope, gradient: new Float64Array([slope]) }
  }
  for (const first of [1e-3, 0.1, 0.5, 1, 3, 10, 100]) {
    const { found } = strongWolfe(f(0), first, f, 1, 1e-9)
    expect(found.loss).toBeLessThanOrEqual(f(0).loss + 1e-4 * found.t * f(0).slope)
    expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * f(0).slope)
  }
})

describe('what does not fit is said', () => {
  const p = start()
  test.each([
    ['LBFGS: it got no parameters. Give model.parameters(), or groups [{ parameters, … }].', () => new LBFGS([])],
    [
      'LBFGS: got 2 groups. Give it one: its direction is for all parameters together.',
      () => new LBFGS([{ parameters: [value(1)] }, { parameters: [value(1)] }]),
    ],
    ['LBFGS: learningRate is -1. Give a number, 0 or more.', () => new LBFGS(p, { learningRate: -1 })],
    ['LBFGS: historySize is 0. Give a whole number, 1 or more.', () => new LBFGS(p, { historySize: 0 })],
    [
      "LBFGS: there is no line search 'armijo'. Use 'strongWolfe', or none.",
      () => new LBFGS(p, { lineSearch: 'armijo' as never }),
    ],
    [
      'LBFGS: step got no closure. Give a function that calls zeroGrad(), computes the loss, calls backward() and returns the loss.',
      () => new LBFGS(p).step(),
    ],
    [
      'loadStateDict: the state is of 2 numbers, the parameters of this LBFGS have 1. Give it the same parameters.',
      () => {
        const before = new LBFGS(p, { maxIter: 1 })
        run(before, p, 1)
        new LBFGS([value(1)]).loadStateDict(before.stateDict())
      },
    ],
  ])('%s', (message, wrong) => {
    expect(wrong).toThrow(message)
  })

  test('with the classes of the errors', () => {
    expect(() => new LBFGS(start()).step(() => value(1))).toThrow(GradientError)
    expect(() => new LBFGS(p).step()).toThrow(DomainError)
    const empty = { iterations: 1, evaluations: 1, t: 1, scale: 1, steps: [], changes: [] }
    const memory = { ...empty, direction: [1], gradient: [1] }
    expect(() => new LBFGS(p).loadStateDict({ groups: [{}], memory })).toThrow(ShapeError)
  })
})

test('a group may bring its own options', () => {
  const p = start()
  expect(new LBFGS([{ parameters: p, maxIter: 4 }], { maxIter: 8, learningRate: 0.5 }).groups[0]).toMatchObject({
    maxIter: 4,
    maxEval: 5,
    learningRate: 0.5,
  })
  expect(new SGD(p).groups[0]?.parameters).toEqual(p)
})
