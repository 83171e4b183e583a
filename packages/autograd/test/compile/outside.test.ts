/** Gradients of what a compiled function gave, asked for outside of it: as without compile. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import {
  batchNorm,
  checkpoint,
  constant,
  dropout,
  follow,
  GradientError,
  grad,
  hvp,
  isCompiling,
  jacobian,
  jvp,
  type Random,
  random,
  reread,
  scan,
  type Value,
  value,
  vmap,
} from '../../src/index.ts'
import { asEager, targets } from './asEager.ts'

describe.each(targets)('outside gradients for $target', (options) => {
  test('what no gradient goes to has none afterwards, not zeros', () => {
    const reached = (compiled: boolean): boolean[][] => {
      const [x, u, v, w] = [value([1, 2]), value([3, 4]), value([5, 6]), value([7, 8])]
      const f = (a: Value, b: Value): readonly [Value, Value] => [
        a.detach().mul(u).add(w.detach()).sum(),
        b.mul(grad((c: Value) => c.square().mul(v).sum())(w)).sum(),
      ]
      const [first, second] = (compiled ? compile(f, options) : f)(x, x.mul(2))
      const seen = (): boolean[] => [x, u, v, w].map(({ hasGrad }) => hasGrad)
      first.backward()
      const before = seen()
      second.backward()
      return [before, seen()]
    }
    expect(reached(true)).toEqual(reached(false))
    expect(reached(true)).toEqual([
      [false, true, false, false],
      [true, true, true, true],
    ])
  })

  const { compiling, same } = asEager(options)

  test('dropout: the pullback has the masks of its call, and the stream goes on from there', () => {
    same((compile) => {
      const stream = random(3)
      const w = value([
        [0.5, -1],
        [2, 1],
        [0.3, 0.7],
      ])
      const f = compile((x: Value) => dropout(x.matmul(w).tanh(), 0.5, { random: stream }).mul(stream.normal([4, 2])))
      const x = value(random(4).normal([4, 3]).toArray() as number[][])
      const told: unknown[] = []
      for (let i = 0; i < 3; i++) {
        x.zeroGrad()
        w.zeroGrad()
        const y = f(x).square().sum()
        y.backward()
        told.push(y.item(), x.grad.toArray(), w.grad.toArray(), stream.uniform([2]).toArray())
      }
      return told
    })
  })

  test('several calls before one backward each remember their own draws and arguments', () => {
    same((compile) => {
      const stream = random(5)
      const w = value([1, 2, 3])
      const f = compile((x: Value) =>
        w
          .mul(x)
          .mul(stream.uniform([3]))
          .sum(),
      )
      const batch = constant([1, 1, 1])
      const first = f(batch)
      const second = f(constant([2, 0, 1]))
      const third = f(batch).mul(second)
      first.add(second).add(third).backward()
      return [w.grad.toArray(), stream.state()]
    })
  })

  test('backward twice through one call', () => {
    same((compile) => {
      const stream = random(6)
      const w = value([1, 2, 3])
      const y = compile((x: Value) => dropout(w.mul(x), 0.5, { random: stream }).sum())(constant([1, 2, 3]))
      y.backward()
      const once = w.grad.toArray()
      y.backward()
      return [once, w.grad.toArray(), stream.state()]
    })
  })

  test('gradients of gradients, products with Hessians, tangents, many at once', () => {
    same((compile) => {
      const stream = random(7)
      const w = value([0.5, -0.2])
      const f = compile((x: Value) =>
        x
          .mul(w)
          .sin()
          .mul(stream.normal([2]))
          .mul(x)
          .sum(),
      )
      const x = value([0.3, 1.1])
      const v = constant([1, -2])
      const told = [
        grad((z: Value) => (grad(f)(z) as Value).square().sum())(x),
        hvp(f)(x, v),
        jvp(f, [x], [v]).tangent,
      ].map((y) => (y as Value).toArray())
      f(x).backward({ createGraph: true })
      const slope = x.grad
      x.zeroGrad()
      w.zeroGrad()
      slope.square().sum().backward()
      return [...told, x.grad.toArray(), w.grad.toArray(), stream.state()]
    })
  })

  test('rows of a Jacobian, which vmap computes at once', () => {
    same((compile) => {
      const stream = random(8)
      const running = constant(new Float64Array(9).fill(1))
      const f = compile((x: Value) => {
        running.assign(running.add(x.detach()))
        return x
          .mul(stream.normal([9]))
          .sin()
          .mul(running.detach())
      })
      const x = value(Array.from({ length: 9 }, (_, i) => i / 4))
      return [(jacobian(f)(x) as Value).toArray(), running.toArray(), stream.state()]
    })
  })

  test('the statistics of a batch norm change once, and the gradient is that of the batch', () => {
    same((compile) => {
      const [mean, count] = [value([0, 0]), constant(0)]
      const weight = value([1, 2])
      const f = compile((x: Value) => {
        const y = batchNorm(x, { weight }).sub(mean.detach()).square().sum({ axis: 0 })
        mean.assign(mean.mul(0.9).add(x.detach().mean({ axis: 0 }).mul(0.1)))
        count.update((data) => {
          data[0] = (data[0] as number) + 1
        })
        return y
      })
      const told: unknown[] = []
      const stream = random(9)
      for (let i = 0; i < 3; i++) {
        const [first, second] = [f(stream.normal([5, 2])), f(stream.normal([5, 2]))]
        first.mul(second).sum().backward()
        told.push(weight.grad.toArray(), mean.toArray(), count.toArray())
        weight.assign(weight.sub(weight.grad.mul(0.01)))
      }
      return told
    })
  })

  test('what it reads of a leaf that it changes is what the call found there', () => {
    same((compile) => {
      const scale = value([1, 1])
      const w = value([3, 4])
      const f = compile((x: Value) => {
        const y = x.mul(w).mul(scale.detach()).sum()
        scale.assign(scale.add(x.detach()))
        return y
      })
      const x = value([1, 2])
      const [first, second] = [f(x), f(x)]
      second.backward()
      first.backward()
      return [x.grad.toArray(), w.grad.toArray(), scale.toArray()]
    })
  })

  test('constants that were assigned to since, arguments and others, single numbers too', () => {
    const w = value([2, 3])
    const [x, mask, factor] = [constant([1, 2]), constant([1, 0]), constant(5)]
    const y = compiling((z: Value) => w.mul(z).mul(mask).mul(factor.mul(2)).sum())(x)
    x.assign([7, 7])
    mask.assign([7, 7])
    factor.assign(7)
    y.backward()
    expect(w.grad.toArray()).toEqual([10, 0])
    expect([x, mask, factor].map((c) => c.toArray())).toEqual([[7, 7], [7, 7], 7])
  })

  test('settings that it follows, and numbers that it reads anew', () => {
    same((compile) => {
      const settings = { training: true, rate: 0.5 }
      const w = value([2, 3])
      const f = compile((x: Value) => {
        const factor = follow(() => settings.training) ? 3 : 1
        return x
          .mul(w)
          .mul(factor)
          .mul(reread(() => settings.rate))
          .sum()
      })
      const x = value([1, 2])
      const trained = f(x)
      settings.training = false
      settings.rate = 100
      const tested = f(x)
      settings.rate = 0.1
      trained.backward()
      const first = w.grad.toArray()
      w.zeroGrad()
      tested.backward()
      return [first, w.grad.toArray()]
    })
  })

  test('leaves that a gradient flows to are refused when they have changed, as without compile', () => {
    const w = value([1, 2])
    const other = value([1, 1])
    const step = (x: Value): Value => {
      const loss = x.mul(w).mul(other).sum()
      w.assign(w.sub(0.1))
      return loss
    }
    for (const f of [step, compiling(step)]) {
      expect(() => f(constant([1, 1])).backward()).toThrow(
        'backward: a leaf was assigned to after mul was computed from it. Compute the result again',
      )
      expect(() => f(value([1, 1])).backward()).toThrow(GradientError)
    }
    const plain = compiling((x: Value) => x.mul(w).sum())
    const y = plain(value([1, 1]))
    w.assign([0, 0])
    expect(() => y.backward()).toThrow('was assigned to after compiled was computed from it')
  })

  test('a leaf that changes at each call, but is only looked at, disturbs no gradient', () => {
    same((compile) => {
      const steps = value([0])
      const w = value([1, 2])
      const f = compile((x: Value) => {
        steps.assign(steps.add(1))
        return x.mul(w).sum()
      })
      const held = steps.mul(w.at(0))
      const pending = [f(value([1, 2])), f(value([3, 4]))]
      pending[0]?.backward()
      expect(() => held.backward()).toThrow(GradientError)
      const after = steps.mul(w.at(0))
      pending[1]?.backward()
      // Its pullback, compiled meanwhile, has not touched the leaf.
      after.backward()
      return [w.grad.toArray(), steps.grad.toArray(), steps.toArray()]
    })
  })

  test('backward inside, and once more outside', () => {
    same((compile) => {
      const w = value([1, 2])
      const f = compile((x: Value) => {
        w.zeroGrad()
        const y = x.mul(w).square().sum()
        y.backward()
        return y
      })
      const y = f(constant([1, 3]))
      f(constant([2, 0.5]))
      const inside = w.grad.toArray()
      y.backward()
      return [inside, w.grad.toArray()]
    })
  })

  test('plain numbers, arrays, lists and no arguments at all', () => {
    same((compile) => {
      const w = value(2)
      type Loose = (...args: unknown[]) => Value
      // Without compile a function gets its arguments as they are.
      const plain = (f: (a: Value, b: Value) => Value): Loose => {
        return (a, b) =>
          compile === compiling ? (compile(f) as Loose)(a, b) : f(constant(a as number), constant(b as number))
      }
      plain((a, b) => w.mul(a).add(b.mul(w)))(3, 4).backward()
      plain((a, b) => w.mul(a).add(b).sum())([1, 2], [3, 4]).backward()
      ;(compile((all: Value[]) => w.mul(all[0] as Value).mul(all[1] as Value)) as unknown as Loose)([
        value(3),
        value(5),
      ]).backward()
      compile(() => w.square())().backward()
      return w.grad.item()
    })
  })

  test('a loop whose steps draw', () => {
    same((compile) => {
      const run = (stream: Random) => {
        const w = value([0.5, 0.2])
        const step = (h: Value, x: Value): Value => dropout(h.mul(w).add(x).tanh(), 0.4, { random: stream })
        const f = compile((xs: Value) => {
          if (isCompiling()) return scan((h: Value, x: Value) => ({ carry: step(h, x) }), constant([0, 0]), xs).carry
          let h: Value = constant([0, 0])
          for (let i = 0; i < 6; i++) h = step(h, xs.at(i))
          return h
        })
        const [first, second] = [f(stream.normal([6, 2])), f(stream.normal([6, 2]))]
        first.mul(second).sum().backward()
        return [w.grad.toArray(), stream.state()]
      }
      return run(random(11))
    })
  })

  test('inside a checkpoint: draws and changes happen once', () => {
    same((compile) => {
      const stream = random(12)
      const sum = value([0, 0])
      const w = value([1, 2])
      const f = compile((x: Value) => {
        sum.assign(sum.add(x.detach()))
        return x
          .mul(w)
          .mul(stream.normal([2]))
          .sum()
      })
      const block = checkpoint(f)
      const x = value([1, 2])
      for (let i = 0; i < 2; i++) block(x).backward()
      return [w.grad.toArray(), x.grad.toArray(), sum.toArray(), stream.state()]
    })
  })

  test('a fit-like loop with noise, statistics and shapes that change', () => {
    same((compile) => {
      const [noise, data] = [random(13), random(14)]
      const mean = value([0, 0])
      const [w, b] = [
        value([
          [0.1, 0.2],
          [0.3, -0.1],
          [0.5, 0.4],
        ]),
        value([0, 0]),
      ]
      const model = compile((x: Value) => {
        const h = dropout(x, 0.3, { random: noise }).matmul(w).add(b)
        mean.assign(mean.mul(0.9).add(h.detach().mean({ axis: 0 }).mul(0.1)))
        return h.tanh()
      })
      const losses: number[] = []
      for (let i = 0; i < 6; i++) {
        const x = data.normal([i % 3 === 2 ? 2 : 4, 3])
        for (const p of [w, b]) p.zeroGrad()
        const loss = model(x).sub(1).square().mean()
        loss.backward()
        for (const p of [w, b]) p.assign(p.sub(p.grad.mul(0.5)))
        losses.push(loss.item())
      }
      return [losses, w.toArray(), b.toArray(), mean.toArray(), noise.state()]
    })
  })

  test('a leaf that it assigns to and returns', () => {
    const w = value([1, 2])
    const f = compiling((x: Value) => {
      w.assign(w.add(x))
      return w
    })
    expect(() =>
      f(value([1, 1]))
        .sum()
        .backward(),
    ).toThrow('the compiled function returned a leaf, to which it assigns')
    expect(() =>
      f(constant([1, 1]))
        .sum()
        .backward(),
    ).toThrow('Differentiate by the leaf itself')
    expect(w.toArray()).toEqual([3, 4])
  })

  test('a leaf is read after it was assigned to, or from before, as a constant', () => {
    same((compiled) => {
      const [w, u] = [value([1, 2]), value([3, 5])]
      const f = compiled((x: Value) => {
        const before = w.detach()
        w.assign(w.add(x).detach())
        return x.mul(w.detach()).mul(u).add(before).sum()
      })
      const x = value([1, 1])
      const results = [1, 2, 3].map(() => f(x))
      u.assign(u)
      const y = f(x)
      y.backward()
      return [...results, y, w, x.grad, u.grad].map((each) => each.toArray())
    })
  })

  test('a leaf that is only looked at may change before the backward pass', () => {
    same((compiled) => {
      const [x, w, u] = [value([1, 1]), value([1, 2]), value([3, 5])]
      const f = compiled((a: Value, b: Value) => a.mul(w.detach()).mul(b.detach()).sum())
      const y = f(x, u)
      w.assign([5, 5])
      u.assign([7, 7])
      y.backward()
      return [x.grad.toArray(), w.hasGrad, u.hasGrad]
    })
  })

  test('arguments that no gradient flows to get none, and cost nothing', () => {
    const w = value([1, 2])
    const f = compiling(({ x, y }: { x: Value; y: Value }) => x.mul(w).mul(y).sum())
    const [x, y] = [constant([3, 4]), value([5, 6])]
    f({ x, y }).backward()
    expect([w.grad.toArray(), y.grad.toArray(), x.hasGrad]).toEqual([[15, 24], [3, 8], false])
    expect(vmap(grad((z: Value) => f({ x, y: z }) as Value))([[1, 2]]).toArray()).toEqual([[3, 8]])
  })
})
