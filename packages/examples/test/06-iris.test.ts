import { expect, it } from 'vitest'
import { run } from '../src/06-iris.ts'
import { printed } from './support.ts'

it('example 6 learns three species by two losses, and stops each when its test loss stops falling', async () => {
  const { text, figures } = await printed(run)
  const [squared, entropy] = figures.runs
  for (const { history, bestEpoch, accuracy } of figures.runs) {
    expect(history.stopped).toBe('earlyStopping')
    expect(history.loss).toHaveLength(bestEpoch + 20)
    expect(Math.min(...history.validationLoss)).toBe(history.validationLoss[bestEpoch - 1])
    expect(accuracy).toBeGreaterThanOrEqual(0.96)
  }
  expect(squared?.bestEpoch).toBeGreaterThan(5 * (entropy?.bestEpoch ?? NaN))
  // By the chain rule: 2(σ − 1)·σ(1 − σ)/3 with σ = 1/(1 + e⁶), and softmax − 1.
  const sigmoid = 1 / (1 + Math.exp(6))
  expect(figures.pulls[0]).toBeCloseTo((2 * (sigmoid - 1) * sigmoid * (1 - sigmoid)) / 3, 15)
  expect(figures.pulls[1]).toBeCloseTo(1 / (1 + Math.exp(6) + Math.exp(12)) - 1, 15)
  expect(text).toMatchInlineSnapshot(`
    "150 flowers, four measurements, three species: 100 to learn from, 50 held out
    squared error:
      epoch  training loss  test loss  test accuracy
      1              0.286      0.269          0.220
      5              0.202      0.194          0.720
      20             0.121      0.123          0.780
      50             0.094      0.099          0.820
      200            0.059      0.064          0.880
      1344           0.010      0.016          0.960
      The test loss falls no more after 1344 epochs.
    cross-entropy:
      epoch  training loss  test loss  test accuracy
      1              1.041      0.741          0.760
      5              0.428      0.423          0.840
      20             0.229      0.240          0.900
      50             0.109      0.120          0.980
      130            0.054      0.075          0.960
      The test loss falls no more after 130 epochs.
    As good in the end, but much sooner. Why: let a flower of the first species have the scores (−6, 0, 6)
      slope of the squared error by the first score: -0.0016
      slope of the cross-entropy by the first score: -1.0000
      The sigmoid is flat there, so the squared error hardly learns from being surely wrong.
    The picture: both losses over the epochs
      report/06-iris.svg"
  `)
})
