/** A compiled model follows its mode, and the statistics that training gathers. */
import { type constant, random } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { expect, test } from 'vitest'
import { BatchNorm, Dropout, Linear, Sequential } from '../../src/index.ts'

test('train and eval are two programs of one compiled function', () => {
  const model = new Sequential(
    new Linear(3, 4, { random: random(1) }),
    new BatchNorm(4),
    new Dropout(0.5, { random: random(2) }),
  )
  const compiled = compile((x: ReturnType<typeof constant>) => model.forward(x))
  const x = random(3).normal([5, 3])
  const trained = compiled(x)
  expect(trained.data.filter((y) => y === 0).length).toBeGreaterThan(0)
  model.eval()
  const first = compiled(x)
  expect(Array.from(first.data)).toEqual(Array.from(model.forward(x).data, (y) => expect.closeTo(y, 12)))
  model.train()
  compiled(random(4).normal([5, 3], 7))
  model.eval()
  const second = compiled(x)
  expect(second.data[0]).not.toBe(first.data[0])
  expect(Array.from(second.data)).toEqual(Array.from(model.forward(x).data, (y) => expect.closeTo(y, 12)))
})
