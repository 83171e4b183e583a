/** MNIST itself is not needed here: the digits of 8x8 pixels, three times as large, take the same way. */
import { constant, type Value } from '@adjoint/autograd'
import { trainTestSplit } from '@adjoint/nn'
import { describe, expect, it } from 'vitest'
import { run } from '../src/11-lenet.ts'
import { readDigits } from '../src/lib/data.ts'
import { readExamples } from '../src/lib/mnist.ts'
import { printed } from './support.ts'

/** Each pixel as 3x3, in the middle of 28x28. */
function enlarge(x: Value): Value {
  const inked = Array.from({ length: 28 }, (_, row) => Math.floor((row - 2) / 3))
  const place = (row: number, column: number): number =>
    Math.min(row, column) < 0 || Math.max(row, column) > 7 ? 64 : 8 * row + column
  const order = inked.flatMap((row) => inked.map((column) => place(row, column)))
  const padded = Array.from({ length: x.shape[0] ?? 0 }, (_, i) => [...x.at(i).data, 0])
  return constant(padded, { dtype: 'float32' }).take(order, 1).reshape([padded.length, 1, 28, 28])
}

describe('example 11', () => {
  it('learns, and counts what it reads', async () => {
    const { x, y } = readDigits()
    const digits = trainTestSplit(enlarge(x.slice([[0, 800]])), y.slice([[0, 800]]), { testSize: 160, stratify: true })
    const bar: string[] = []
    const progress = { write: (text: string) => bar.push(text) }
    const { text, figures } = await printed((print) => run(print, { digits, epochs: 2, progress }))
    const { loss, curve, confusion, accuracy } = figures
    expect(curve.map(([epoch]) => epoch)).toEqual(
      Array.from({ length: 20 }, (_, k) => Math.floor(k / 10) + ((k % 10) + 1) / 10),
    )
    // All batches have 64 digits, so that the mean of their losses is the loss of the epoch.
    for (const epoch of [0, 1]) {
      const losses = curve.slice(10 * epoch, 10 * epoch + 10).map(([, y]) => y)
      expect(losses.reduce((sum, y) => sum + y) / 10).toBeCloseTo(loss[epoch] ?? NaN, 5)
    }
    expect(confusion.flat().reduce((sum, count) => sum + count)).toBe(160)
    expect(confusion.reduce((sum, row, digit) => sum + (row[digit] ?? 0), 0)).toBe(Math.round(160 * accuracy))
    expect(accuracy).toBeGreaterThan(0.8)
    expect(bar.join('')).toContain('training: epoch 2/2')
    expect(text).toMatchInlineSnapshot(`
      "640 digits to learn from, 160 held out; a LeNet:
        Sequential
          layer       type       output           parameters
          0           Conv2d     [1, 6, 28, 28]          156
          2           MaxPool2d  [1, 6, 14, 14]            0
          3           Conv2d     [1, 16, 10, 10]        2416
          5           MaxPool2d  [1, 16, 5, 5]             0
          6           Flatten    [1, 400]                  0
          7.layers.0  Linear     [1, 120]              48120
          7.layers.1  Linear     [1, 84]               10164
          7.layers.2  Linear     [1, 10]                 850
        61706 parameters
      The training loss of the 2 epochs: 2.439, 0.825
      What it takes each held-out digit for: a row for what it is, a column for what is read
            0   1   2   3   4   5   6   7   8   9
        0  16   ·   ·   ·   ·   ·   ·   ·   ·   ·
        1   ·  10   2   ·   ·   ·   ·   ·   3   1
        2   ·   ·  13   ·   ·   ·   ·   ·   3   ·
        3   ·   ·   ·  11   ·   1   ·   ·   ·   4
        4   1   ·   ·   ·  14   ·   ·   1   ·   ·
        5   ·   ·   ·   ·   ·  14   ·   ·   ·   2
        6   ·   ·   ·   ·   ·   1  15   ·   ·   ·
        7   ·   ·   ·   ·   ·   ·   ·  16   ·   ·
        8   ·   1   1   ·   ·   ·   ·   ·  11   3
        9   ·   ·   ·   ·   ·   ·   ·   1   ·  15
      It reads 84.38 % of them right.
      The picture: the training loss over the epochs
        report/11-lenet.svg"
    `)
  })
})

describe('MNIST files', () => {
  const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 102, 0, 0])
  const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 2])

  it('are read, with ink from 0 to 1', () => {
    const { x, y } = readExamples(images, labels)
    expect(x.dtype).toBe('float32')
    expect(x.shape).toEqual([2, 1, 1, 3])
    expect(Array.from(x.data, (ink) => Number(ink.toFixed(6)))).toEqual([0, 0.2, 1, 0.4, 0, 0])
    expect(y.toArray()).toEqual([7, 2])
  })

  it('are refused when they are cut off, or something else, or do not belong together', () => {
    expect(() => readExamples(images.subarray(0, -1), labels)).toThrow(
      /no whole IDX file of 3 axes\. Remove .* fetched anew/,
    )
    expect(() => readExamples(images, labels.subarray(0, 5))).toThrow('no whole IDX file of 1 axes')
    expect(() => readExamples(labels, labels)).toThrow('no whole IDX file of 3 axes')
    const three = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])
    expect(() => readExamples(images, three)).toThrow('2 images, but 3 labels')
  })
})
