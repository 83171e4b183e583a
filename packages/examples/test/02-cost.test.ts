import { expect, it } from 'vitest'
import { run } from '../src/02-cost.ts'
import { printed } from './support.ts'

it('example 2 walks down the cost, too slowly, well, and too fast', async () => {
  const { text, figures } = await printed(run)
  // The cost of these points is 7.5(w − 2)² + 1, and a step with rate r multiplies w − 2 by 1 − 15r.
  const cost = (w: number): number => 7.5 * (w - 2) ** 2 + 1
  expect(figures.cost).toBe(cost(0.5))
  expect(figures.slope).toBe(15 * (0.5 - 2))
  const ends = [0.004, 0.05, 0.14].map((rate) => cost(2 - 2 * (1 - 15 * rate) ** 12))
  figures.ends.forEach((end, i) => {
    expect(end).toBeCloseTo(ends[i] ?? NaN, 2)
  })
  expect(text).toMatchInlineSnapshot(`
    "The line ŷ = 0.5·x and four points
      x  y    ŷ  error  squared
      1  3  0.5   -2.5     6.25
      2  3    1     -2        4
      3  5  1.5   -3.5    12.25
      4  9    2     -7       49
      the cost, the mean of the squared errors: 17.875
    The cost of other weights, and its slope there
      w  cost  slope
      0    31    -30
      1   8.5    -15
      2     1      0
      3   8.5     15
      4    31     30
      At w = 2 the valley is level: no other line through the origin fits better.
    Gradient descent from w = 0: w becomes w − rate · slope. The cost after each step:
      step  too small, 0.004  good, 0.05  too large, 0.14
      0                31.00       31.00            31.00
      1                27.51        2.88            37.30
      2                24.42        1.12            44.92
      3                21.70        1.01            54.15
      6                15.28        1.00            95.15
      12                7.80        1.00           296.49
      Too small a rate hardly moves; too large a rate jumps across the valley, each time higher up.
    The pictures
      report/02-errors.svg
      report/02-cost.svg"
  `)
})
