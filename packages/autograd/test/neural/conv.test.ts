/** Convolutions: against values from outside, against their definition, and by what they refuse. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, conv1d, conv2d, convTranspose1d, convTranspose2d, type Value, value } from '../../src/index.ts'
import { sizeOf } from '../../src/shape.ts'
import { checkGradients } from '../../src/testing/index.ts'
import { inner, irregular } from '../laws/cases.ts'
import { testReference } from './reference.ts'
import { refusals } from './refusals.ts'

testReference({
  conv1d: (attrs, x, w, bias) => x.conv1d(w as Value, { ...attrs, bias }),
  conv2d: (attrs, x, w, bias) => x.conv2d(w as Value, { ...attrs, bias }),
  convTranspose1d: (attrs, x, w, bias) => x.convTranspose1d(w as Value, { ...attrs, bias }),
  convTranspose2d: (attrs, x, w, bias) => x.convTranspose2d(w as Value, { ...attrs, bias }),
})

const array = (shape: readonly number[], phase = 0): Value =>
  constant(
    Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1 + 1.7 * i + phase)),
    { shape },
  )

type Pair = [number, number]
const pair = (min: number, max: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))

const geometry = fc
  .record({
    size: pair(1, 6),
    kernel: pair(1, 3),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 2),
    groups: fc.integer({ min: 1, max: 2 }),
    batch: fc.integer({ min: 0, max: 2 }),
  })
  .filter(({ size, kernel, padding, dilation }) =>
    [0, 1].every((d) => {
      const reach = (dilation[d] as number) * ((kernel[d] as number) - 1) + 1
      return reach <= (size[d] as number) + 2 * (padding[d] as number)
    }),
  )

/** The sum of the definition, element by element. */
function byDefinition(
  x: Value,
  w: Value,
  y: Value,
  { stride, padding, dilation, groups }: Record<string, unknown>,
): number[] {
  const [sy, sx] = stride as Pair
  const [py, px] = padding as Pair
  const [dy, dx] = dilation as Pair
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const [out, perGroup, kh, kw] = w.shape as [number, number, number, number]
  const [batch, , rows, columns] = y.shape as [number, number, number, number]
  const result: number[] = []
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < out; o++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          let sum = 0
          for (let i = 0; i < perGroup; i++)
            for (let ky = 0; ky < kh; ky++)
              for (let kx = 0; kx < kw; kx++) {
                const from = Math.floor(o / (out / (groups as number))) * perGroup + i
                const [p, q] = [r * sy + ky * dy - py, c * sx + kx * dx - px]
                if (p < 0 || p >= height || q < 0 || q >= width) continue
                const pixel = x.data[((n * channels + from) * height + p) * width + q] as number
                sum += pixel * (w.data[((o * perGroup + i) * kh + ky) * kw + kx] as number)
              }
          result.push(sum)
        }
  return result
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, digits = 12): void {
  expect(got.length).toBe(wanted.length)
  Array.from(wanted).forEach((x, i) => {
    expect(got[i]).toBeCloseTo(x, digits)
  })
}

describe('conv2d', () => {
  it('is its definition, for every stride, padding, dilation and group', () => {
    fc.assert(
      fc.property(geometry, ({ size, kernel, groups, batch, ...options }) => {
        const x = array([batch, 2 * groups, ...size])
        const w = array([3 * groups, 2, ...kernel], 5)
        const y = conv2d(x, w, { ...options, groups })
        expectClose(y.data, byDefinition(x, w, y, { ...options, groups }))
      }),
    )
  })

  it('has the transposed convolution as its adjoint', () => {
    fc.assert(
      fc.property(geometry, ({ size, kernel, groups, batch, stride, padding, dilation }) => {
        const x = array([batch, 2 * groups, ...size])
        const w = array([3 * groups, 2, ...kernel], 5)
        const y = conv2d(x, w, { stride, padding, dilation, groups })
        const g = irregular(y)
        const whole = [0, 1].map((d) => {
          const reach = (dilation[d] as number) * ((kernel[d] as number) - 1) + 1
          return ((y.shape[d + 2] as number) - 1) * (stride[d] as number) + reach - 2 * (padding[d] as number)
        })
        const outputPadding = size.map((n, d) => n - (whole[d] as number))
        // Where the padding cuts everything off, or rows that no window read are more than outputPadding may add.
        fc.pre(whole.every((n, d) => n + (outputPadding[d] as number) >= 1))
        fc.pre(outputPadding.every((n, d) => n < Math.max(stride[d] as number, dilation[d] as number) || n === 0))
        const back = convTranspose2d(g, w, { stride, padding, dilation, groups, outputPadding })
        expect(back.shape).toEqual(x.shape)
        expect(inner(y, g).item()).toBeCloseTo(inner(x, back).item(), 10)
      }),
    )
  })

  it('gives the same for many large images at once as for each', () => {
    // 25 columns of 80 × 80 for each image: more than one chunk.
    const x = value(array([3, 1, 80, 80]))
    const w = value(array([2, 1, 5, 5]))
    const y = conv2d(x, w, { padding: 2 })
    const weights = irregular(y)
    inner(y, weights).backward()
    const total = new Float64Array(50)
    for (let n = 0; n < 3; n++) {
      const one = value(x.detach().at(n))
      const own = value(w.detach())
      const z = conv2d(one, own, { padding: 2 })
      inner(z, weights.at(n)).backward()
      expect(y.at(n).toArray()).toEqual(z.toArray())
      expect(x.grad.at(n).toArray()).toEqual(one.grad.toArray())
      own.grad.data.forEach((g, i) => {
        total[i] = (total[i] as number) + g
      })
    }
    expectClose(w.grad.data, total, 9)
  })

  it('stays float32', () => {
    const x = value(array([2, 2, 5, 5]), { dtype: 'float32' })
    const w = value(array([4, 1, 3, 3]), { dtype: 'float32' })
    const y = x.conv2d(w, { groups: 2, padding: 1, bias: [1, 2, 3, 4] })
    y.sum().backward()
    expect([y.dtype, x.grad.dtype, w.grad.dtype]).toEqual(['float32', 'float32', 'float32'])
    expectClose(
      y.data,
      conv2d(array([2, 2, 5, 5]), array([4, 1, 3, 3]), { groups: 2, padding: 1, bias: [1, 2, 3, 4] }).data,
      5,
    )
    expect(x.conv2d(array([4, 1, 3, 3]), { groups: 2 }).dtype).toBe('float64')
  })

  it('has derivatives of second order in images, weights and bias', () => {
    const options = { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 }
    const inputs = [array([1, 2, 4, 5]), array([2, 1, 3, 2]), array([2])] as const
    const down = (x: Value, w: Value, bias: Value): Value =>
      conv2d(x, w, { ...options, bias })
        .tanh()
        .square()
        .sum()
    const up = (x: Value, w: Value, bias: Value): Value =>
      convTranspose2d(x, w, { ...options, outputPadding: [1, 0], bias })
        .tanh()
        .square()
        .sum()
    expect(checkGradients(down, inputs, { order: 2 })).toMatchObject({ ok: true })
    expect(checkGradients(up, inputs, { order: 2 })).toMatchObject({ ok: true })
  })
})

describe('paddings and ranks', () => {
  it("keeps the size with padding 'same', the odd zero at the end", () => {
    expect(conv1d([[[1, 2, 3]]], [[[1, 1]]], { padding: 'same' }).toArray()).toEqual([[[3, 5, 3]]])
    expect(conv1d([[[1, 2, 3]]], [[[1, 1]]], { padding: 'valid' }).toArray()).toEqual([[[3, 5]]])
    const image = array([1, 1, 5, 6])
    expect(conv2d(image, array([1, 1, 4, 3]), { padding: 'same', dilation: [1, 2] }).shape).toEqual([1, 1, 5, 6])
  })

  it('takes one image without a batch', () => {
    const [x, w] = [array([2, 4, 5]), array([3, 2, 2, 2])]
    expect(conv2d(x, w).toArray()).toEqual(conv2d(x.unsqueeze(0), w).at(0).toArray())
    expect(conv1d([[1, 2, 3]], [[[1, 1]]]).toArray()).toEqual([[3, 5]])
    expect(convTranspose1d([[1, 2]], [[[1, 10]]], { stride: 2 }).toArray()).toEqual([[1, 10, 2, 20]])
  })
})

const [x, w] = [array([2, 4, 5, 5]), array([6, 4, 3, 3])]
refusals([
  [
    'conv2d: the input has shape [5]. Give [batch, channels, height, width], or one image',
    () => conv2d([1, 2, 3, 4, 5], w),
  ],
  ['conv1d: the weights have shape [6, 4, 3, 3]. Give [out, in / groups, length]', () => conv1d(array([1, 4, 5]), w)],
  ['conv2d: 4 channels and weights [6, 4, 3, 3] do not fit in 2 groups.', () => conv2d(x, w, { groups: 2 })],
  ['conv2d: groups is 0. Give a whole number, 1 or more.', () => conv2d(x, w, { groups: 0 })],
  ['conv2d: the stride is 0. Give a whole number or a pair of them, 1 or more.', () => conv2d(x, w, { stride: 0 })],
  ['conv2d: the stride is [1, 2, 3]. Give', () => conv2d(x, w, { stride: [1, 2, 3] })],
  ['conv2d: the padding is -1. Give a whole number or a pair of them, 0 or more.', () => conv2d(x, w, { padding: -1 })],
  ["conv2d: the dilation is 'a'. Give", () => conv2d(x, w, { dilation: 'a' as never })],
  ["conv2d: padding 'same' has stride 1, got [2, 2]. Give", () => conv2d(x, w, { padding: 'same', stride: 2 })],
  [
    'conv2d: a window that reaches over 5 × 7 does not fit into the padded input, 5 × 5.',
    () => conv2d(x, w, { dilation: [2, 3] }),
  ],
  [
    'conv2d: the bias has shape [5], the result 6 channels. Give a bias of shape [6].',
    () => conv2d(x, w, { bias: [1, 2, 3, 4, 5] }),
  ],
  ['convTranspose2d: 4 channels and weights [6, 4, 3, 3] do not fit in 1 group.', () => convTranspose2d(x, w)],
  [
    'convTranspose2d: the outputPadding 2 is not less than stride or dilation (2, 1). Make it smaller.',
    () => convTranspose2d(x, array([4, 1, 3, 3]), { stride: 2, outputPadding: 2 }),
  ],
  [
    'convTranspose2d: the padding cuts everything off, -1 × -1 would be left of [2, 4, 5, 5]. Give less padding.',
    () => convTranspose2d(x, array([4, 1, 3, 3]), { padding: 4 }),
  ],
])
