/** Normalization: against values from outside, its defaults, and by what it refuses. */
import { describe, expect, it } from 'vitest'
import { batchNorm, constant, groupNorm, layerNorm, rmsNorm, type Value, value } from '../../src/index.ts'
import { checkGradients } from '../../src/testing/index.ts'
import { read, testReference } from './reference.ts'
import { refusals } from './refusals.ts'

testReference({
  layerNorm: ({ shape, eps }, x, weight, bias) => x.layerNorm(shape, { eps, weight, bias }),
  rmsNorm: ({ shape, eps }, x, weight) => x.rmsNorm(shape, { eps, weight }),
  groupNorm: ({ groups, eps }, x, weight, bias) => x.groupNorm(groups, { eps, weight, bias }),
  batchNormTrain: ({ eps }, x, weight, bias) => x.batchNorm({ eps, weight, bias }),
  batchNormEval: ({ eps, mean, variance }, x, weight, bias) =>
    x.batchNorm({ eps, weight, bias, mean: read(mean), variance: read(variance) }),
})

describe('defaults', () => {
  it('eps is 1e-5', () => {
    const expected = 1 / Math.sqrt(1 + 1e-5)
    expect(layerNorm([1, 3], [2]).toArray()).toEqual([-expected, expected])
    expect(groupNorm([[1, 3]], 1).toArray()).toEqual([[-expected, expected]])
    expect(batchNorm([[1], [3]]).toArray()).toEqual([[-expected], [expected]])
    expect(batchNorm([[3]], { mean: [1], variance: [1] }).item()).toBeCloseTo(2 * expected, 15)
  })

  it("rmsNorm's eps is the precision of the dtype", () => {
    const tiny = 2 ** -26
    expect(rmsNorm([tiny], [1]).item()).toBeCloseTo(Math.SQRT1_2, 15)
    expect(rmsNorm(value([2 ** -11.5], { dtype: 'float32' }), [1]).item()).toBeCloseTo(Math.SQRT1_2, 6)
    expect(rmsNorm([0, 0], [2]).toArray()).toEqual([0, 0])
  })
})

describe('digits', () => {
  it('equal numbers give exact zeros, with a finite gradient', () => {
    const x = value([0.1, 0.1, 0.1])
    const y = x.layerNorm([3])
    expect(y.toArray()).toEqual([0, 0, 0])
    y.mul([1, 2, 3]).sum().backward()
    expect(x.grad.toArray()).toEqual([-1, 0, 1].map((d) => expect.closeTo(d / Math.sqrt(1e-5), 9)))
  })

  it('numbers far from 0 keep their spread', () => {
    const x = [1e9, 1e9 + 1, 1e9 + 2]
    expect(layerNorm(x, [3]).toArray()).toEqual(layerNorm([0, 1, 2], [3]).toArray())
  })

  it('float32 stays float32', () => {
    const x = value([[1, 2, 4]], { dtype: 'float32' })
    const y = x.layerNorm([3], { weight: [1, 2, 3], bias: [0, 0, 1] })
    y.square().sum().backward()
    expect([y.dtype, x.grad.dtype]).toEqual(['float32', 'float32'])
    const wide = layerNorm([[1, 2, 4]], [3], { weight: [1, 2, 3], bias: [0, 0, 1] })
    y.data.forEach((t, i) => {
      expect(t).toBeCloseTo(wide.data[i] as number, 5)
    })
  })
})

describe('derivatives of second order', () => {
  const x = constant(
    Array.from({ length: 24 }, (_, i) => Math.sin(1 + 2.3 * i)),
    { shape: [2, 4, 3] },
  )
  const channel = [0.5, 1, -1, 2]
  const functions: Record<string, (x: Value, weight: Value, bias: Value) => Value> = {
    groupNorm: (t, weight, bias) => groupNorm(t, 2, { weight, bias }),
    batchNorm: (t, weight, bias) => batchNorm(t, { weight, bias }),
    'batchNorm with statistics': (t, weight, bias) =>
      batchNorm(t, { weight, bias, mean: bias.mul(2), variance: weight.square() }),
    'layerNorm over two axes': (t, weight) => layerNorm(t, [4, 3]).mul(weight.unsqueeze(1)),
    rmsNorm: (t, weight) => rmsNorm(t, [3], { weight: weight.slice([[1]]) }),
  }
  it.each(Object.entries(functions))('%s', (_, f) => {
    const loss = (t: Value, weight: Value, bias: Value): Value => f(t, weight, bias).tanh().square().sum()
    const inputs = [x, constant(channel), constant(channel)] as const
    expect(checkGradients(loss, inputs, { order: 2 })).toMatchObject({ ok: true })
  })
})

const x = [
  [1, 2],
  [3, 5],
]
refusals([
  [
    'layerNorm: the input [2, 2] does not end in the shape [3]. Give the sizes of its last axes',
    () => layerNorm(x, [3]),
  ],
  ['layerNorm: the input [2, 2] does not end in the shape []. Give', () => layerNorm(x, [])],
  ['layerNorm: the input [2, 2] does not end in the shape [1, 2, 2]. Give', () => layerNorm(x, [1, 2, 2])],
  ['layerNorm: the weight has shape [3]. Give it the shape [2].', () => layerNorm(x, [2], { weight: [1, 2, 3] })],
  ['layerNorm: eps is -1. Give a number, 0 or more.', () => layerNorm(x, [2], { eps: -1 })],
  ['rmsNorm: the weight has shape []. Give it the shape [2].', () => rmsNorm(x, [2], { weight: 2 })],
  ['groupNorm: 2 channels do not divide into 3 groups. Give a whole number that divides them.', () => groupNorm(x, 3)],
  ['groupNorm: the input has shape [2]. Give [batch, channels, …].', () => groupNorm([1, 2], 1)],
  ['batchNorm: the input has shape [2]. Give [batch, channels, …].', () => batchNorm([1, 2])],
  ['batchNorm: the mean has shape [1]. Give it the shape [2].', () => batchNorm(x, { mean: [1], variance: [1, 1] })],
  ['batchNorm: got a mean without a variance. Give both', () => batchNorm(x, { mean: [1, 1] })],
  ['batchNorm: got a variance without a mean. Give both', () => batchNorm(x, { variance: [1, 1] })],
  ['batchNorm: the batch [1, 2] has one number a channel, which has no variance.', () => batchNorm([[1, 2]])],
])
