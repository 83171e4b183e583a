/** Any size and shape of graph, in linear time and without recursion. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import { type Op, op } from '../../src/op.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { grad } from '../../src/transforms/reverse.ts'
import { one, type Value, values } from '../../src/value.ts'

const MILLION = 1_000_000

function chain(x: Value, length: number): Value {
  let y = x
  for (let i = 0; i < length; i++) y = y.add(1)
  return y
}

describe('a chain of a million operations', () => {
  it('backward', () => {
    const x = value(2)
    const y = chain(x, MILLION)
    y.backward({ keep: 'leaves' })
    expect([y.item(), x.grad.item()]).toEqual([MILLION + 2, 1])
  })

  it('forward mode', () => {
    expect(jvp((x: Value) => chain(x, MILLION / 4), [value(2)], [constant(3)]).tangent.item()).toBe(3)
  })

  it('the second derivative', () => {
    const f = (x: Value): Value => chain(x.square(), MILLION / 4)
    expect((grad(grad(f))(3) as Value).item()).toBe(2)
  })
})

describe('a node used many times', () => {
  it('100,000 times', () => {
    const x = value(1)
    const y = x.mul(1)
    let sum: Value = y
    for (let i = 1; i < 100_000; i++) sum = sum.add(y)
    sum.backward()
    expect([x.grad.item(), y.grad.item()]).toEqual([100_000, 100_000])
  })

  it('15,000 times in one list, which is handled once', () => {
    const x = value(1)
    const y = x.mul(2)
    const list = new Array<Value>(15_000).fill(y).map((part) => part.reshape([1]))
    values.concat(list, 0).sum().backward()
    expect(x.grad.item()).toBe(30_000)
  }, 2000)
})

describe('diamonds', () => {
  it('50 deep: 2⁵⁰ paths', () => {
    const x = value(1)
    let y: Value = x
    for (let i = 0; i < 50; i++) y = y.add(y)
    y.backward()
    expect(x.grad.item()).toBe(2 ** 50)
  })

  it('50 deep with two different branches, to the second order', () => {
    const f = (x: Value): Value => {
      let y = x
      for (let i = 0; i < 50; i++) y = y.mul(0.5).add(y.mul(0.25).mul(2))
      return y.square()
    }
    expect((grad(f)(3) as Value).item()).toBe(6)
    expect((grad(grad(f))(3) as Value).item()).toBe(2)
    expect(jvp(f, [value(3)], [constant(1)]).tangent.item()).toBe(6)
  })
})

describe('differentiating a function that closes over a graph', () => {
  it('does not walk that graph: a loop of gradients stays linear', () => {
    let calls = 0
    const counted: Op = op({
      name: 'counted',
      linearity: 'elementwise',
      forward: (a) => a,
      da: (_k, g) => {
        calls++
        return g
      },
    })
    const before = one(counted, value(2))
    expect((grad((x: Value) => x.mul(before))(3) as Value).item()).toBe(2)
    expect(jvp((x: Value) => x.mul(before), [value(3)], [constant(1)]).tangent.item()).toBe(2)
    expect(calls).toBe(0)
  })
})
