/** A compiled model that is trained from outside: its loss, its backward pass and its optimizer are not compiled. */
import { random, type Value } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { expect, test } from 'vitest'
import { BatchNorm, Dropout, Linear, Sequential, SGD } from '../../src/index.ts'

type Compile = <F extends (...args: never[]) => unknown>(f: F) => F

/** Losses, then all numbers of the model, then the next random ones. */
function train(compiled: Compile): unknown {
  const noise = random(2)
  const model = new Sequential(
    new Linear(3, 4, { random: random(1) }),
    new BatchNorm(4),
    'tanh',
    new Dropout(0.3, { random: noise }),
    new Linear(4, 2, { random: random(3) }),
  )
  const predict = compiled((x: Value) => model.forward(x))
  const optimizer = new SGD(model.parameters(), { learningRate: 0.2, momentum: 0.9 })
  const data = random(4)
  const told: number[] = []
  for (let i = 0; i < 8; i++) {
    optimizer.zeroGrad()
    // Two batches before one backward pass; every third time of another size.
    const losses = [0, 1].map(() =>
      predict(data.normal([i % 3 === 2 ? 4 : 6, 3]))
        .sub(data.normal([2]))
        .square()
        .mean(),
    )
    const loss = (losses[0] as Value).add(losses[1] as Value)
    // What happens between the call and its backward pass is nothing to it.
    model.eval()
    told.push(
      predict(data.normal([2, 3]))
        .sum()
        .item(),
    )
    loss.backward()
    model.train()
    optimizer.step()
    told.push(loss.item())
  }
  const state = Object.values(model.stateDict()).map((x) => Array.from(x.data))
  return { told, state, noise: noise.uniform([3]).toArray() }
}

function about(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(about)
  return typeof x === 'number' ? expect.closeTo(x, 9) : x
}

test('the same losses, parameters, statistics and random numbers', () => {
  const eager = train((f) => f) as Record<string, unknown>
  const wanted = Object.fromEntries(Object.entries(eager).map(([key, x]) => [key, about(x)]))
  expect(train(((f: (x: Value) => Value) => compile(f)) as Compile)).toEqual(wanted)
})
