import { expect, it } from 'vitest'
import { run } from '../src/04-backpropagation.ts'
import { printed } from './support.ts'

it('example 4 finds the nine gradients by hand and by backward(), and learns once the inputs are scaled', async () => {
  const { text, figures } = await printed(run)
  expect(figures.hand).toEqual([27360, 2736, 342, 27360, 2736, 342, 30096, 30096, 342])
  expect(figures.found).toEqual(figures.hand)
  expect(figures.leap).toBeGreaterThan(1e5)
  const [large = 0, small = 0, scaled = 1] = figures.last
  expect(large).toBeNaN()
  expect(small).toBeGreaterThan(0.5)
  expect(scaled).toBeLessThan(1e-6)
  expect(text).toMatchInlineSnapshot(`
    "Forward, for IQ 80, CGPA 8 and a package of 5
      h1 = 88, h2 = 88, ŷ = 176, L = (5 − 176)² = 29241
    Backward: dL/dŷ = −2(y − ŷ), times what each path adds. The update: p − 0.001 · dL/dp
                                   by hand  backward()  updated
      dL/dw11 = dL/dŷ · v1 · IQ      27360       27360  -26.360
      dL/dw12 = dL/dŷ · v1 · CGPA     2736        2736   -1.736
      dL/db1 = dL/dŷ · v1              342         342   -0.342
      dL/dw21 = dL/dŷ · v2 · IQ      27360       27360  -26.360
      dL/dw22 = dL/dŷ · v2 · CGPA     2736        2736   -1.736
      dL/db2 = dL/dŷ · v2              342         342   -0.342
      dL/dv1 = dL/dŷ · h1            30096       30096  -29.096
      dL/dv2 = dL/dŷ · h2            30096       30096  -29.096
      dL/dc = dL/dŷ · 1                342         342   -0.342
      The same row now gives ŷ = 123543: inputs this large turn even a small step into a leap.
    So the inputs are scaled to mean 0 and deviation 1. One epoch, with rate 0.01:
      row 2: ŷ = -4.94 for 3, L = 63.10
      row 3: ŷ = 1.90 for 8, L = 37.22
      row 3: ŷ = 2.84 for 8, L = 26.61
    The mean loss after each epoch
      epoch  unscaled, 0.001  unscaled, 0.00001  scaled, 0.01
      0               3.2e+4             3.2e+4        3.2e+1
      1              4.4e+73             1.3e+3        2.1e+1
      2                  NaN             7.3e+2        1.7e+1
      5                  NaN             1.1e+2        4.5e+0
      10                 NaN             2.2e+1        1.2e-1
      50                 NaN             8.0e-1        9.3e-6
      100                NaN             8.1e-1       1.9e-10
      Unscaled, the weights of the IQ are 80 times as steep as the biases: no rate suits both.
    The pictures
      report/04-graph.svg
      report/04-loss.svg"
  `)
})
