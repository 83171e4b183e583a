/** Leaves that a compiled function assigns to get what they get operation by operation, however they read each other. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { type Value, value } from '../../src/index.ts'

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
        const eager = (x: Value): Value => {
          const y = x.add(leaves[0].sum())
          body(...leaves)
          return y
        }
        const f = compiled ? compile(eager, { target }) : eager
        const results = [1, 2, 3].map((x) => f(value(x, { dtype })).item())
        return [...results, ...leaves.flatMap(({ data }) => Array.from(data))]
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
