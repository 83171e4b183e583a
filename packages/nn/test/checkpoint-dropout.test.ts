/** Dropout inside a checkpoint: the gradients of the run without it, bit for bit. */
import { checkpoint, random, type Value, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import type { Module } from '../src/index.ts'
import { Dropout, Linear, mseLoss, Sequential, SGD, TransformerEncoderLayer } from '../src/index.ts'

type Wrap = (f: (x: Value) => Value) => (x: Value) => Value
const plain: Wrap = (f) => f
const stored: Wrap = (f) => checkpoint(f)

/** Two blocks with dropout, one after the other. */
function network(seed: number): Module[] {
  const stream = random(seed)
  const block = (): Module =>
    new Sequential(
      new Linear(6, 6, { random: stream }),
      new Dropout(0.4, { random: stream }),
      new Linear(6, 6, { random: stream }),
    )
  return [block(), block()]
}

/** What each of some steps of training gives: the loss, the gradients and the weights. */
function train(blocks: readonly Module[], wrap: Wrap, steps: number, shape: readonly number[]): unknown[] {
  const parameters = blocks.flatMap((block) => block.parameters())
  const optimizer = new SGD(parameters, { learningRate: 0.1 })
  const x = random(7).normal(shape)
  const run = blocks.map((block) => wrap((h) => block.forward(h)))
  return Array.from({ length: steps }, () => {
    optimizer.zeroGrad()
    const loss = mseLoss(
      run.reduce((h, f) => f(h), x),
      zeros(shape),
    )
    loss.backward()
    const gradients = parameters.map((p) => p.grad.toArray())
    optimizer.step()
    return [loss.item(), gradients, parameters.map((p) => p.toArray())]
  })
}

describe('training with checkpoints', () => {
  it('equals training without them', () => {
    expect(train(network(1), stored, 3, [5, 6])).toEqual(train(network(1), plain, 3, [5, 6]))
  })

  it('of a transformer layer, whose attention has dropout too', () => {
    const layers = (): Module[] => {
      const stream = random(3)
      const make = (): Module => new TransformerEncoderLayer(4, 2, { feedForward: 8, dropout: 0.3, random: stream })
      return [make(), make()]
    }
    expect(train(layers(), stored, 2, [3, 2, 4])).toEqual(train(layers(), plain, 2, [3, 2, 4]))
  })

  it('with dropout, not without: another seed differs, and so does evaluation', () => {
    const [one] = train(network(1), stored, 1, [5, 6])
    const still = network(1)
    for (const block of still) block.eval()
    expect(train(still, stored, 1, [5, 6])).not.toEqual([one])
    expect(train(network(2), stored, 1, [5, 6])).not.toEqual([one])
  })

  it('under one checkpoint around checkpoints', () => {
    const twice: Wrap = (f) => checkpoint((x: Value) => checkpoint(f)(x))
    expect(train(network(1), twice, 2, [5, 6])).toEqual(train(network(1), plain, 2, [5, 6]))
  })
})
