import { constant, log, ShapeError, type Value, value, vmap } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { describe, expect, test } from 'vitest'
import {
  bceLoss,
  bceWithLogitsLoss,
  cosineSimilarity,
  crossEntropyLoss,
  hingeLoss,
  huberLoss,
  klDivLoss,
  maeLoss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
} from '../../src/index.ts'

function gradientOf(f: (x: Value) => Value, x: number | number[]): number[] {
  const leaf = value(x)
  f(leaf).backward()
  return Array.from(leaf.grad.data)
}

describe('the digits are kept', () => {
  test('of a confident binary cross-entropy', () => {
    expect(gradientOf((x) => bceWithLogitsLoss(x, 1), 40)[0]).toBeCloseTo(-4.248354255291589e-18, 30)
    expect(bceWithLogitsLoss(40, 1).item()).toBeCloseTo(4.248354255291589e-18, 30)
  })

  test('of a confident cross-entropy', () => {
    expect(crossEntropyLoss([40, 0], 0).item()).toBeCloseTo(4.248354255291589e-18, 30)
    expect(gradientOf((x) => crossEntropyLoss(x, 0), [40, 0])[0]).toBeCloseTo(-4.248354255291589e-18, 30)
  })

  test('of infinite logits', () => {
    expect(bceWithLogitsLoss([Infinity, -Infinity], [1, 0]).item()).toBe(0)
    expect(bceWithLogitsLoss([Infinity], [0]).item()).toBe(Infinity)
    expect(crossEntropyLoss([-Infinity, 1], [0, 1]).item()).toBeCloseTo(0, 20)
  })

  test('of a small Huber residual, and its curvature at 0', () => {
    expect(gradientOf((x) => huberLoss(x, 0), 1e-20)[0]).toBe(1e-20)
    expect(gradientOf((x) => huberLoss(x, 0), 1e200)[0]).toBe(1)
  })

  test('of directions, whatever the length', () => {
    for (const scale of [1e-300, 1e-20, 1, 1e200, 1.7e308]) {
      expect(cosineSimilarity([scale, 0], [scale, scale]).item()).toBeCloseTo(Math.SQRT1_2, 15)
    }
    expect(cosineSimilarity([0, 0], [1, 2]).item()).toBe(0)
    expect(cosineSimilarity([1e-9, 0], [1, 0], { eps: 1e-8 }).item()).toBeCloseTo(0.1, 15)
    expect(
      cosineSimilarity(
        [
          [1, 0],
          [0, 2],
        ],
        [
          [3, 0],
          [3, 0],
        ],
        { axis: 1 },
      ).toArray(),
    ).toEqual([1, 0])
  })

  test('of a divergence where p is 0', () => {
    expect(klDivLoss(log([0.5, 0.5]), [1, 0], { reduction: 'sum' }).item()).toBeCloseTo(Math.LN2, 15)
    expect(klDivLoss([0, -Infinity], [1, 0], { reduction: 'sum' }).item()).toBe(0)
    expect(gradientOf((q) => klDivLoss(q, [1, 0], { reduction: 'sum' }), [-1, -2])).toEqual([-1, -0])
    const logs = [Math.log(0.25), Math.log(0.75), Number.NEGATIVE_INFINITY]
    const q = log([0.5, 0.25, 0.25])
    expect(klDivLoss(q, logs, { reduction: 'none', logTarget: true }).toArray()).toEqual(
      Array.from(klDivLoss(q, [0.25, 0.75, 0], { reduction: 'none' }).data, (x) => expect.closeTo(x, 14)),
    )
  })

  test('of a probability that has rounded to 0', () => {
    expect(bceLoss([0, 1], [1, 0]).item()).toBe(100)
  })
})

test('the hinge loss is the mean of relu(1 − y·s)', () => {
  expect(hingeLoss([0.3, -0.2, 2], [1, -1, 1]).item()).toBeCloseTo(0.5, 15)
  expect(hingeLoss([0.3, -0.2, 2], [1, -1, 1], { reduction: 'none' }).toArray()).toEqual([0.7, 0.8, 0])
})

test('float32 predictions stay float32', () => {
  const p = value([1, 2], { dtype: 'float32' })
  expect(mseLoss(p, [0, 0]).dtype).toBe('float32')
  expect(crossEntropyLoss(p, 1).dtype).toBe('float32')
  expect(crossEntropyLoss(p, 1, { weight: [1, 2], labelSmoothing: 0.1 }).dtype).toBe('float32')
  expect(bceWithLogitsLoss(p, [0, 1], { positiveWeight: 2 }).dtype).toBe('float32')
  expect(klDivLoss(p, [0.5, 0.5]).dtype).toBe('float32')
  expect(cosineSimilarity(p, p).dtype).toBe('float32')
})

test('a number as target fits every shape', () => {
  expect(mseLoss([1, 3], 1).item()).toBe(2)
})

describe('what does not fit is said', () => {
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
  ]
  test.each([
    [
      'mseLoss: the prediction has shape [2, 1], the target [2]. Give both one shape, with reshape, squeeze or oneHot.',
      () => mseLoss([[1], [2]], [1, 2]),
    ],
    [
      'maeLoss: the prediction has shape [2], the target [3]. Give both one shape, with reshape, squeeze or oneHot.',
      () => maeLoss([1, 2], [1, 2, 3]),
    ],
    [
      "mseLoss: there is no reduction 'avg'. Use 'mean', 'sum' or 'none'.",
      () => mseLoss(1, 2, { reduction: 'avg' as 'mean' }),
    ],
    ['huberLoss: delta is 0. Give a number above 0.', () => huberLoss(1, 2, { delta: 0 })],
    ['smoothL1Loss: beta is -1. Give a number, 0 or more.', () => smoothL1Loss(1, 2, { beta: -1 })],
    [
      'crossEntropyLoss: the class 3 is none of 3. Classes are whole numbers, counted from 0 to 2.',
      () => crossEntropyLoss(rows, [0, 3]),
    ],
    [
      'crossEntropyLoss: the class 0.5 is none of 3. Classes are whole numbers, counted from 0 to 2.',
      () => crossEntropyLoss(rows, [0, 0.5]),
    ],
    [
      'crossEntropyLoss: scores of shape [2, 3] with classes of shape [3]. Give one class an example: [2].',
      () => crossEntropyLoss(rows, [0, 1, 2]),
    ],
    [
      "crossEntropyLoss: the logits have shape [2, 3], the probabilities [2, 1]. Give probabilities in the logits' shape, or one class an example: [2].",
      () => crossEntropyLoss(rows, [[0], [1]]),
    ],
    [
      'crossEntropyLoss: the scores are a scalar. Give one score a class: [classes] or [batch, classes].',
      () => crossEntropyLoss(1, 0),
    ],
    [
      'crossEntropyLoss: labelSmoothing is 2. Give a number from 0 to 1.',
      () => crossEntropyLoss(rows, [0, 1], { labelSmoothing: 2 }),
    ],
    [
      'crossEntropyLoss: the weight has shape [2] for 3 classes. Give one number a class: [3].',
      () => crossEntropyLoss(rows, [0, 1], { weight: [1, 2] }),
    ],
    [
      'nllLoss: the class -1 is none of 3. Classes are whole numbers, counted from 0 to 2.',
      () => nllLoss(rows, [-1, 0]),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message)
  })

  test('with the class of the error', () => {
    expect(() => mseLoss([[1], [2]], [1, 2])).toThrow(ShapeError)
  })
})

describe('classes that are mapped over or traced', () => {
  const scores = value([
    [1, 2, 3],
    [0, 1, 0],
    [2, 2, 1],
  ])
  const mapped = [
    ['crossEntropyLoss', (s: Value, t: Value) => crossEntropyLoss(s, t)],
    ['nllLoss', (s: Value, t: Value) => nllLoss(s, t)],
    ['weighted', (s: Value, t: Value) => crossEntropyLoss(s, t, { weight: [1, 2, 3], reduction: 'sum' })],
  ] as const

  test.each(mapped)('%s, example by example', (_name, loss) => {
    const targets = constant([0, 2, 1])
    const each = [0, 1, 2].map((i) => loss(scores.at(i), targets.at(i)).item())
    expect(vmap(loss)(scores, targets).toArray()).toEqual(each.map((x) => expect.closeTo(x, 14)))
    expect(() => vmap(loss)(scores, [0, 1, 3])).toThrow('the class 3 is none of 3.')
  })

  test('a compiled program checks and ignores the classes of every call', () => {
    const loss = (s: Value, t: Value): Value => crossEntropyLoss(s, t, { ignoreIndex: 2 })
    const program = compile(loss)
    for (const targets of [
      [0, 1, 1],
      [2, 1, 0],
      [2, 0, 2],
    ]) {
      expect(program(scores, constant(targets)).item()).toBeCloseTo(loss(scores, constant(targets)).item(), 14)
    }
    // Of the last one alone is not ignored.
    expect(program(scores, constant([2, 0, 2])).item()).toBeCloseTo(crossEntropyLoss([0, 1, 0], 0).item(), 14)
    for (const wrong of [-1, 3, 0.5, Number.NaN]) {
      expect(() => program(scores, constant([0, wrong, 1]))).toThrow(
        `crossEntropyLoss: the class ${wrong} is none of 3.`,
      )
      expect(() => loss(scores, constant([0, wrong, 1]))).toThrow(`crossEntropyLoss: the class ${wrong} is none of 3.`)
    }
  })
})
