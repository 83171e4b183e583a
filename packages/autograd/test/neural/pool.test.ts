/** Pooling: against values from outside, at ties and borders, and by what it refuses. */
import { describe, expect, it } from 'vitest'
import { avgPool1d, avgPool2d, constant, maxPool1d, maxPool2d, value } from '../../src/index.ts'
import { checkGradients } from '../../src/testing/index.ts'
import { testReference } from './reference.ts'
import { refusals } from './refusals.ts'

testReference({
  maxPool1d: ({ kernel, ...attrs }, x) => x.maxPool1d(kernel, attrs),
  maxPool2d: ({ kernel, ...attrs }, x) => x.maxPool2d(kernel, attrs),
  avgPool1d: ({ kernel, ...attrs }, x) => x.avgPool1d(kernel, attrs),
  avgPool2d: ({ kernel, ...attrs }, x) => x.avgPool2d(kernel, attrs),
})

const { NaN: none, NEGATIVE_INFINITY: least } = Number

describe('maxPool', () => {
  it('gives the gradient to the first of equal elements', () => {
    const x = value([[[2, 2, 1, 3, 3, 3]]])
    x.maxPool1d(3).sum().backward()
    expect(x.grad.toArray()).toEqual([[[1, 0, 0, 1, 0, 0]]])
  })

  it('adds up where windows overlap', () => {
    const x = value([[[1, 5, 2, 0]]])
    x.maxPool1d(2, { stride: 1 }).sum().backward()
    expect(x.grad.toArray()).toEqual([[[0, 2, 1, 0]]])
  })

  it('never chooses the padding', () => {
    expect(maxPool1d([[[-3, -2, -1]]], 3, { stride: 1, padding: 1 }).toArray()).toEqual([[[-2, -1, -1]]])
    const x = value([[[least, least]]])
    const y = x.maxPool1d(2, { stride: 1, padding: 1 })
    expect(y.toArray()).toEqual([[[least, least, least]]])
    y.sum().backward()
    expect(x.grad.toArray()).toEqual([[[2, 1]]])
  })

  it('passes NaN on', () => {
    expect(maxPool1d([[[1, none, 3, 4, 5, none]]], 2).toArray()).toEqual([[[none, 4, none]]])
    expect(maxPool1d([[[none, 1]]], 2).toArray()).toEqual([[[none]]])
  })

  it('spreads its windows by the dilation', () => {
    expect(maxPool1d([[[5, 1, 2, 4, 3]]], 2, { stride: 1, dilation: 3 }).toArray()).toEqual([[[5, 3]]])
    expect(maxPool1d([[[5, 1, 2, 4]]], 2, { stride: 1, dilation: 2, padding: 1 }).toArray()).toEqual([[[1, 5, 4, 2]]])
  })

  it('has derivatives of second order away from ties', () => {
    const x = constant(
      Array.from({ length: 40 }, (_, i) => (i * 7) % 40),
      { shape: [1, 2, 4, 5] },
    ).mul(0.1)
    const f = (t: typeof x): typeof x =>
      maxPool2d(t.sin(), [2, 3], { stride: [1, 2], padding: [1, 0] })
        .square()
        .sum()
    expect(checkGradients(f, [x], { order: 2 })).toMatchObject({ ok: true })
  })
})

describe('avgPool', () => {
  it('counts the padding, or not', () => {
    const line = [[[2, 4, 6]]]
    expect(avgPool1d(line, 2, { stride: 1, padding: 1 }).toArray()).toEqual([[[1, 3, 5, 3]]])
    expect(avgPool1d(line, 2, { stride: 1, padding: 1, countIncludePad: false }).toArray()).toEqual([[[2, 3, 5, 6]]])
  })

  it('gives equal elements back exactly', () => {
    const x = constant(new Array(49).fill(0.1), { shape: [1, 1, 7, 7] })
    expect(avgPool2d(x, 2).data.every((mean) => mean === 0.1)).toBe(true)
  })
})

it('takes one image without a batch, and stays float32', () => {
  const x = value([[1, 3, 2, 0]], { dtype: 'float32' })
  expect(x.maxPool1d(2).toArray()).toEqual([[3, 2]])
  const mean = x.avgPool1d(2, { padding: 1, countIncludePad: false })
  expect([mean.toArray(), mean.dtype]).toEqual([[[1, 2.5, 0]], 'float32'])
  mean.sum().backward()
  expect([x.grad.toArray(), x.grad.dtype]).toEqual([[[1, 0.5, 0.5, 1]], 'float32'])
})

const image = constant(new Array(16).fill(1), { shape: [1, 1, 4, 4] })
refusals([
  ['maxPool2d: the input has shape [4]. Give [batch, channels, height, width]', () => maxPool2d([1, 2, 3, 4], 2)],
  ['maxPool2d: the kernel is 0. Give a whole number or a pair of them, 1 or more.', () => maxPool2d(image, 0)],
  ['avgPool1d: the stride is 1.5. Give a whole number, 1 or more.', () => avgPool1d([[[1, 2]]], 2, { stride: 1.5 })],
  [
    'maxPool2d: with the padding [2, 2] a window of [3, 3] may lie outside the image, [4, 4]. The padding is at most half',
    () => maxPool2d(image, 3, { padding: 2 }),
  ],
  [
    'maxPool1d: with the padding [2] a window of [4] may lie outside the image, [1].',
    () => maxPool1d([[[1]]], 2, { padding: 2, dilation: 3 }),
  ],
  [
    'avgPool2d: a window that reaches over 5 × 2 does not fit into the padded input, 4 × 4.',
    () => avgPool2d(image, [5, 2]),
  ],
])
