import { expect, it } from 'vitest'
import { run } from '../src/05-gradient-descent.ts'
import { printed } from './support.ts'

it('example 5 compares batch, stochastic and mini-batch gradient descent', async () => {
  const { text, figures } = await printed(run)
  expect(figures.map(({ name, perEpoch }) => [name, perEpoch])).toEqual([
    ['batch', 1],
    ['stochastic', 120],
    ['mini-batch', 10],
  ])
  for (const { name, stopped, epochs, updates, perEpoch, cost } of figures) {
    expect(stopped, name).toBe('convergence')
    expect(updates, name).toBe(epochs * perEpoch)
    // The noise has variance 0.09: no line is much better, and a good one not much worse.
    expect(cost, name).toBeGreaterThan(0.06)
    expect(cost, name).toBeLessThan(0.1)
  }
  const [batch = NaN, stochastic = NaN, miniBatch = NaN] = figures.map(({ epochs }) => epochs)
  expect(batch).toBeGreaterThan(4 * miniBatch)
  expect(miniBatch).toBeGreaterThan(stochastic)
  expect(text).toMatchInlineSnapshot(`
    "Learning ŷ = w1·x1 + w2·x2 + b from 120 rows that were made with 1.5, −2 and 0.5, and noise
                  rows a step  steps an epoch  epochs  steps   stopped by   cost     w1      w2      b
      batch               120               1     130    130  convergence  0.081  1.510  -2.016  0.452
      stochastic            1             120      17   2040  convergence  0.082  1.487  -2.042  0.468
      mini-batch           12              10      24    240  convergence  0.080  1.526  -2.019  0.454
      All rows at once: the surest steps, and an epoch for each of them.
      One row a step: there after one epoch, but never at rest, since every row pulls its own way.
      A few rows a step: nearly as quick, nearly as sure. That is how networks are trained.
    The pictures
      report/05-epochs.svg
      report/05-steps.svg"
  `)
})
