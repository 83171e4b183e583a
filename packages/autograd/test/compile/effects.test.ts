/** Leaves that a compiled function assigns to get what they get operation by operation, however they read each other. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, type Value, value } from '../../src/index.ts'

type Body = (a: Value, b: Value, c: Value) => void

const bodies: Readonly<Record<string, Body>> = {
  'each by itself': (a, b) => {
    const [x, y] = [a.mul(2), b.tanh()]
    a.assign(x)
    b.assign(y)
  },
  'an exchange': (a, b) => {
    const [x, y] = [a.mul(1), b.mul(1)]
    a.assign(y)
    b.assign(x)
  },
  'three that read each other element by element': (a, b, c) => {
    const x = a.mul(0.9).add(b)
    const y = b.sub(c.mul(x))
    const z = c.add(a.mul(b)).div(y.square().add(1).sqrt())
    a.assign(x)
    b.assign(y)
    c.assign(z)
  },
  'one reads all of another': (a, b) => {
    const [x, y] = [a.mul(b.sum()), b.add(a)]
    a.assign(x)
    b.assign(y)
  },
  'one reads another in another order': (a, b, c) => {
    const [x, y, z] = [a.add(b.transpose()), b.mul(a), c.sub(b)]
    a.assign(x)
    b.assign(y)
    c.assign(z)
  },
  'one reads itself in another order': (a, b) => {
    const [x, y] = [a.transpose(), b.add(a.transpose())]
    a.assign(x)
    b.assign(y)
  },
  'an edit between': (a, b, c) => {
    const [x, y, z] = [a.add(b), b.mul(2), c.sub(b)]
    a.assign(x)
    b.update((data) => data.fill(7))
    c.assign(z)
    b.assign(y)
  },
  'an edit that reads what is assigned to before': (a, b) => {
    const [x, y] = [a.add(b), a.mul(3)]
    a.assign(x)
    b.update((data, numbers) => data.set(numbers), y)
  },
  'twice the same leaf': (a, b) => {
    const [x, y, z] = [a.add(1), b.add(a), a.mul(b)]
    a.assign(x)
    b.assign(y)
    a.assign(z)
  },
  'read again after it was assigned to': (a, b, c) => {
    a.assign(a.add(1).detach())
    b.assign(a.mul(b).detach())
    a.assign(a.mul(b).tanh().detach())
    c.assign(a)
  },
  'handed round': (a, b, c) => {
    b.assign(b.add(0.5).detach())
    a.assign(b)
    b.assign(c)
    c.assign(a)
  },
  'the old numbers, kept under another name': (a, b, c) => {
    const [old, other] = [a.detach(), b.reshape([9])]
    a.assign(a.add(1).detach())
    b.assign(old)
    c.assign(other.reshape([3, 3]).detach())
    a.assign(a.add(old).detach())
  },
  'its own numbers': (a, b) => {
    const old = b.mul(1)
    a.assign(a)
    b.assign(b.add(1).detach())
    b.assign(old.detach())
    a.assign(a.detach())
  },
  'an edit of old numbers': (a, b) => {
    const old = b.detach()
    b.assign(b.add(1).detach())
    a.update((data, numbers) => data.set(numbers), old)
  },
  'an edit of new numbers': (a, b) => {
    b.assign(b.add(1).detach())
    a.update((data, numbers) => data.set(numbers), b)
    b.update((data) => data.fill(3))
  },
  'what is computed with much work': (a, b) => {
    const x = a.tanh().exp().sin().add(b.logSumExp())
    const y = x.mul(b)
    a.assign(x)
    b.assign(y)
  },
}

for (const target of ['wasm', 'js'] as const) {
  for (const dtype of ['float64', 'float32'] as const) {
    test.each(Object.entries(bodies))(`%s, ${target}, ${dtype}`, (_name, body) => {
      const run = (compiled: boolean): number[] => {
        const leaves = [0, 1, 2].map((k) =>
          value(
            [0, 1, 2].map((i) => [0, 1, 2].map((j) => Math.sin(9 * k + 3 * i + j))),
            { dtype },
          ),
        ) as [Value, Value, Value]
        const eager = (x: Value): Value[] => {
          // Results that are the leaf's numbers under another name keep those from before.
          const results = [x.add(leaves[0].sum()), leaves[1].detach(), leaves[2].reshape([9]).detach()]
          body(...leaves)
          return results
        }
        const f = compiled ? compile(eager, { target }) : eager
        const results = [1, 2, 3].flatMap((x) => f(value(x, { dtype })).map((y) => Array.from(y.data)))
        return [...results.flat(), ...leaves.flatMap(({ data }) => Array.from(data))]
      }
      const digits = dtype === 'float64' ? 12 : 4
      expect(run(true)).toEqual(run(false).map((x) => expect.closeTo(x, digits)))
    })
  }
}

test('leaves of one shape that read each other element by element are written by one loop', () => {
  const [a, b] = [value([1, 2, 3, 4, 5]), value([5, 4, 3, 2, 1])]
  const step = compile(() => {
    const x = a.add(b)
    const y = b.mul(x)
    const total = a.sum()
    a.assign(x)
    b.assign(y)
    return total
  })
  step()
  const stores = step
    .explain()
    .split('\n')
    .filter((line) => /^ {2}in\d\[/.test(line))
  expect(stores).toHaveLength(2)
  expect(step.explain().match(/^loop /gm)).toHaveLength(2)
  expect([a, b].map((x) => x.toArray())).toEqual([
    [6, 6, 6, 6, 6],
    [30, 24, 18, 12, 6],
  ])
})

test('gradients that are the numbers of a leaf are those from before the step', () => {
  const run = (compiled: boolean): unknown => {
    const [w, u] = [value([1, 2]), value([3, 5])]
    const eager = (): Value => {
      w.zeroGrad()
      u.zeroGrad()
      const loss = w.mul(u).sum()
      loss.backward()
      const [x, y] = [w.sub(w.grad.mul(0.1)), u.sub(u.grad.mul(0.1))]
      w.assign(x.detach())
      u.assign(y.detach())
      return loss
    }
    const step = compiled ? compile(eager) : eager
    return [1, 2].map(() => [step(), w, u, w.grad, u.grad].map((x) => x.toArray()))
  }
  expect(run(true)).toEqual(run(false))
})

test('whether there is a gradient is no choice for later calls', () => {
  const u = value([5, 6])
  const f = compile((x: Value) => (u.hasGrad ? x.mul(2) : x))
  f(value(1))
  u.sum().backward()
  expect(() => f(value(1))).toThrow('a compiled function reads a gradient from before the call')
})

test('what many paths lead to is lowered in linear time', () => {
  const c = constant(0.4)
  const f = compile(
    (x: Value) => {
      let [a, b] = [c, x.mul(0.5)]
      for (let i = 0; i < 45; i++) {
        b = b.mul(b).add(0.1)
        a = a.add(b).sin()
        a = a.maximum(c).mul(0.8)
      }
      return [a, b, a.add(b), x]
    },
    { target: 'js' },
  )
  const x = value(0.2)
  for (const y of f(x)) y.backward()
  expect(Number.isFinite(x.grad.item())).toBe(true)
})

test('a backward pass after an assignment has the numbers from before it', () => {
  const run = (compiled: boolean): unknown => {
    const [w, u] = [value([1, 2]), value([3, 5])]
    const eager = (x: Value): Value => {
      u.zeroGrad()
      const loss = u.mul(w.detach()).mul(x).sum()
      w.assign(w.add(1).detach())
      loss.backward()
      return loss.add(w.detach().sum())
    }
    const step = compiled ? compile(eager) : eager
    return [1, 2].map((x) => [step(value(x)), w, u.grad].map((each) => each.toArray()))
  }
  expect(run(true)).toEqual(run(false))
})
