import { describe, expect, test } from 'vitest'
import { accuracy, confusionMatrix, oneHot, r2Score } from '../src/index.ts'

const scores = [
  [2, 1, 0],
  [0, 3, 1],
  [1, 0, 0],
  [0, 0, 5],
]

describe('accuracy and confusionMatrix', () => {
  test('of one score a class', () => {
    expect(accuracy(scores, [0, 1, 1, 2])).toBe(0.75)
    expect(confusionMatrix(scores, [0, 1, 1, 2])).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ])
  })

  test('against one-hot rows', () => {
    expect(accuracy(scores, oneHot([0, 1, 1, 2], 3))).toBe(0.75)
    expect(confusionMatrix(scores, oneHot([0, 1, 1, 2], 3))).toEqual(confusionMatrix(scores, [0, 1, 1, 2]))
  })

  test('of one score an example, with a threshold: labels 0/1 or ±1, as a list or a column', () => {
    expect(accuracy([0.5, -2, 3, -1], [1, 0, 0, 0], { threshold: 0 })).toBe(0.75)
    expect(accuracy([[0.5], [-2], [3], [-1]], [[1], [-1], [-1], [-1]], { threshold: 0 })).toBe(0.75)
    expect(confusionMatrix([0.9, 0.2, 0.7], [1, 0, 0], { threshold: 0.5 })).toEqual([
      [1, 1],
      [0, 1],
    ])
  })

  test('of classes that were decided already', () => {
    expect(accuracy([0, 1, 1], [0, 1, 0])).toBeCloseTo(2 / 3, 15)
    expect(confusionMatrix([0, 1, 3], [0, 1, 0])).toEqual([
      [1, 0, 0, 1],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  test.each([
    [
      'accuracy: there is one score an example, and no threshold. Say { threshold: 0 } for logits, { threshold: 0.5 } for probabilities.',
      () => accuracy([0.2, 0.9], [0, 1]),
    ],
    [
      'accuracy: scores of shape [4, 3] with classes of shape [3]. Give one class an example.',
      () => accuracy(scores, [0, 1, 2]),
    ],
    ['accuracy: the scores have shape []. Give [examples, classes], or one score an example.', () => accuracy(1, 1)],
    [
      'accuracy: the prediction has shape [4, 3], the target [4, 2].',
      () =>
        accuracy(scores, [
          [1, 0],
          [0, 1],
          [0, 1],
          [0, 1],
        ]),
    ],
    [
      'confusionMatrix: the class 3 is none of 3. Classes are whole numbers, counted from 0 to 2.',
      () => confusionMatrix(scores, [0, 1, 3, 2]),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message)
  })
})

test('r2Score', () => {
  expect(r2Score([1, 2, 3], [1, 2, 3])).toBe(1)
  expect(r2Score([2, 2, 2], [1, 2, 3])).toBe(0)
  expect(r2Score([1, 2, 4], [1, 2, 3])).toBe(0.5)
  expect(
    r2Score(
      [
        [1, 2],
        [2, 2],
        [4, 2],
      ],
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    ),
  ).toBe(0.25)
  expect(r2Score([5, 5], [5, 5])).toBe(1)
  expect(r2Score([5, 6], [5, 5])).toBe(0)
  expect(() => r2Score([1, 2], [1])).toThrow('r2Score: the prediction has shape [2], the target [1].')
})
