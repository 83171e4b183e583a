/** Max-pooling in compiled functions: the place of the largest element of each window, found in loops. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { type DType, maxPool1d, maxPool2d, random, type Value, value, valueAndGrad } from '../../src/index.ts'

const targets = ['wasm', 'js'] as const
const shape = [2, 3, 11, 9]
const draw = random(3)

/** Whole numbers, so that windows have ties, with NaN, ±∞ and −0 among them. */
function awkward(dtype: DType): Value {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]
  const size = shape.reduce((a, b) => a * b)
  const data = Array.from({ length: size }, (_, i) => (i % 7 === 3 ? odd[(i * 31) % 5] : ((i * i) % 5) - 2)) as number[]
  return value(data, { shape, dtype })
}

const pools: readonly (readonly [string, (x: Value) => Value])[] = [
  ['2 × 2', (x) => maxPool2d(x, 2)],
  ['overlapping', (x) => maxPool2d(x, 3, { stride: 1 })],
  ['padded', (x) => maxPool2d(x, [3, 2], { stride: 2, padding: 1 })],
  ['dilated and padded', (x) => maxPool2d(x, [2, 3], { stride: [1, 2], padding: [0, 1], dilation: [3, 2] })],
  ['large windows', (x) => maxPool2d(x, [8, 7])],
  ['lines', (x) => maxPool1d(x.reshape([6, 11, 9]), 3, { padding: 1 })],
]

describe.each(targets)('compiled to %s', (target) => {
  describe.each(['float64', 'float32'] as const)('in %s', (dtype) => {
    test.each(pools)('max-pooling: %s', (_, pool) => {
      const weights = draw.uniform(pool(awkward(dtype)).shape, 1, 2, { dtype })
      // Every window's gradient arrives at the first of its largest elements, also where that is NaN.
      const f = valueAndGrad((x: Value) => pool(x).mul(weights).sum())
      const [compiled, plain] = [compile(f, { target }), compile(pool, { target })]
      for (let round = 0; round < 2; round++) {
        const x = awkward(dtype)
        expect(plain(x).toArray()).toEqual(pool(x).toArray())
        expect(plain(x).dtype).toBe(dtype)
        expect(compiled(x).grad.toArray()).toEqual(f(x).grad.toArray())
      }
    })
  })

  test('small windows are no call into JavaScript', () => {
    const f = compile((x: Value) => maxPool2d(x, 3, { padding: 1 }), { target })
    f(awkward('float32'))
    expect(f.explain().split('program:')[1]).not.toContain('argmaxWindow(')
  })
})
