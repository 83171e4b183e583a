import { DomainError, random, ShapeError, type Value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  Adam,
  accuracy,
  type BatchReport,
  crossEntropyLoss,
  type FitOptions,
  fit,
  Linear,
  MLP,
  Module,
  mseLoss,
  r2Score,
  SGD,
} from '../../src/index.ts'

// y = 2a − b + 1, on a grid
const x = Array.from({ length: 12 }, (_, i) => [(i % 4) / 2 - 1, Math.floor(i / 4) - 1])
const y = x.map(([a, b]) => [2 * (a as number) - (b as number) + 1])

function line(learningRate = 0.1): { model: Linear; options: Pick<FitOptions, 'loss' | 'optimizer'> } {
  const model = new Linear(2, 1, { random: random(1) })
  return { model, options: { loss: mseLoss, optimizer: new SGD(model.parameters(), { learningRate }) } }
}

describe('gradient descent', () => {
  test('full batch: one update an epoch, by hand the same', async () => {
    const { model, options } = line()
    const history = await fit(model, { x, y }, { ...options, epochs: 3, batchSize: 'full' })
    expect(history.updates).toBe(3)
    const hand = line()
    const losses = Array.from({ length: 3 }, () => {
      hand.options.optimizer.zeroGrad()
      const loss = mseLoss(hand.model.forward(x), y)
      loss.backward()
      ;(hand.options.optimizer as SGD).step()
      return loss.item()
    })
    expect(history.loss).toEqual(losses)
    expect(model.weight.toArray()).toEqual(hand.model.weight.toArray())
  })

  test.each([
    ['stochastic', 1, 12],
    ['mini-batch', 5, 3],
    ['mini-batch, 32 by default', undefined, 1],
    ['full', 'full' as const, 1],
  ])('%s finds the line', async (_name, batchSize, updates) => {
    const { model, options } = line()
    const size = batchSize === undefined ? {} : { batchSize }
    const history = await fit(model, { x, y }, { ...options, ...size, epochs: 300 })
    expect(history.updates).toBe(300 * updates)
    expect(history.loss.at(-1)).toBeLessThan(1e-6)
    expect(model.weight.at(0, 0).item()).toBeCloseTo(2, 2)
    expect(history.stopped).toBe('epochs')
  })

  test('learns XOR from plain arrays', async () => {
    const model = new MLP([2, 8, 1], { random: random(1) })
    const data = {
      x: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      y: [[0], [1], [1], [0]],
    }
    const optimizer = new Adam(model.parameters(), { learningRate: 0.05 })
    const { loss } = await fit(model, data, { loss: mseLoss, optimizer, epochs: 300, batchSize: 'full' })
    expect(loss.at(-1)).toBeLessThan(1e-2)
  })

  test('a float32 model reads plain arrays as float32', async () => {
    const model = new Linear(2, 1, { dtype: 'float32' })
    let dtype = ''
    const loss = (p: Value, t: Value) => {
      dtype = t.dtype
      return mseLoss(p, t)
    }
    await fit(model, { x, y }, { loss, optimizer: new SGD(model.parameters()), epochs: 1 })
    expect(dtype).toBe('float32')
    expect(model.weight.dtype).toBe('float32')
  })
})

describe('the order of the examples', () => {
  async function seen(options: Partial<FitOptions>): Promise<number[][]> {
    const { model, options: base } = line(0)
    const epochs: number[][] = [[]]
    const loss = (p: Value, t: Value) => {
      epochs.at(-1)?.push(t.item())
      return mseLoss(p, t)
    }
    const nextEpoch = () => {
      epochs.push([])
    }
    await fit(model, { x, y }, { ...base, loss, epochs: 3, batchSize: 1, callbacks: [nextEpoch], ...options })
    return epochs.slice(0, 3)
  }
  const all = y.flat()

  test('is new each epoch, and each epoch sees every example once', async () => {
    const [first, second] = await seen({})
    expect(first).not.toEqual(second)
    expect(first).not.toEqual(all)
    expect(first?.toSorted()).toEqual(all.toSorted())
  })

  test('follows the seed', async () => {
    expect(await seen({ random: random(3) })).toEqual(await seen({ random: random(3) }))
    expect(await seen({ random: random(3) })).not.toEqual(await seen({ random: random(4) }))
    expect(await seen({})).toEqual(await seen({}))
  })

  test('stays without shuffling', async () => {
    expect(await seen({ shuffle: false })).toEqual([all, all, all])
  })
})

test('the same seeds give the same history', async () => {
  const run = async () => {
    const model = new MLP([2, 4, 1], { random: random(1) })
    const optimizer = new Adam(model.parameters(), { learningRate: 0.05 })
    return fit(
      model,
      { x, y },
      {
        loss: mseLoss,
        optimizer,
        epochs: 5,
        batchSize: 4,
        random: random(2),
        validation: { x, y },
        metrics: { r2: r2Score },
      },
    )
  }
  expect(await run()).toEqual(await run())
})

describe('what is measured', () => {
  test('validation and metrics after each epoch, in evaluation mode and without a graph', async () => {
    const modes: boolean[] = []
    const graphs: boolean[] = []
    class Watched extends MLP {
      override forward(input: Parameters<MLP['forward']>[0]): Value {
        const out = super.forward(input)
        modes.push(this.training)
        graphs.push(out.requiresGrad)
        return out
      }
    }
    const model = new Watched([2, 4, 3], { random: random(1) })
    const classes = x.map((_, i) => i % 3)
    const history = await fit(
      model,
      { x, y: classes },
      {
        loss: crossEntropyLoss,
        optimizer: new Adam(model.parameters()),
        epochs: 2,
        batchSize: 'full',
        validation: { x: x.slice(0, 3), y: classes.slice(0, 3) },
        metrics: { accuracy: (p, t) => accuracy(p, t), half: () => 0.5 },
      },
    )
    expect(modes).toEqual([true, false, false, true, false, false])
    expect(graphs).toEqual(modes)
    expect(history.validationLoss).toHaveLength(2)
    expect(history.metrics.accuracy).toHaveLength(2)
    expect(history.validationMetrics.half).toEqual([0.5, 0.5])
    const validation = crossEntropyLoss(model.forward(x.slice(0, 3)), classes.slice(0, 3))
    expect(history.validationLoss[1]).toBe(validation.item())
    expect(model.training).toBe(false)
  })

  test('the loss of an epoch is the mean over its examples, also when the last batch is smaller', async () => {
    const { model, options } = line(0)
    const exact = mseLoss(model.forward(x), y).item()
    const { loss } = await fit(model, { x, y }, { ...options, epochs: 1, batchSize: 5 })
    expect(loss[0]).toBeCloseTo(exact, 14)
  })

  test('a large set goes through the model in parts', async () => {
    const { model, options } = line(0)
    const many = { x: Array.from({ length: 2500 }, (_, i) => [i / 2500, 0]), y: new Array<number[]>(2500).fill([1]) }
    const exact = mseLoss(model.forward(many.x), many.y).item()
    const history = await fit(model, { x, y }, { ...options, epochs: 1, validation: many })
    expect(history.validationLoss[0]).toBeCloseTo(exact, 14)
  })
})

describe('callbacks', () => {
  test('hear of the start, every batch, every epoch and the end, and are waited for', async () => {
    const { model, options } = line()
    const heard: string[] = []
    const say = async (text: string) => {
      await Promise.resolve()
      heard.push(text)
    }
    const history = await fit(
      model,
      { x, y },
      {
        ...options,
        epochs: 2,
        batchSize: 8,
        callbacks: [
          {
            onStart: ({ epochs, batches, examples }) => say(`start ${epochs} ${batches} ${examples}`),
            onBatch: ({ epoch, batch }: BatchReport) => say(`batch ${epoch}.${batch}`),
            onEpoch: ({ epoch }) => say(`epoch ${epoch}`),
            onEnd: ({ updates }) => say(`end ${updates}`),
          },
        ],
      },
    )
    expect(heard).toEqual([
      'start 2 2 12',
      'batch 1.1',
      'batch 1.2',
      'epoch 1',
      'batch 2.1',
      'batch 2.2',
      'epoch 2',
      'end 4',
    ])
    expect(history.loss).toHaveLength(2)
  })

  test('one that answers false ends the training', async () => {
    const { model, options } = line()
    const history = await fit(model, { x, y }, { ...options, epochs: 10, callbacks: [({ epoch }) => epoch < 3] })
    expect(history.loss).toHaveLength(3)
    expect(history.stopped).toBe('callback')
  })

  test('an error is told to them, and thrown', async () => {
    const { model, options } = line()
    const heard: unknown[] = []
    const callbacks = [
      { onError: (error: unknown) => void heard.push(error) },
      () => {
        throw new Error('of the user')
      },
    ]
    await expect(fit(model, { x, y }, { ...options, epochs: 1, callbacks })).rejects.toThrow('of the user')
    expect(heard).toEqual([new Error('of the user')])
  })
})

describe('after an error', () => {
  test('the model is in evaluation mode', async () => {
    const { model, options } = line()
    const loss = () => {
      throw new Error('of the user')
    }
    await expect(fit(model, { x, y }, { ...options, loss, epochs: 1 })).rejects.toThrow('of the user')
    expect(model.training).toBe(false)
  })

  test('it has the best weights so far', async () => {
    const { model, options } = line()
    const weights: unknown[] = []
    const heard: unknown[] = []
    const fail = ({ epoch }: { epoch: number }) => {
      weights.push(model.weight.toArray())
      if (epoch === 3) throw new Error('of the user')
    }
    const callbacks = [fail, { onError: () => void heard.push(model.weight.toArray()) }]
    const best = { monitor: ({ epoch }: { epoch: number }) => epoch }
    const run = fit(model, { x, y }, { ...options, epochs: 9, earlyStopping: best, callbacks })
    await expect(run).rejects.toThrow('of the user')
    expect(weights).toHaveLength(3)
    expect(model.weight.toArray()).toEqual(weights[0])
    expect(heard).toEqual([weights[0]])
    expect(model.training).toBe(false)
  })
})

test("a loss that sums: the epoch's figure is the batches' sums weighted by rows, as documented", async () => {
  const sum = (p: Value, t: Value) => mseLoss(p, t, { reduction: 'sum' })
  const figure = async (batchSize: number) => {
    const { model, options } = line(0)
    const exact = mseLoss(model.forward(x), y).item()
    const { loss } = await fit(model, { x, y }, { ...options, loss: sum, epochs: 1, batchSize, shuffle: false })
    return (loss[0] as number) / exact
  }
  expect(await figure(12)).toBeCloseTo(12, 12)
  expect(await figure(4)).toBeCloseTo(4, 12)
})

test('others have their turn between batches', async () => {
  const { model, options } = line()
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await fit(model, { x, y }, { ...options, epochs: 3000, batchSize: 4 })
  clearInterval(timer)
  expect(turns).toBeGreaterThan(1)
})

describe('what does not fit is said', () => {
  test.each([
    ['fit: epochs is 0. Give a whole number, 1 or more.', { epochs: 0 }],
    ["fit: batchSize is 0. Give 'full', or a whole number, 1 or more.", { batchSize: 0 }],
    [
      'fit (validation): x has 1 rows, y has 2. Give one target for each example.',
      { validation: { x: [[1, 2]], y: [[1], [2]] } },
    ],
    [
      "fit (earlyStopping): it watches the validation loss, and there is no validation. Give { validation: { x, y } }, or watch 'loss'.",
      { earlyStopping: { monitor: 'validationLoss' as const } },
    ],
    [
      'fit (earlyStopping): the patience is 0. Give a whole number of epochs, 1 or more.',
      { earlyStopping: { patience: 0 } },
    ],
    ['fit (earlyStopping): minDelta is -1. Give a number, 0 or more.', { earlyStopping: { minDelta: -1 } }],
    ['fit (convergence): the tolerance is -1. Give a number, 0 or more.', { convergence: { tolerance: -1 } }],
  ])('%s', async (message, wrong) => {
    const { model, options } = line()
    await expect(fit(model, { x, y }, { ...options, epochs: 1, ...wrong })).rejects.toThrow(message)
  })

  test.each([
    ['fit: the model is undefined. Give a Module: new MLP([4, 16, 3]).', []],
    ['fit: the data are undefined. Give inputs and targets: { x, y }.', [line().model]],
    ['fit: the options are undefined. Give them by name, { loss: … }.', [line().model, { x, y }]],
    ['fit, y: got undefined. Give a number', [line().model, { x }, { ...line().options, epochs: 1 }]],
  ])('%s', async (message, args) => {
    await expect(Reflect.apply(fit, undefined, args)).rejects.toThrow(message)
  })

  test.each([
    ['fit: the loss is undefined. Give a function of prediction and target: mseLoss.', { loss: undefined }],
    ['fit: the optimizer is undefined. Give one: new Adam(model.parameters()).', { optimizer: undefined }],
    ["fit: the optimizer is 'adam'. Give one", { optimizer: 'adam' }],
    ["fit: there is no option 'batch_size'. Did you mean batchSize?", { batch_size: 4 }],
    ["fit: batchSize is all. Give 'full', or a whole number, 1 or more.", { batchSize: 'all' }],
    ['fit: random is 1. Give a stream of random numbers: random(1).', { random: 1 }],
    ['fit: the validation is 0.2. Give inputs and targets: { x, y }.', { validation: 0.2 }],
    ['fit: the metrics are a list of 1. Give functions by name: { accuracy }.', { metrics: [accuracy] }],
    ["fit: the metric r2 is 'r2'. Give a function of prediction and target.", { metrics: { r2: 'r2' } }],
    ['fit: the callbacks are a function. Give a list: [progressBar()].', { callbacks: () => true }],
    ['fit: a callback is undefined. Give a function or { onEpoch }.', { callbacks: [undefined] }],
    ['fit (earlyStopping): the options are true. Give them by name, { patience: … }.', { earlyStopping: true }],
    ["fit (earlyStopping): there is no option 'delta'.", { earlyStopping: { delta: 1 } }],
    [
      "fit (earlyStopping): the monitor is 'accuracy'. Use 'loss', 'validationLoss', or a function of the epoch's report.",
      { earlyStopping: { monitor: 'accuracy' } },
    ],
    ["fit (convergence): there is no option 'tol'.", { convergence: { tol: 1 } }],
    ["fit: there is no option 'clip_grad_norm'. Did you mean clipGradNorm?", { clip_grad_norm: 1 }],
    ['fit: accumulate is 0. Give a whole number, 1 or more.', { accumulate: 0 }],
    ['fit: the signal is an object. Give the signal of an AbortController', { signal: new AbortController() }],
    ['fit: the schedule is a function. Give one: new StepLR(', { schedule: () => 0.1 }],
    ['fit: the schedule is undefined. Give one', { schedule: [undefined] }],
    ["fit (schedule): per is 'batch'. Use 'step' or 'epoch'.", { schedule: { schedule: { step() {} }, per: 'batch' } }],
    ["fit (schedule): there is no option 'pace'.", { schedule: { schedule: { step() {} }, pace: 'step' } }],
    ["fit (checkpoint): there is no option 'path'.", { checkpoint: { path: 'run.json' } }],
    ['fit: the storage of the checkpoint is undefined. Give what saves', { checkpoint: {} }],
    ['fit: the loss function returned 0. Return a Value of one number, the mean over the batch.', { loss: () => 0 }],
    [
      'fit: the loss function returned a Value of shape [12, 1]. Return',
      { loss: (p: Value, t: Value) => mseLoss(p, t, { reduction: 'none' }) },
    ],
  ])('%s', async (message, wrong) => {
    const { model, options } = line()
    const run = fit(model, { x, y }, { ...options, epochs: 1, ...wrong } as FitOptions)
    await expect(run).rejects.toThrow(DomainError)
    await expect(run).rejects.toThrow(message)
  })

  test('data of the wrong shape', async () => {
    const { model, options } = line()
    await expect(fit(model, { x, y: [1] }, { ...options, epochs: 1 })).rejects.toThrow(
      'fit: x has 12 rows, y has 1. Give one target for each example.',
    )
    await expect(fit(model, { x, y: y.flat() }, { ...options, epochs: 1 })).rejects.toThrow(ShapeError)
  })

  test('a loss that explodes', async () => {
    const { model, options } = line(1e200)
    const run = fit(model, { x, y }, { ...options, epochs: 10 })
    await expect(run).rejects.toThrow(DomainError)
    await expect(run).rejects.toThrow(
      /^fit: the loss became Infinity in epoch 2, batch 1: square gave Infinity at flat index 0 of \[12, 1\] from .* Lower the learning rate, scale the inputs, or look for NaN in the data\.$/,
    )
  })

  test("an optimizer of another model's parameters", async () => {
    const model = new Linear(2, 1)
    const other = new Module()
    expect(other.parameters()).toEqual([])
    const optimizer = new SGD(new Linear(2, 1).parameters())
    await expect(fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1 })).rejects.toThrow(
      'SGD: step found no gradient',
    )
  })
})
