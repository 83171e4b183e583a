import { DomainError, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { clipGradNorm, clipGradValue } from '../../src/index.ts'

/** Two parameters with gradients [3, −4] and 12, and one that has none. */
function parameters(dtype: 'float64' | 'float32' = 'float64') {
  const [a, b, unused] = [value([0, 0], { dtype }), value(0, { dtype }), value(1, { dtype })]
  a.mul([3, -4]).sum().add(b.mul(12)).backward()
  return [a, b, unused] as const
}

describe('clipGradNorm', () => {
  // Numbers of torch.nn.utils.clip_grad_norm_ by its formula, max/(norm + 1e-6).
  test.each([
    [2, 13],
    [1, 19],
    [Number.POSITIVE_INFINITY, 12],
    [3, (27 + 64 + 1728) ** (1 / 3)],
  ])('ord %d: scales all gradients alike, and tells the norm %d before', (ord, norm) => {
    const [a, b, unused] = parameters()
    const factor = 2 / (norm + 1e-6)
    expect(clipGradNorm([a, b, unused], 2, { ord })).toBeCloseTo(norm, 12)
    expect(a.grad.toArray()).toEqual([expect.closeTo(3 * factor, 14), expect.closeTo(-4 * factor, 14)])
    expect(b.grad.item()).toBeCloseTo(12 * factor, 14)
    expect(unused.hasGrad).toBe(false)
  })

  test('ord is 2 by default; a norm that is small enough stays', () => {
    const [a, b] = parameters()
    expect(clipGradNorm([a, b], 13.1)).toBe(13)
    expect(a.grad.toArray()).toEqual([3, -4])
    expect(clipGradNorm([], 1)).toBe(0)
  })

  test('neither overflows nor vanishes', () => {
    const p = value([0, 0])
    p.mul([3e200, -4e200]).sum().backward()
    expect(clipGradNorm([p], 1) / 5e200).toBeCloseTo(1, 12)
    expect(p.grad.toArray()).toEqual([expect.closeTo(0.6, 12), expect.closeTo(-0.8, 12)])
  })

  test('float32 stays float32', () => {
    const [a, b] = parameters('float32')
    clipGradNorm([a, b], 1)
    expect(a.grad.data).toBeInstanceOf(Float32Array)
  })
})

test('one Value needs no list', () => {
  const [a, b] = parameters()
  expect(clipGradNorm(a, 1)).toBe(5)
  expect(a.grad.toArray()).toEqual([expect.closeTo(0.6, 5), expect.closeTo(-0.8, 5)])
  clipGradValue(b, 3.5)
  expect(b.grad.item()).toBe(3.5)
})

test('clipGradValue cuts every element', () => {
  const [a, b, unused] = parameters()
  clipGradValue([a, b, unused], 3.5)
  expect(a.grad.toArray()).toEqual([3, -3.5])
  expect(b.grad.item()).toBe(3.5)
  expect(unused.hasGrad).toBe(false)
})

test.each([
  ['clipGradNorm: max is -1. Give a number, 0 or more.', () => clipGradNorm([], -1)],
  ['clipGradNorm: ord is 0. Give a number above 0, or Infinity.', () => clipGradNorm([], 1, { ord: 0 })],
  ['clipGradNorm: max is null. Give a number, 0 or more.', () => clipGradNorm([], null as never)],
  ["clipGradNorm: ord is '2'. Give", () => clipGradNorm([], 1, { ord: '2' as never })],
  ['clipGradNorm: 3 is no Value. Give model.parameters().', () => clipGradNorm(3 as never, 1)],
  ['clipGradValue: undefined is no Value. Give model.parameters().', () => clipGradValue(undefined as never, 1)],
  ['clipGradValue: null is no Value.', () => clipGradValue([null as never], 1)],
  ['clipGradValue: max is NaN. Give a number, 0 or more.', () => clipGradValue([], Number.NaN)],
])('%s', (message, wrong) => {
  expect(wrong).toThrow(message)
  expect(wrong).toThrow(DomainError)
})
