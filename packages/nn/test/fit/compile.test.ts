/** fit with { compile: true }: the same training as without, to the last roundings. */
import { random, TraceError, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adam,
  BatchNorm,
  type CheckpointStorage,
  CosineAnnealingLR,
  crossEntropyLoss,
  Dropout,
  type FitOptions,
  fit,
  LBFGS,
  Linear,
  MLP,
  Module,
  mseLoss,
  OneCycleLR,
  ReduceLROnPlateau,
  type ScheduledOptimizer,
  Sequential,
  SGD,
  StepLR,
  warmup,
} from '../../src/index.ts'

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
const y = x.map(([a, b]) => [(a as number) * (b as number)])

type Extra = (optimizer: ScheduledOptimizer) => Partial<FitOptions>

/** Dropout and batch norm among the layers, every stream seeded. */
function network(): Module {
  return new Sequential(
    new Linear(2, 6, { random: random(1), bias: false }),
    new BatchNorm(6, { momentum: null }),
    'tanh',
    new Dropout(0.3, { random: random(5) }),
    new Linear(6, 1, { random: random(2) }),
  )
}

async function train(options: Partial<FitOptions>, extra: Extra = () => ({}), make = network) {
  const model = make()
  const optimizer = new Adam(model.parameters(), { learningRate: 0.02 })
  const losses: number[] = []
  const history = await fit(
    model,
    { x, y },
    {
      loss: mseLoss,
      optimizer,
      epochs: 5,
      batchSize: 4,
      random: random(3),
      callbacks: [{ onBatch: ({ loss }) => void losses.push(loss) }],
      ...options,
      ...extra(optimizer),
    },
  )
  return { numbers: [...losses, ...history.loss, ...stateOf(model)], history, state: optimizer.stateDict() }
}

function stateOf(model: Module): number[] {
  return Object.values(model.stateDict()).flatMap((part) => Array.from(part.data))
}

function close(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length)
  expect(Math.max(...got.map((a, i) => Math.abs(a - (wanted[i] as number))))).toBeLessThan(1e-10)
}

describe('the same as without', () => {
  const cases: Readonly<Record<string, Partial<FitOptions>>> = {
    'batches of 4, 4 and 3': {},
    'the whole set': { batchSize: 'full' },
    'accumulation, of 3 batches and of what is left': { batchSize: 3, accumulate: 3 },
    clipGradNorm: { clipGradNorm: 0.1 },
    'clipGradValue with accumulation': { clipGradValue: 0.01, accumulate: 2 },
    validation: { validation: { x: x.slice(0, 5), y: y.slice(0, 5) }, earlyStopping: { patience: 1 } },
  }
  test.each(Object.entries(cases))('%s', async (_name, options) => {
    const [got, wanted] = [await train({ ...options, compile: true }), await train(options)]
    close(got.numbers, wanted.numbers)
    expect(got.history.updates).toBe(wanted.history.updates)
  })

  const schedules: Readonly<Record<string, Extra>> = {
    OneCycleLR: (o) => ({ schedule: new OneCycleLR(o, { maxLearningRate: 0.1, totalSteps: 15 }) }),
    'StepLR after each update': (o) => ({ schedule: { schedule: new StepLR(o, { stepSize: 2 }), per: 'step' } }),
    warmup: (o) => ({ schedule: warmup(o, { steps: 3, next: new CosineAnnealingLR(o, { tMax: 5 }) }) }),
    ReduceLROnPlateau: (o) => ({ schedule: new ReduceLROnPlateau(o, { patience: 0, factor: 0.5 }) }),
  }
  test.each(Object.entries(schedules))('%s', async (_name, schedule) => {
    const [got, wanted] = [await train({ compile: true }, schedule), await train({}, schedule)]
    close(got.numbers, wanted.numbers)
    expect(got.state.groups).toEqual(wanted.state.groups)
  })

  test('parameters that the optimizer does not hold stay, and gather nothing', async () => {
    const run = async (compile: boolean) => {
      const model = new MLP([2, 4, 1], { random: random(1) })
      const optimizer = new SGD(model.layers[1]?.parameters() ?? [], { learningRate: 0.1 })
      await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 3, batchSize: 4, compile })
      return stateOf(model)
    }
    close(await run(true), await run(false))
  })

  test('LBFGS, whose steps look at numbers', async () => {
    const run = async (compile: boolean) => {
      const model = new MLP([2, 4, 1], { random: random(1) })
      const optimizer = new LBFGS(model.parameters(), { lineSearch: 'strongWolfe', maxIter: 4 })
      const history = await fit(
        model,
        { x, y },
        { loss: mseLoss, optimizer, epochs: 3, batchSize: 6, accumulate: 2, compile },
      )
      return [...history.loss, ...stateOf(model)]
    }
    close(await run(true), await run(false))
  })

  test('classes in float32', async () => {
    const run = async (compile: boolean) => {
      const model = new MLP([2, 8, 3], { random: random(1), dtype: 'float32' })
      const optimizer = new Adam(model.parameters())
      const history = await fit(
        model,
        { x, y: x.map((_, i) => i % 3) },
        { loss: crossEntropyLoss, optimizer, epochs: 3, batchSize: 4, compile, clipGradNorm: 0.5 },
      )
      expect(model.parameters().every(({ dtype }) => dtype === 'float32')).toBe(true)
      return [...history.loss, ...stateOf(model)]
    }
    const [got, wanted] = [await run(true), await run(false)]
    expect(Math.max(...got.map((a, i) => Math.abs(a - (wanted[i] as number))))).toBeLessThan(1e-5)
  })
})

test('parameters hold no gradients afterwards', async () => {
  const model = network()
  const optimizer = new Adam(model.parameters())
  await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 2, batchSize: 4, compile: true })
  expect(model.parameters().filter(({ hasGrad }) => hasGrad)).toEqual([])
})

test('model and loss are called once for each shape of batch', async () => {
  let calls = 0
  const loss = (p: Value, t: Value): Value => {
    calls++
    return mseLoss(p, t)
  }
  await train({ loss, compile: true })
  expect(calls).toBe(2)
})

test('a run that is killed and resumed ends with the same bits', async () => {
  const texts: string[] = []
  const storage: CheckpointStorage = { save: (text) => void texts.push(text), load: () => texts.at(-1) }
  const schedule: Extra = (o) => ({ schedule: new StepLR(o, { stepSize: 2 }) })
  const options: Partial<FitOptions> = { compile: true, callbacks: [], clipGradNorm: 0.3 }
  const kill = {
    onBatch: ({ epoch, batch }: { epoch: number; batch: number }) => {
      if (epoch === 4 && batch === 2) throw new RangeError('killed')
    },
  }
  await expect(train({ ...options, callbacks: [kill], checkpoint: { storage } }, schedule)).rejects.toThrow('killed')
  const resumed = await train({ ...options, checkpoint: { storage, resume: true } }, schedule)
  expect(resumed).toEqual(await train(options, schedule))
})

describe('what goes wrong', () => {
  const broken = (row: number) => x.map((pair, i) => (i === row ? [Number.POSITIVE_INFINITY, 0] : pair))

  test.each([{}, { accumulate: 2 }])(
    'a loss that is not finite, with %o: epoch, batch and operation',
    async (options) => {
      for (const compile of [false, true]) {
        const model = new MLP([2, 4, 1], { random: random(1), activation: 'relu' })
        const before = stateOf(model)
        const optimizer = new SGD(model.parameters(), { momentum: 0.9 })
        const run = fit(
          model,
          { x: broken(9), y },
          {
            loss: mseLoss,
            optimizer,
            epochs: 2,
            batchSize: 11,
            shuffle: false,
            compile,
            ...options,
          },
        )
        await expect(run).rejects.toThrow(/^fit: the loss became (NaN|Infinity) in epoch 1, batch 1: matmul gave/)
        expect(stateOf(model)).toEqual(before)
        expect(optimizer.stateDict().parameters).toEqual([null, null, null, null])
      }
    },
  )

  test('a gradient that is not finite', async () => {
    class Root extends Module {
      readonly w: Value = value(0, { label: 'w' })
      override forward(input: Value): Value {
        return input.mul(this.w.sqrt())
      }
    }
    for (const Make of [SGD, LBFGS]) {
      const model = new Root()
      const optimizer = new Make(model.parameters())
      const run = fit(model, { x, y: x }, { loss: mseLoss, optimizer, epochs: 2, batchSize: 4, compile: true })
      await expect(run).rejects.toThrow(
        /^fit: the gradient of w became (NaN|-?Infinity) in epoch 1, batch 1: the backward rule of sqrt/,
      )
      expect(model.w.item()).toBe(0)
    }
  })

  test('a model that looks at numbers', async () => {
    class Peeking extends MLP {
      override forward(input: Value): Value {
        return input.max().item() > 0.5 ? super.forward(input) : super.forward(input.neg())
      }
    }
    const model = new Peeking([2, 1])
    const optimizer = new SGD(model.parameters())
    const run = fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1, compile: true })
    await expect(run).rejects.toThrow(TraceError)
    expect(model.parameters().some(({ hasGrad }) => hasGrad)).toBe(false)
  })

  test('a class that is none, in a later batch', async () => {
    const model = new MLP([2, 3], { random: random(1) })
    const optimizer = new SGD(model.parameters())
    const classes = x.map((_, i) => (i === 6 ? -1 : i % 3))
    const run = fit(
      model,
      { x, y: classes },
      {
        loss: crossEntropyLoss,
        optimizer,
        epochs: 1,
        batchSize: 4,
        shuffle: false,
        compile: true,
      },
    )
    await expect(run).rejects.toThrow('crossEntropyLoss: the class -1 is none of 3.')
  })

  test('compile is neither true nor false', async () => {
    const model = new MLP([2, 1])
    const optimizer = new SGD(model.parameters())
    const run = fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1, compile: 1 as never })
    await expect(run).rejects.toThrow('fit: compile is 1. Give true or false.')
  })
})
