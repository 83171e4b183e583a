import { PassThrough } from 'node:stream'
import { random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { fit, Linear, mseLoss, SGD } from '../../src/index.ts'
import { confusionTable, lossCurve, progressBar, type TerminalStream } from '../../src/terminal/index.ts'

function record(isTTY: boolean): { stream: TerminalStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 })
  let text = ''
  stream.on('data', (chunk) => {
    text += String(chunk)
  })
  return { stream, text: () => text }
}

const data = { x: [[0], [1]], y: [[1], [3]] }

async function train(stream: TerminalStream, epochs: number, extra: object = {}) {
  const model = new Linear(1, 1, { random: random(1) })
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
  const callbacks = [progressBar({ stream, title: 'line' })]
  return fit(model, data, { loss: mseLoss, optimizer, epochs, batchSize: 'full', callbacks, ...extra })
}

describe('progressBar', () => {
  test('writes plain lines when the stream is not a terminal', async () => {
    const { stream, text } = record(false)
    const history = await train(stream, 30, { validation: data, metrics: { half: () => 0.5 } })
    const lines = text().trimEnd().split('\n')
    expect(lines).toHaveLength(13)
    expect(lines[0]).toBe('line: 2 examples, 1 update an epoch')
    expect(lines[1]).toBe(
      `line: epoch 1/30 | loss ${history.loss[0]?.toPrecision(4)} | validation ${history.validationLoss[0]?.toPrecision(4)} | half 0.5000`,
    )
    expect(lines[2]).toMatch(/^line: epoch 3\/30 /)
    expect(lines[11]).toMatch(/^line: epoch 30\/30 /)
    expect(lines[12]).toBe('line: ended after 30 epochs, 30 updates: all epochs done')
    expect(text()).not.toContain('\u001b')
  })

  test('says the last epoch also when training ends early', async () => {
    const { stream, text } = record(false)
    const { loss } = await train(stream, 1000, { convergence: { tolerance: 1e-2 } })
    const lines = text().trimEnd().split('\n')
    expect(lines.at(-1)).toBe(`line: ended after ${loss.length} epochs, ${loss.length} updates: converged`)
    expect(lines.at(-2)).toContain(`line: epoch ${loss.length}/1000 | loss `)
  })

  test('draws a bar with the time left on a terminal', async () => {
    const { stream, text } = record(true)
    await train(stream, 200)
    expect(text()).toContain('line [')
    expect(text()).toContain('epoch 200/200')
    expect(text()).toContain('█'.repeat(24))
    expect(text()).toMatch(/\d+s left/)
  })

  test('gives the terminal back when training throws', async () => {
    const { stream, text } = record(true)
    const run = train(stream, 200, { loss: () => mseLoss([Number.NaN], [0]) })
    await expect(run).rejects.toThrow('fit: the loss became NaN')
    // The cursor is shown again, and no timer draws any more.
    expect(text()).toContain('\u001b[?25h')
    const length = text().length
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(text()).toHaveLength(length)
  })
})

describe('lossCurve', () => {
  const loss = Array.from({ length: 200 }, (_, i) => Math.exp(-i / 30))
  const validationLoss = loss.map((l) => l + 0.1)

  test('draws both curves, with a legend, and no line is longer than asked by much', () => {
    const text = lossCurve({ loss, validationLoss }, { width: 40, height: 8, title: 'digits' })
    const lines = text.split('\n')
    expect(lines[0]).toContain('digits')
    expect(lines.at(-1)).toBe('* training   o validation')
    expect(text).toContain('epoch')
    expect(text).toContain('200')
    expect(text).not.toContain('\u001b')
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThan(60)
    expect(lines.length).toBeLessThan(15)
    const count = (symbol: string) => lines.slice(1, -3).join('').split(symbol).length - 1
    expect(count('*')).toBeGreaterThan(20)
    expect(count('o')).toBeGreaterThan(20)
  })

  test('with colours on a terminal', () => {
    const text = lossCurve({ loss, validationLoss }, { color: true })
    expect(text).toContain('\u001b[36m')
    expect(text).toContain('\u001b[33m')
    expect(text).toContain('validation')
  })

  test('of one curve, one epoch, none, and of numbers that are not finite', () => {
    expect(lossCurve({ loss })).not.toContain('training')
    expect(lossCurve({ loss: [0.5], validationLoss: [] })).toContain('0.5000')
    expect(lossCurve({ loss: [] })).toBe('loss: there is no epoch to draw')
    expect(lossCurve({ loss: [3, Number.NaN, 1] })).toContain('3.000')
    expect(lossCurve({ loss: [1e-7, 2e-7] })).toContain('1.000e-7')
  })
})

test('confusionTable', () => {
  expect(
    confusionTable(
      [
        [9, 1],
        [0, 100],
      ],
      ['cat', 'dog'],
    ),
  ).toBe(['true \\ predicted  cat  dog', 'cat                 9    1', 'dog                 0  100'].join('\n'))
  expect(confusionTable([[1]])).toBe('true \\ predicted  0\n0                 1')
  expect(() => confusionTable([[1]], ['a', 'b'])).toThrow(
    'confusionTable: 2 labels for 1 classes. Give one label for each class.',
  )
})
