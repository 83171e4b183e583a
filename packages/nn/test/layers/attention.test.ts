import { random, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { MultiHeadAttention, TransformerEncoderLayer } from '../../src/index.ts'

const seeded = () => ({ random: random(1) })

describe('attention', () => {
  const x = random(3).normal([4, 2, 6])

  test('has dropout on its weights, in training only', () => {
    const layer = new MultiHeadAttention(6, 2, { dropout: 0.5, ...seeded() })
    const plain = new MultiHeadAttention(6, 2).loadStateDict(layer.stateDict())
    expect(layer.forward(x).toArray()).not.toEqual(layer.forward(x).toArray())
    expect(layer.eval().forward(x).toArray()).toEqual(plain.forward(x).toArray())
    // With nothing dropped, the way over the weights is the same attention.
    const none = new MultiHeadAttention(6, 2, { dropout: 1e-9, ...seeded() }).loadStateDict(layer.stateDict())
    const [a, b] = [none.forward(x, x, x, { causal: true }), plain.forward(x, x, x, { causal: true })]
    expect(a.sub(b).abs().max().item()).toBeLessThan(1e-8)
  })

  test('that is causal does not see what comes', () => {
    const layer = new TransformerEncoderLayer(6, 3, { feedForward: 8, ...seeded() }).eval()
    const later = x.slice([[0, 3]])
    const output = layer.forward(x, { causal: true }).slice([[0, 3]])
    expect(
      output
        .sub(layer.forward(later, { causal: true }))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-14)
    expect(
      layer
        .forward(x)
        .slice([[0, 3]])
        .sub(output)
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(1e-3)
  })

  test('of a query that sees nothing is the bias of the output', () => {
    const layer = new MultiHeadAttention(6, 2, seeded())
    layer.output.bias?.assign([1, 2, 3, 4, 5, 6])
    const output = layer.forward(zeros([1, 6]), zeros([3, 6]), zeros([3, 6]), { mask: [[0, 0, 0]] })
    expect(output.toArray()).toEqual([[1, 2, 3, 4, 5, 6]])
  })

  test('says what it takes', () => {
    const layer = new MultiHeadAttention(6, 2, seeded())
    expect(() => layer.forward(zeros([4, 2, 6]), zeros([5, 3, 6]))).toThrow(
      'MultiHeadAttention: the queries have shape [4, 2, 6], the keys [5, 3, 6], the values [5, 3, 6]. Give all the same batch, and as many values as keys.',
    )
    expect(() => layer.forward(zeros([4, 6]), zeros([5, 6]), zeros([4, 6]))).toThrow('as many values as keys')
    expect(() => layer.forward(x, x, x, { casual: true } as never)).toThrow('Did you mean causal?')
    expect(() => new TransformerEncoderLayer(6, 2).forward(x, { casual: true } as never)).toThrow(
      'Did you mean causal?',
    )
    expect(() =>
      layer.forward(zeros([2, 6]), undefined, undefined, {
        mask: [
          [0, -Infinity],
          [0, 0],
        ],
      }),
    ).toThrow('the mask holds -Infinity. Give 1 where a query sees a key, and 0 where it does not.')
    expect(() => new MultiHeadAttention(6, 4)).toThrow('MultiHeadAttention: 6 features do not divide into 4 heads.')
    expect(() => new MultiHeadAttention(6, 2).forward(zeros([4, 2, 5]))).toThrow(
      'MultiHeadAttention: it has 6 features, got a sequence of shape [4, 2, 5]. Give [steps, batch, features], or',
    )
  })
})
