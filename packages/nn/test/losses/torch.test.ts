import { readFileSync } from 'node:fs'
import { type Operand, type Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import {
  bceLoss,
  bceWithLogitsLoss,
  cosineSimilarity,
  crossEntropyLoss,
  huberLoss,
  klDivLoss,
  maeLoss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
} from '../../src/index.ts'

type Loss = (prediction: Operand, target: Operand, options: object) => Value
type Numbers = number | number[]

const losses: Readonly<Record<string, Loss>> = {
  bceLoss,
  bceWithLogitsLoss,
  cosineSimilarity,
  crossEntropyLoss,
  huberLoss,
  klDivLoss,
  maeLoss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
}

interface TorchCase {
  readonly loss: string
  readonly inputs: [Numbers, Numbers]
  readonly options: Record<string, unknown>
  readonly value: Numbers
  readonly gradient: Numbers
}

const { cases } = JSON.parse(readFileSync(new URL('../data/losses.torch.json', import.meta.url), 'utf8')) as {
  cases: TorchCase[]
}

describe("PyTorch's losses, with every option and reduction", () => {
  test.each(cases.map((c) => [`${c.loss} ${JSON.stringify(c.options)}`, c] as const))('%s', (_name, c) => {
    const x = value(c.inputs[0])
    const loss = (losses[c.loss] as Loss)(x, c.inputs[1], c.options)
    loss.sum().backward()
    expectNear(loss, c.value)
    expectNear(x.grad, c.gradient)
  })

  function expectNear(got: Value, expected: Numbers): void {
    const wanted = value(expected)
    expect(got.shape).toEqual(wanted.shape)
    got.data.forEach((g, i) => {
      expect(g).toBeCloseTo(wanted.data[i] as number, 12)
    })
  }
})
