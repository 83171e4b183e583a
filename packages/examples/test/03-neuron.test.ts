import { expect, it } from 'vitest'
import { run } from '../src/03-neuron.ts'
import { printed } from './support.ts'

it('example 3 shows five neurons and checks their derivatives', async () => {
  const { text, figures } = await printed(run)
  const s = 0.5
  const sigmoid = 1 / (1 + Math.exp(-s))
  const expected: Record<string, [output: number, slope: number]> = {
    perceptron: [1, 0],
    sum: [0.75, 1],
    linear: [s, 1],
    sigmoid: [sigmoid, sigmoid * (1 - sigmoid)],
    ReLU: [s, 1],
  }
  expect(figures.units.map(({ name }) => name)).toEqual(Object.keys(expected))
  for (const { name, output, weight, bias } of figures.units) {
    const [y = NaN, slope = NaN] = expected[name] ?? []
    expect(output, name).toBeCloseTo(y, 14)
    expect(weight, name).toEqual([expect.closeTo(2 * slope, 14), expect.closeTo(slope, 14)])
    if (name === 'sum') expect(bias).toBeUndefined()
    else expect(bias, name).toBeCloseTo(slope, 14)
  }
  expect(figures.worst).toBeLessThan(1e-9)
  expect(figures.and).toEqual([0, 0, 0, 1])
  expect(figures.or).toEqual([0, 1, 1, 1])
  expect(text).toMatchInlineSnapshot(`
    "Five neurons, each with the inputs x = (2, 1), the weights w = (0.5, −0.25) and the bias b = −0.25
      neuron                                output   d/dw1   d/dw2    d/db
      perceptron  1 if w·x + b > 0, else 0  1.0000  0.0000  0.0000  0.0000
      sum         w·x                       0.7500  2.0000  1.0000
      linear      w·x + b                   0.5000  2.0000  1.0000  1.0000
      sigmoid     1/(1 + exp(−(w·x + b)))   0.6225  0.4700  0.2350  0.2350
      ReLU        max(0, w·x + b)           0.5000  2.0000  1.0000  1.0000
      Reverse mode, forward mode and differences agree on every derivative:
      true, to nine digits or more
    A perceptron says yes or no. With weights 1, 1 and bias −1.5 it says AND, with bias −0.5 it says OR:
      (0,0) (0,1) (1,0) (1,1)   AND 0,0,0,1   OR 0,1,1,1
      Its derivative is 0 everywhere: a small change changes nothing, and gradient descent cannot train it.
      The sigmoid is its smooth relative; ReLU learns where it is on, with slope 1.
    The picture: each neuron and its derivative, for one input with weight 1 and bias 0.5
      report/03-neurons.svg"
  `)
})
