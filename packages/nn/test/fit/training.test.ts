import { DomainError, random, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adam,
  clipGradNorm,
  ExponentialLR,
  type FitOptions,
  fit,
  type Input,
  LBFGS,
  Linear,
  Module,
  maeLoss,
  mseLoss,
  OneCycleLR,
  ReduceLROnPlateau,
  type ScheduleOption,
  SGD,
  warmup,
} from '../../src/index.ts'

const x = Array.from({ length: 10 }, (_, i) => [(i % 4) / 2 - 1, Math.floor(i / 4) - 1])
const y = x.map(([a, b]) => [2 * (a as number) - (b as number) + 1])
const line = (): Linear => new Linear(2, 1, { random: random(1) })
const weights = (model: Module): number[] => model.parameters().flatMap((p) => Array.from(p.data))

describe('schedules', () => {
  /** The learning rate that each batch of two (five an epoch, one update each) was trained with. */
  async function rates(make: (optimizer: SGD) => ScheduleOption, epochs = 2): Promise<number[]> {
    const model = line()
    const optimizer = new SGD(model.parameters(), { learningRate: 0.08 })
    const seen: number[] = []
    const loss: FitOptions['loss'] = (p, t) => {
      seen.push(optimizer.groups[0]?.learningRate ?? Number.NaN)
      return mseLoss(p, t)
    }
    await fit(model, { x, y }, { loss, optimizer, epochs, batchSize: 2, schedule: make(optimizer) })
    return seen
  }
  const [a, b] = [0.08, 0.04]

  test('take a step an epoch', async () => {
    expect(await rates((o) => new ExponentialLR(o, { gamma: 0.5 }))).toEqual([a, a, a, a, a, b, b, b, b, b])
  })

  test('or an update: as said, or by their nature', async () => {
    const halves = Array.from({ length: 10 }, (_, i) => 0.08 / 2 ** i)
    expect(await rates((o) => ({ schedule: new ExponentialLR(o, { gamma: 0.5 }), per: 'step' }))).toEqual(halves)
    const cycle = await rates((o) => new OneCycleLR(o, { maxLearningRate: 0.2, totalSteps: 10, cycleMomentum: false }))
    expect(cycle[2]).toBeCloseTo(0.2, 14)
    expect(cycle[9]).toBeLessThan(1e-5)
  })

  test('several at their own pace', async () => {
    const both = await rates((o) => [new ExponentialLR(o, { gamma: 0.5 }), warmup(o, { steps: 2 })])
    expect(both).toEqual([b, a, a, a, a, b, b, b, b, b])
  })

  test('a plateau watches the validation loss', async () => {
    const model = line()
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
    const schedule = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 })
    // The validation part wants the opposite, so its loss rises from the second epoch on.
    const validation = { x, y: y.map(([t]) => [-5 * (t as number)]) }
    await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 3, schedule, validation })
    expect(optimizer.groups[0]?.learningRate).toBe(0.025)
  })
})

describe('gradient accumulation', () => {
  test('four batches of two and one of two are the updates of batches of eight and two', async () => {
    const [small, large] = [line(), line()]
    const options = { loss: mseLoss, epochs: 3, shuffle: false }
    const one = await fit(
      small,
      { x, y },
      { ...options, optimizer: new Adam(small.parameters()), batchSize: 2, accumulate: 4 },
    )
    const other = await fit(large, { x, y }, { ...options, optimizer: new Adam(large.parameters()), batchSize: 8 })
    expect(one.updates).toBe(6)
    expect(other.updates).toBe(6)
    for (const [i, w] of weights(small).entries()) expect(w).toBeCloseTo(weights(large)[i] as number, 14)
    for (const [i, l] of one.loss.entries()) expect(l).toBeCloseTo(other.loss[i] as number, 14)
  })

  test('counts every example the same when the last batch is smaller, and reports every batch', async () => {
    const [small, large] = [line(), line()]
    const seen: number[] = []
    const options = { loss: mseLoss, epochs: 1, shuffle: false }
    const callbacks = [{ onBatch: ({ batch }: { batch: number }) => void seen.push(batch) }]
    const optimizer = new SGD(small.parameters(), { learningRate: 0.1 })
    await fit(small, { x, y }, { ...options, optimizer, batchSize: 4, accumulate: 3, callbacks })
    const full = new SGD(large.parameters(), { learningRate: 0.1 })
    await fit(large, { x, y }, { ...options, optimizer: full, batchSize: 'full' })
    expect(seen).toEqual([1, 2, 3])
    for (const [i, w] of weights(small).entries()) expect(w).toBeCloseTo(weights(large)[i] as number, 14)
  })
})

describe('gradient clipping', () => {
  test('of the norm: as by hand', async () => {
    const [model, hand] = [line(), line()]
    const optimizer = new SGD(model.parameters(), { learningRate: 0.5 })
    await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1, batchSize: 'full', clipGradNorm: 0.1 })
    mseLoss(hand.forward(x), y).backward()
    expect(clipGradNorm(hand.parameters(), 0.1)).toBeGreaterThan(1)
    new SGD(hand.parameters(), { learningRate: 0.5 }).step()
    expect(weights(model)).toEqual(weights(hand))
    expect(weights(model)).not.toEqual(weights(line()))
  })

  test('of the elements', async () => {
    const model = line()
    const optimizer = new SGD(model.parameters(), { learningRate: 1 })
    await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1, batchSize: 'full', clipGradValue: 1e-3 })
    for (const [i, w] of weights(line()).entries())
      expect(Math.abs(w - (weights(model)[i] as number))).toBeCloseTo(1e-3, 9)
  })
})

test('LBFGS finds the line in a few steps', async () => {
  const model = line()
  const optimizer = new LBFGS(model.parameters(), { lineSearch: 'strongWolfe' })
  const history = await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 5, batchSize: 'full' })
  expect(history.updates).toBe(5)
  expect(history.loss.at(-1)).toBeLessThan(1e-10)
})

describe('an AbortSignal', () => {
  test('ends the training before the next update', async () => {
    const model = line()
    const controller = new AbortController()
    const callbacks = [
      {
        onBatch: ({ epoch, batch }: { epoch: number; batch: number }) => {
          if (epoch === 2 && batch === 3) controller.abort()
        },
      },
    ]
    const optimizer = new SGD(model.parameters())
    const options = { loss: mseLoss, optimizer, epochs: 9, batchSize: 2, callbacks, signal: controller.signal }
    const history = await fit(model, { x, y }, options)
    expect(history).toMatchObject({ stopped: 'aborted', updates: 8 })
    expect(history.loss).toHaveLength(1)
    expect(model.training).toBe(false)
  })

  test('aborted from outside, or before the start', async () => {
    const model = line()
    const optimizer = new SGD(model.parameters())
    const options = { loss: mseLoss, optimizer, epochs: 1e6 }
    const history = await fit(model, { x, y }, { ...options, signal: AbortSignal.timeout(20) })
    expect(history.stopped).toBe('aborted')
    expect(history.updates).toBeGreaterThan(0)
    const before = weights(model)
    expect(await fit(model, { x, y }, { ...options, signal: AbortSignal.abort() })).toMatchObject({ updates: 0 })
    expect(weights(model)).toEqual(before)
  })
})

describe('what is not finite stops the training, with epoch, batch and operation', () => {
  class Log extends Module {
    readonly slope: Value = value(1)
    override forward(input: Input): Value {
      return this.slope.mul(input as Value).log()
    }
  }
  const run = (data: number[][], options: Partial<FitOptions> = {}) => {
    const model = new Log()
    const optimizer = new SGD(model.parameters(), { learningRate: 1e-3 })
    const all = { loss: maeLoss, optimizer, epochs: 3, batchSize: 2, shuffle: false, ...options }
    return fit(model, { x: data, y: data.map(() => [0]) }, all)
  }

  test('a NaN loss', async () => {
    const failing = run([[1], [2], [3], [4], [5], [-6]])
    await expect(failing).rejects.toThrow(DomainError)
    await expect(failing).rejects.toThrow(
      /^fit: the loss became NaN in epoch 1, batch 3: log gave NaN at flat index 1 of \[2, 1\] from .*Lower the learning rate, scale the inputs, or look for NaN in the data\.$/,
    )
  })

  test('in the right batch of an update of several', async () => {
    const failing = run([[1], [2], [3], [-4], [5], [6]], { accumulate: 3 })
    await expect(failing).rejects.toThrow(/^fit: the loss became NaN in epoch 1, batch 2: log gave NaN/)
  })

  test('NaN in the data', async () => {
    await expect(run([[1], [Number.NaN]])).rejects.toThrow(/epoch 1, batch 1: mul gave NaN at flat index 1 of \[2, 1\]/)
  })

  test('a gradient, before it spoils the parameters', async () => {
    const model = new Linear(2, 1, { init: 'zeros' })
    const optimizer = new SGD(model.parameters())
    const failing = fit(model, { x, y }, { loss: (p) => p.sqrt().sum(), optimizer, epochs: 2 })
    await expect(failing).rejects.toThrow(
      /^fit: the gradient of (weight|bias) became (NaN|-?Infinity) in epoch 1, batch 1: the backward rule of sqrt gave Infinity/,
    )
    expect(weights(model)).toEqual([0, 0, 0])
  })

  test('one that no operation made anew is told without', async () => {
    let calls = 0
    const model = line()
    const loss: FitOptions['loss'] = (p, t) => mseLoss(p, t).mul(calls++ === 2 ? Number.NaN : 1)
    const failing = fit(model, { x, y }, { loss, optimizer: new SGD(model.parameters()), epochs: 3, batchSize: 'full' })
    await expect(failing).rejects.toThrow(
      'fit: the loss became NaN in epoch 3, batch 1. Lower the learning rate, scale the inputs, or look for NaN in the data.',
    )
  })
})
