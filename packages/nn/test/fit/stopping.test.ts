import { random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type EpochReport, type FitOptions, fit, Linear, mseLoss, SGD } from '../../src/index.ts'

const x = [[-1], [0], [1], [2]]
const y = [[-1], [1], [3], [5]]

function train(options: Partial<FitOptions>, learningRate = 0.1) {
  const model = new Linear(1, 1, { random: random(1) })
  const optimizer = new SGD(model.parameters(), { learningRate })
  const run = fit(model, { x, y }, { loss: mseLoss, optimizer, epochs: 1000, batchSize: 'full', ...options })
  return run.then((history) => ({ history, model }))
}

/** Early stopping on made-up numbers, one an epoch. */
function watch(numbers: readonly number[], options: FitOptions['earlyStopping']) {
  const weights: number[] = []
  const monitor = ({ epoch }: EpochReport) => numbers[epoch - 1] ?? 9
  let model: Linear | undefined
  const note = () => {
    weights.push(model?.weight.item() ?? Number.NaN)
  }
  model = new Linear(1, 1, { random: random(1) })
  const optimizer = new SGD(model.parameters(), { learningRate: 0.01 })
  const all = { loss: mseLoss, optimizer, epochs: 20, batchSize: 'full' as const, callbacks: [note] }
  const trained = model
  return fit(model, { x, y }, { ...all, earlyStopping: { monitor, ...options } }).then((history) => ({
    history,
    weights,
    weight: trained.weight.item(),
  }))
}

describe('convergence', () => {
  test('ends training at the first epoch that improves the loss by no more than the tolerance', async () => {
    const { history } = await train({ convergence: { tolerance: 1e-4 } })
    const { loss } = history
    const improvements = loss.slice(1).map((l, i) => (loss[i] as number) - l)
    expect(history.stopped).toBe('convergence')
    expect(improvements.at(-1)).toBeLessThanOrEqual(1e-4)
    expect(improvements.slice(0, -1).every((d) => d > 1e-4)).toBe(true)
    expect(loss.length).toBeLessThan(100)
  })

  test('waits as many epochs as its patience', async () => {
    // With a learning rate of 0 nothing ever improves.
    const { history } = await train({ convergence: { tolerance: 0, patience: 4 } }, 0)
    expect(history.loss).toHaveLength(5)
  })
})

describe('early stopping', () => {
  test('ends training when nothing has improved for `patience` epochs, and restores the best weights', async () => {
    const { history, weights, weight } = await watch([5, 4, 3, 3, 3.5, 2.99, 3, 3, 3], { patience: 3 })
    expect(history.stopped).toBe('earlyStopping')
    expect(history.loss).toHaveLength(9)
    expect(history.bestEpoch).toBe(6)
    expect(weight).toBe(weights[5])
    expect(weight).not.toBe(weights[8])
  })

  test('counts as improvement only what is larger than minDelta', async () => {
    const { history } = await watch([5, 4, 3, 3, 3.5, 2.99, 3, 3, 3], { patience: 3, minDelta: 0.1 })
    expect(history.loss).toHaveLength(6)
    expect(history.bestEpoch).toBe(3)
  })

  test('leaves the last weights when asked', async () => {
    const { weights, weight } = await watch([1, 2, 2], { patience: 2, restoreBest: false })
    expect(weights).toHaveLength(3)
    expect(weight).toBe(weights[2])
  })

  test('restores the best weights also when the epochs run out', async () => {
    const { history, weights, weight } = await watch([3, 1, 2, 2, 2, 2, 2, 2], { patience: 19 })
    expect(history.stopped).toBe('epochs')
    expect(history.bestEpoch).toBe(2)
    expect(weight).toBe(weights[1])
  })

  test('NaN is no improvement', async () => {
    const { history } = await watch([1, Number.NaN, Number.NaN], { patience: 2 })
    expect(history.loss).toHaveLength(3)
  })

  test('watches the validation loss where there is one, else the loss', async () => {
    // The validation part wants the opposite: its loss is best at the start.
    const validation = { x, y: y.map(([t]) => [-(t as number)]) }
    const { history } = await train({ validation, earlyStopping: { patience: 2 } })
    const best = Math.min(...history.validationLoss)
    expect(history.stopped).toBe('earlyStopping')
    expect(history.validationLoss.indexOf(best) + 1).toBe(history.bestEpoch)
    const alone = await train({ earlyStopping: { patience: 2, minDelta: 1e-3 } })
    expect(alone.history.stopped).toBe('earlyStopping')
    expect(alone.history.loss.at(-1)).toBeLessThan(0.05)
  })
})
