/** The train steps that peers are compared by: at small sizes, against the engine alone in float64, and by hand. */
import { constant, conv2d, linear, maxPool2d, type Value, value } from '@adjoint/autograd'
import { expect, test } from 'vitest'
import { channelsLast, transposed } from '../src/peers/layout.ts'
import { expectEqual } from '../src/timing.ts'
import { byHand, losses, type Training } from '../src/train.ts'
import { oneHotRows, outputsOf, type Plan, plans, type Work, workOf } from '../src/work.ts'
import { workWithModules } from '../src/workModules.ts'

const STEPS = 10

/** Engine functions in float64, the loss from its definition: −mean log(e^z[class] / Σ e^z). */
function withEngine(work: Work): Training {
  const { batch, example, layers, activation, learningRate } = work
  const inputs = constant(Float64Array.from(work.x), { shape: [batch, ...example] })
  const chosen = constant(Float64Array.from(oneHotRows(work)), { shape: [batch, outputsOf(work)] })
  const leaves = work.parameters.map(({ data, shape }) => value(Float64Array.from(data), { shape }))
  return {
    step: () => {
      let h: Value = inputs
      layers.forEach((layer, i) => {
        const [w, b] = leaves.slice(2 * i, 2 * i + 2) as [Value, Value]
        if (layer.kind === 'conv') {
          h = maxPool2d(conv2d(h, w, { padding: layer.padding, bias: b }).relu(), 2)
        } else {
          const sum = linear(h.reshape([batch, layer.inputs]), w, b)
          h = i + 1 === layers.length ? sum : activation === 'tanh' ? sum.tanh() : sum.relu()
        }
      })
      const total = h
        .exp()
        .sum({ axis: 1 })
        .log()
        .sub(h.mul(chosen).sum({ axis: 1 }))
      const loss = total.mean()
      loss.backward({ keep: 'leaves' })
      for (const leaf of leaves) {
        const g = leaf.grad.data
        leaf.update((p) => {
          for (let i = 0; i < p.length; i++) p[i] = (p[i] as number) - learningRate * (g[i] as number)
        })
        leaf.zeroGrad()
      }
      return loss.item()
    },
  }
}

const dense: Plan = {
  name: 'dense',
  description: '',
  batch: 5,
  example: [4],
  layers: [
    { kind: 'dense', inputs: 4, outputs: 6 },
    { kind: 'dense', inputs: 6, outputs: 3 },
  ],
  activation: 'tanh',
  loss: 'crossEntropy',
}

const images: Plan = {
  ...dense,
  name: 'images',
  example: [1, 8, 8],
  layers: [
    { kind: 'conv', inputs: 1, outputs: 2, kernel: 3, padding: 1 },
    { kind: 'conv', inputs: 2, outputs: 3, kernel: 3, padding: 0 },
    { kind: 'dense', inputs: 3, outputs: 5 },
    { kind: 'dense', inputs: 5, outputs: 3 },
  ],
  activation: 'relu',
}

test.each([dense, { ...dense, activation: 'relu' } as const, images])(
  '$name, $activation: modules and engine agree',
  (plan) => {
    const work = workOf(plan)
    const expected = losses(withEngine(work), STEPS)
    expectEqual('modules', losses(workWithModules(work), STEPS), expected, 1e-5)
    expect(expected[STEPS - 1]).toBeLessThan(expected[0] as number)
  },
)

test.each(plans.slice(0, 2))('$name: modules agree with the steps written by hand', (plan) => {
  const work = workOf(plan)
  const expected = losses(byHand({ ...work, parameters: work.parameters.map(({ data }) => data) }), STEPS)
  expectEqual('modules', losses(workWithModules(work), STEPS), expected, 1e-5)
  expect(expected[STEPS - 1]).toBeLessThan(expected[0] as number)
})

test('every plan fits together: the layers take what the layers before them give', () => {
  expect(plans.map(({ name }) => name)).toEqual(['A1', 'A64', 'B', 'C', 'D', 'E'])
  for (const plan of plans.filter(({ name }) => name !== 'D')) {
    const [first, second] = losses(workWithModules(workOf(plan)), 2) as [number, number]
    expect(second, plan.name).toBeLessThan(first)
  }
})

test('the layouts of the peers hold the same weights', () => {
  const data = Float32Array.from({ length: 6 }, (_, i) => i)
  expect(transposed({ shape: [2, 3], data })).toEqual({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) })
  expect(transposed({ shape: [6], data })).toEqual({ shape: [6], data })
  const kernel = Float32Array.from({ length: 12 }, (_, i) => i)
  // [outputs 2, inputs 3, 1, 2] to [1, 2, 3, 2]: outputs vary fastest.
  expect(channelsLast({ shape: [2, 3, 1, 2], data: kernel })).toEqual({
    shape: [1, 2, 3, 2],
    data: Float32Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11),
  })
})
