import { constant, DomainError, random, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { fromExactJson, toExactJson } from '../../src/fit/exactJson.ts'
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  type CheckpointStorage,
  Dropout,
  type FitOptimizer,
  type FitOptions,
  fit,
  type History,
  LBFGS,
  Linear,
  MLP,
  type Module,
  mseLoss,
  NAdam,
  OneCycleLR,
  RAdam,
  ReduceLROnPlateau,
  RMSprop,
  r2Score,
  type ScheduledOptimizer,
  Sequential,
  SGD,
  StepLR,
} from '../../src/index.ts'

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
const y = x.map(([a, b]) => [(a as number) * (b as number)])

/** Keeps the text, and all that were before it. */
function memory(): CheckpointStorage & { texts: string[] } {
  const texts: string[] = []
  return { texts, save: (text) => void texts.push(text), load: () => texts.at(-1) }
}

type Parameters = ReturnType<Module['parameters']>
type Extra = (optimizer: ScheduledOptimizer) => Partial<FitOptions>
type Make = (parameters: Parameters) => FitOptimizer & ScheduledOptimizer

/** Trains a model made anew; the same seeds every time. */
async function train(make: Make, options: Partial<FitOptions>, extra?: Extra) {
  const model = new MLP([2, 5, 1], { random: random(1) })
  const optimizer = make(model.parameters())
  const history = await fit(
    model,
    { x, y },
    { loss: mseLoss, optimizer, epochs: 9, batchSize: 4, random: random(2), ...options, ...extra?.(optimizer) },
  )
  return { history, weights: model.parameters().flatMap((p) => Array.from(p.data)), optimizer: optimizer.stateDict?.() }
}

class Kill extends Error {}
/** As a power cut would: throws in the middle of an epoch. */
const killIn = (epoch: number): Partial<FitOptions> => ({
  callbacks: [
    {
      onBatch: (report) => {
        if (report.epoch === epoch && report.batch === 2) throw new Kill()
      },
    },
  ],
})

async function interrupted(make: Make, options: Partial<FitOptions> = {}, extra?: Extra) {
  const storage = memory()
  const first = train(make, { ...options, ...killIn(6), checkpoint: { storage } }, extra)
  await expect(first).rejects.toThrow(Kill)
  return train(make, { ...options, checkpoint: { storage, resume: true } }, extra)
}

const make = {
  SGD: (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9 }),
  Adagrad: (p) => new Adagrad(p, { learningRate: 0.1 }),
  Adadelta: (p) => new Adadelta(p),
  RMSprop: (p) => new RMSprop(p, { centered: true, momentum: 0.5 }),
  Adam: (p) => new Adam(p, { learningRate: 0.05, amsgrad: true }),
  AdamW: (p) => new AdamW(p, { learningRate: 0.05 }),
  Adamax: (p) => new Adamax(p, { learningRate: 0.05 }),
  NAdam: (p) => new NAdam(p, { learningRate: 0.05 }),
  RAdam: (p) => new RAdam(p, { learningRate: 0.05, betas: [0.5, 0.9] }),
} satisfies Record<string, Make>

test('dropout goes on with the numbers that it would have drawn', async () => {
  const run = async (options: Partial<FitOptions>): Promise<number[]> => {
    const stream = random(7)
    const model = new Sequential(
      new Linear(2, 8, { random: random(1) }),
      'tanh',
      new Dropout(0.4, { random: stream }),
      new Linear(8, 1, { random: random(3) }),
    )
    const optimizer = new Adam(model.parameters(), { learningRate: 0.05 })
    // The shuffles and the dropout draw from one stream.
    await fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 9, batchSize: 4, random: stream, ...options })
    return model.parameters().flatMap((p) => Array.from(p.data))
  }
  const storage = memory()
  await expect(run({ ...killIn(6), checkpoint: { storage } })).rejects.toThrow(Kill)
  expect(await run({ checkpoint: { storage, resume: true } })).toEqual(await run({}))
})

describe('a run that is killed and resumed ends with the same bits', () => {
  test.each(Object.entries(make))('%s, shuffled mini-batches', async (_name, create) => {
    expect(await interrupted(create)).toEqual(await train(create, {}))
  })

  test('LBFGS', async () => {
    const create: Make = (p) => new LBFGS(p, { lineSearch: 'strongWolfe', maxIter: 2 })
    const options = { batchSize: 6 }
    expect(await interrupted(create, options)).toEqual(await train(create, options))
  })

  test('with schedules, accumulation, clipping, validation, metrics and early stopping', async () => {
    const options: Partial<FitOptions> = {
      batchSize: 2,
      accumulate: 2,
      clipGradNorm: 0.5,
      validation: { x: x.slice(0, 4), y: y.slice(0, 4) },
      metrics: { r2: r2Score },
      earlyStopping: { patience: 50 },
      convergence: { tolerance: 1e-12, patience: 5 },
    }
    const schedules: Extra = (o) => ({
      schedule: [new OneCycleLR(o, { maxLearningRate: 0.1, totalSteps: 27 }), new ReduceLROnPlateau(o)],
    })
    const whole = await train(make.Adam, options, schedules)
    const resumed = await interrupted(make.Adam, options, schedules)
    expect(resumed).toEqual(whole)
    expect(resumed.history.bestEpoch).toBeDefined()
  })

  test('saved every third epoch: the epochs since are trained again', async () => {
    const storage = memory()
    const options = { checkpoint: { storage, every: 3 } }
    await expect(train(make.Adam, { ...options, ...killIn(6) })).rejects.toThrow(Kill)
    expect(storage.texts).toHaveLength(1)
    const resumed = await train(make.Adam, { checkpoint: { storage, every: 3, resume: true } })
    expect(resumed).toEqual(await train(make.Adam, {}))
    expect(storage.texts).toHaveLength(3)
  })

  test('stopped by a callback or a signal', async () => {
    const whole = await train(make.Adam, {})
    for (const stop of ['callback', 'signal']) {
      const storage = memory()
      const controller = new AbortController()
      const onEpoch = ({ epoch }: { epoch: number }) => {
        if (epoch === 4 && stop === 'signal') controller.abort()
        return epoch < 4 || stop === 'signal'
      }
      const { signal } = controller
      const first = await train(make.Adam, { callbacks: [onEpoch], signal, checkpoint: { storage } })
      expect(first.history.loss).toHaveLength(4)
      expect(await train(make.Adam, { checkpoint: { storage, resume: true } })).toEqual(whole)
    }
  })

  test('aborted between two epochs, saved every third: no finished epoch is lost', async () => {
    const storage = memory()
    const controller = new AbortController()
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 5) controller.abort()
    }
    const checkpoint = { storage, every: 3 }
    const first = await train(make.Adam, { callbacks: [onEpoch], signal: controller.signal, checkpoint })
    expect(first.history).toMatchObject({ stopped: 'aborted', updates: 15 })
    expect(storage.texts.map((text) => (JSON.parse(text) as { epoch: number }).epoch)).toEqual([3, 5])
    expect(await train(make.Adam, { checkpoint: { ...checkpoint, resume: true } })).toEqual(await train(make.Adam, {}))
  })

  test('more epochs than were planned', async () => {
    const storage = memory()
    await train(make.Adam, { epochs: 4, checkpoint: { storage } })
    expect(await train(make.Adam, { checkpoint: { storage, resume: true } })).toEqual(await train(make.Adam, {}))
  })
})

test('a run that stopped by itself is over: resumed it gives what it gave', async () => {
  const storage = memory()
  const options = { epochs: 200, earlyStopping: { patience: 2, minDelta: 0.01 } }
  const first = await train(make.Adam, { ...options, checkpoint: { storage } })
  expect(first.history.stopped).toBe('earlyStopping')
  const again = await train(make.Adam, { ...options, checkpoint: { storage, resume: true } })
  expect(again).toEqual(first)
})

test('without resume, or with nothing saved, it starts anew', async () => {
  const storage = memory()
  const whole = await train(make.Adam, { checkpoint: { storage, resume: true } })
  expect(await train(make.Adam, { checkpoint: { storage } })).toEqual(whole)
})

describe('what does not fit is said', () => {
  async function resumed(options: Partial<FitOptions>, text?: string): Promise<History> {
    const storage = memory()
    await train(make.Adam, { epochs: 2, checkpoint: { storage } })
    if (text !== undefined) storage.save(text)
    const schedule: Extra = (o) => (options.schedule === undefined ? {} : { schedule: new StepLR(o, { stepSize: 1 }) })
    return (await train(make.Adam, { ...options, checkpoint: { storage, resume: true } }, schedule)).history
  }

  test.each([
    ['fit (checkpoint): what the storage holds is no checkpoint: ', {}, '{"format": '],
    ["fit (checkpoint): what the storage holds is no 'adjoint training 1' checkpoint.", {}, '{"format": "other"}'],
    [
      'fit (checkpoint): it was made with 11 examples in batches of 4, now there are 11 examples in batches of 5.',
      { batchSize: 5 },
    ],
    ['fit (checkpoint): it was made with other schedules', { schedule: [] }],
    [
      'fit (checkpoint): the optimizer has no stateDict and loadStateDict.',
      { optimizer: { step: (closure: () => unknown) => closure(), zeroGrad: () => {} } },
    ],
    ['fit: checkpoint.every is 0. Give a whole number, 1 or more.', { checkpoint: { storage: memory(), every: 0 } }],
  ])('%s', async (message, options, text?: string) => {
    const run = 'checkpoint' in options ? train(make.Adam, options) : resumed(options as Partial<FitOptions>, text)
    await expect(run).rejects.toThrow(message)
  })
})

describe('a checkpoint that does not fit changes nothing', () => {
  async function resumed(change: (saved: Record<string, unknown>) => void, create: Make = make.Adam) {
    const storage = memory()
    await train(make.Adam, { epochs: 2, checkpoint: { storage } })
    const saved = JSON.parse(storage.texts.at(-1) ?? '') as Record<string, unknown>
    change(saved)
    storage.save(JSON.stringify(saved))
    const model = new MLP([2, 5, 1], { random: random(1) })
    const optimizer = create(model.parameters())
    const stream = random(2)
    const state = () => toExactJson([model.stateDict(), optimizer.stateDict?.(), stream.state()])
    const before = state()
    const run = fit(
      model,
      { x, y },
      { loss: mseLoss, optimizer, epochs: 3, batchSize: 4, random: stream, checkpoint: { storage, resume: true } },
    )
    const error: unknown = await run.catch((reason: unknown) => reason)
    expect(state()).toBe(before)
    throw error
  }

  test("another optimizer's", async () => {
    await expect(resumed(() => {}, make.SGD)).rejects.toThrow(
      'loadStateDict: the memory of parameter 0 has step, this optimizer remembers momentumBuffer',
    )
  })

  test.each<[string, (saved: Record<string, unknown>) => void]>([
    ['its epoch cannot be read', (saved) => Object.assign(saved, { epoch: 'x' })],
    ['its epoch cannot be read', (saved) => Object.assign(saved, { epoch: 0 })],
    ['its history cannot be read', (saved) => delete saved.history],
    ['its history cannot be read', (saved) => Object.assign(saved.history as object, { loss: 'x' })],
    ['its streams cannot be read', (saved) => delete saved.streams],
    ['its judges cannot be read', (saved) => Object.assign(saved, { judges: [{}] })],
    ['its schedules cannot be read', (saved) => Object.assign(saved, { schedules: [null] })],
    ['its model cannot be read', (saved) => Object.assign(saved, { model: null })],
    ['random: got an array of 1 for the state of a stream.', (saved) => Object.assign(saved, { streams: [[1]] })],
    ['loadStateDict: the state lacks layers.0.weight', (saved) => Object.assign(saved, { model: {} })],
    ['loadStateDict: got null without groups', (saved) => Object.assign(saved, { optimizer: null })],
    [
      'it has the metrics r2, now they are (none)',
      (saved) => Object.assign(saved.history as object, { metrics: { r2: [1, 2] } }),
    ],
  ])('%s', async (message, change) => {
    await expect(resumed(change)).rejects.toThrow(message)
    await expect(resumed(change)).rejects.toThrow(DomainError)
  })
})

test('exact JSON gives every bit back', () => {
  const numbers = [0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1 / 3]
  const single = value([0.1, -0], { dtype: 'float32' })
  const given = {
    numbers,
    each: numbers.map((n) => ({ n })),
    none: [],
    text: 'a',
    off: null,
    on: true,
    nested: [[1], []],
  }
  expect(fromExactJson(toExactJson(given))).toEqual(given)
  const back = fromExactJson(toExactJson({ single, scalar: constant(-0), empty: constant([], { shape: [0, 3] }) })) as {
    single: typeof single
    scalar: typeof single
    empty: typeof single
  }
  expect(back.single.data).toEqual(Float32Array.from([0.1, -0]))
  expect(back.single.requiresGrad).toBe(false)
  expect(Object.is(back.scalar.item(), -0)).toBe(true)
  expect(back.empty.shape).toEqual([0, 3])
})
