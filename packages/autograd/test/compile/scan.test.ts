/** Loops in compiled functions: what the same function gives when it is not compiled. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { lower } from '../../src/compile/lower/lower.ts'
import { printProgram } from '../../src/compile/program/print.ts'
import { graphOf } from '../../src/compile/trace/graph.ts'
import { record } from '../../src/compile/trace/recording.ts'
import {
  constant,
  grad,
  hvp,
  jvp,
  noGrad,
  ones,
  random,
  scan,
  type Value,
  value,
  valueAndGrad,
  vmap,
  zeros,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

const draw = random(5)
const W = draw.normal([4, 4], 0, 0.4)
const U = draw.normal([3, 4], 0, 0.5)
const b = draw.normal([4])
const h0 = draw.normal([2, 4])
const xs = draw.normal([100, 2, 3])

function flat(x: unknown): Value[] {
  if (Array.isArray(x)) return x.flatMap(flat)
  if (typeof x === 'object' && x !== null && !('raw' in x)) return Object.values(x).flatMap(flat)
  return x === undefined ? [] : [x as Value]
}

/** Compiled and eager agree, at the first call and at the second. */
function agree<Args extends readonly unknown[]>(f: (...args: Args) => unknown, ...args: Args): void {
  const wanted = flat(f(...args))
  expect(wanted.length).toBeGreaterThan(0)
  for (const target of ['js', 'wasm'] as const) {
    const compiled = compile(f, { target })
    for (const got of [flat(compiled(...args)), flat(compiled(...args))]) {
      expect(got.length).toBe(wanted.length)
      got.forEach((x, i) => {
        expectClose(x, wanted[i] as Value, 1e-11, target)
        expect(x.dtype).toBe((wanted[i] as Value).dtype)
      })
    }
  }
}

const cell =
  (w: Value, u: Value, bias: Value) =>
  (h: Value, x: Value): { carry: Value; y: Value } => {
    const next = x.matmul(u).add(h.matmul(w)).add(bias).tanh()
    return { carry: next, y: next }
  }
const rnn = (w: Value, u: Value, bias: Value, h: Value, x: Value): Value => {
  const { carry, ys } = scan(cell(w, u, bias), h, x)
  return carry.sum().add(ys.square().mean())
}
const all = [W, U, b, h0, xs] as const
const by = { argument: [0, 1, 2, 3, 4] } as const

describe('a recurrent network over 100 steps', () => {
  test('state and outputs', () => {
    agree((w: Value, u: Value, x: Value) => scan(cell(w, u, b), h0, x), W, U, xs)
    agree((w: Value, u: Value, x: Value) => scan(cell(w, u, b), h0, x).carry, W, U, xs.slice([[0, 99]]))
    agree((w: Value, u: Value, x: Value) => scan(cell(w, u, b), h0, x, { reverse: true }), W, U, xs)
  })

  test('gradients', () => {
    agree(valueAndGrad(rnn, by), ...all)
    agree(grad(rnn, { argument: [0] }), ...all)
  })

  test('float32', () => {
    const list = all.map((x) => constant(x, { dtype: 'float32' })) as unknown as typeof all
    const compiled = compile(valueAndGrad(rnn, by), { target: 'js' })(...list)
    const wanted = valueAndGrad(rnn, by)(...list)
    expectClose(compiled.value, wanted.value, 1e-5)
    for (const [i, g] of compiled.grad.entries()) expectClose(g, wanted.grad[i] as Value, 1e-5)
  })

  test('forward mode, second order', () => {
    const few = [W, U, b, h0, xs.slice([[0, 7]])] as const
    agree((w: Value, t: Value) => jvp((x: Value) => rnn(x, U, b, h0, few[4]), [w], [t]), W, W.sin())
    agree((w: Value, t: Value) => hvp((x: Value) => rnn(x, U, b, h0, few[4]))(w, t), W, W.sin())
    agree(
      (...list: Value[]) =>
        hvp((xs: Value[]) => rnn(...(xs as unknown as typeof all)))(
          list,
          list.map((x) => x.cos()),
        ),
      ...few,
    )
  })

  test('many examples at once', () => {
    const few = xs.slice([[0, 6]]).transpose([1, 0, 2])
    const one = (w: Value, x: Value): Value => rnn(w, U, b, h0.at(0), x)
    agree((w: Value, x: Value) => vmap(one, { axis: [null, 0] })(w, x), W, few)
    agree((w: Value, x: Value) => vmap(grad(one), { axis: [null, 0] })(w, x), W, few)
    agree((w: Value, x: Value) => grad((v: Value) => vmap(one, { axis: [null, 0] })(v, x).sum())(w), W, few)
  })
})

describe('what a gradient computes in each step', () => {
  const program = (f: (...args: never[]) => unknown, ...args: readonly unknown[]): string => {
    const { outputs } = graphOf(record(f, args))
    return printProgram(lower(outputs, []).program)
  }
  const count = (text: string, part: string): number => text.split(part).length - 1

  test('the products and the tanh of the first time are kept; sums of products are one product', () => {
    const text = program(valueAndGrad(rnn, { argument: [0, 1, 2] }), ...all)
    expect(count(text, 'tanh(')).toBe(1)
    // x·U, h·W; g·Wᵀ; Σ hᵀ·g, Σ xᵀ·g
    expect(count(text, ' · ')).toBe(5)
    expect(count(text, '(200 × ') + count(text, '× 200 ×')).toBe(3)
  })

  test('a network over single rows, backwards', () => {
    const one = (w: Value, u: Value, h: Value, x: Value): Value =>
      scan(cell(w, u, b), h, x, { reverse: true })
        .ys.square()
        .sum()
    agree(
      valueAndGrad(one, { argument: [0, 1, 2, 3] }),
      W,
      U,
      h0.at(0),
      xs
        .slice([[0, 9]])
        .transpose([1, 0, 2])
        .at(0),
    )
    agree(valueAndGrad(one, { argument: [0, 1, 2, 3] }), W, U, h0, xs.slice([[0, 9]]))
  })

  test('layers on top of each other', () => {
    const two = (w: Value, u: Value, x: Value): Value => {
      const { ys } = scan(cell(w, u, b), h0, x)
      return scan(cell(w.mul(0.5), w, b), h0, ys)
        .ys.square()
        .sum()
    }
    agree(valueAndGrad(two, { argument: [0, 1, 2] }), W, U, xs.slice([[0, 9]]))
    agree((w: Value) => hvp((v: Value) => two(v, U, xs.slice([[0, 5]])))(w, w.cos()), W)
  })

  test('weights on the left', () => {
    const f = (w: Value, c: Value, x: Value): Value =>
      scan((h: Value, r: Value) => ({ carry: w.matmul(h).add(r.matmul(c.transpose())).sin(), y: h }), ones([4, 2]), x)
        .ys.square()
        .sum()
    agree(valueAndGrad(f, { argument: [0, 1, 2] }), W, draw.normal([2, 3]), draw.normal([6, 4, 3]))
    agree(valueAndGrad(f, { argument: [0, 1, 2] }), W, draw.normal([2, 1]), draw.normal([6, 4, 1]))
  })
})

describe('integrators', () => {
  const heat = (u: Value, steps: number): Value =>
    scan(
      (v: Value) => {
        const left = v.slice([[0, 18]])
        const right = v.slice([[2, 20]])
        const inner = v.slice([[1, 19]])
        return { carry: inner.add(left.add(right).sub(inner.mul(2)).mul(0.3)).pad([[1, 1]]) }
      },
      u,
      undefined,
      { length: steps },
    ).carry
  const u0 = draw.normal([20])

  test.each([1, 2, 3, 40, 41])('the heat equation over %d steps', (steps) => {
    agree((u: Value) => heat(u, steps), u0)
    agree(
      valueAndGrad((u: Value) => heat(u, steps).square().sum()),
      u0,
    )
  })

  const pendulum = (start: { x: Value; v: Value }, friction: Value): Value =>
    scan(
      ({ x, v }: { x: Value; v: Value }) => {
        const speed = v.sub(x.sin().add(friction.mul(v)).mul(0.05))
        const place = x.add(speed.mul(0.05))
        return { carry: { x: place, v: speed }, y: place.sub(1).square() }
      },
      start,
      undefined,
      { length: 101 },
    ).ys.sum()

  test('a pendulum', () => {
    const start = { x: constant(1), v: constant(0.3) }
    agree(valueAndGrad(pendulum, { argument: [0, 1] }), start, constant(0.1))
    agree((c: Value) => grad(grad((k: Value) => pendulum(start, k)))(c), constant(0.1))
  })

  test('parameters of one’s own', () => {
    const k = value(0.2)
    const f = (x: Value): Value =>
      scan((c: Value) => ({ carry: c.sub(c.mul(k).mul(0.1)) }), x, undefined, { length: 9 }).carry
    const compiled = compile(valueAndGrad(f), { target: 'js' })
    for (const rate of [0.2, 0.4]) {
      k.assign(rate)
      const [got, wanted] = [compiled(constant(2)), valueAndGrad(f)(constant(2))]
      expect(got.value.item()).toBeCloseTo(wanted.value.item(), 12)
      expect(got.grad.item()).toBeCloseTo(wanted.grad.item(), 12)
    }
  })
})

describe('all kinds of steps', () => {
  const x = draw.normal([6, 3])

  test('one that ignores its row, its state, both', () => {
    const c = constant([1, 2, 3])
    agree((v: Value) => scan((s: Value) => ({ carry: s.mul(0.5) }), c, v).carry, x)
    agree((v: Value) => scan((_s: Value, r: Value) => ({ carry: r, y: r.exp() }), c, v), x)
    agree(
      (v: Value) => grad((z: Value) => scan((_s: Value, r: Value) => ({ carry: r, y: r.exp() }), c, z).ys.sum())(v),
      x,
    )
    agree((v: Value) => scan((s: Value) => ({ carry: s, y: v }), c, undefined, { length: 3 }), x)
    agree((v: Value) => scan((_s, r: Value) => ({ carry: undefined, y: r.square() }), undefined, v).ys, x)
    agree(
      (v: Value) => grad((z: Value) => scan((_s, r: Value) => ({ carry: [], y: r.square() }), [], z).ys.sum())(v),
      x,
    )
  })

  test('states that swap, that are handed on, that are added to', () => {
    const f = (v: Value): unknown =>
      scan(
        ({ a, b: c, sum }: { a: Value; b: Value; sum: Value }, r: Value) => ({
          carry: { a: c, b: a.add(r), sum: sum.add(a.outer(c)) },
          y: [a, sum, c.mul(2)],
        }),
        { a: x.at(0), b: x.at(1), sum: zeros([3, 3]) },
        v,
      )
    agree(f, x)
    agree((v: Value) => scan((s: Value, r: Value) => ({ carry: s.add(r.square()) }), zeros([3]), v), x)
    agree(
      (v: Value) =>
        scan((s: Value, r: Value) => ({ carry: s.add(r.unsqueeze(1).matmul(r.unsqueeze(0))) }), ones([3, 3]), v),
      x,
    )
  })

  test('a scan inside a scan', () => {
    const g = (v: Value, w: Value): Value => {
      const inner = (s: Value, r: Value): Value =>
        scan((c: Value, e: Value) => ({ carry: c.mul(e).sin().add(w), y: c }), s, r).carry
      return scan((s: Value, r: Value) => ({ carry: inner(s, r).add(s.mul(0.1)), y: s }), constant(0.3), v)
        .ys.square()
        .sum()
    }
    agree(g, x, constant(0.2))
    agree(valueAndGrad(g, { argument: [0, 1] }), x, constant(0.2))
    agree((v: Value, w: Value) => hvp((z: Value) => g(z, w))(v, v.cos()), x, constant(0.2))
  })

  test('a gradient inside a step', () => {
    const f = (v: Value): Value =>
      scan(
        (s: Value, r: Value) => ({ carry: s.sub(grad((z: Value) => z.mul(r).sin().sum())(s).mul(0.1)) }),
        zeros([3]),
        v,
      ).carry.sum()
    agree(valueAndGrad(f), x)
  })

  test('gathers, reductions, cumulative sums, linear algebra', () => {
    const f = (v: Value): Value =>
      scan(
        (s: Value, r: Value) => ({
          carry: s.add(r.take([2, 0, 1], 0)).div(r.norm().add(1)),
          y: r
            .cumsum(0)
            .add(s.max())
            .add(
              r
                .outer(r)
                .add(
                  constant([
                    [4, 0, 0],
                    [0, 4, 0],
                    [0, 0, 4],
                  ]),
                )
                .inv()
                .sum(),
            ),
        }),
        zeros([3]),
        v,
      )
        .ys.square()
        .sum()
    agree(valueAndGrad(f), x)
  })

  test('without recording, and of constants alone', () => {
    agree((v: Value) => noGrad(() => scan((s: Value, r: Value) => ({ carry: s.add(r) }), zeros([3]), v).carry), x)
    agree((v: Value) => scan((s: Value, r: Value) => ({ carry: s.add(r) }), 0, [1, 2, 3]).carry.add(v), x)
  })

  test('random numbers are those of the eager function', () => {
    const f = (seed: number) => {
      const stream = random(seed)
      return (v: Value): Value => {
        const { carry, ys } = scan(
          (s: Value, r: Value) => ({ carry: s.mul(stream.normal([3])).add(r), y: s.mul(stream.uniform([3])) }),
          ones([3]),
          v,
        )
        return carry
          .add(ys.sum())
          .mul(stream.uniform([3]))
          .sum()
      }
    }
    const transforms = [
      (g: (v: Value) => Value) => valueAndGrad(g),
      (g: (v: Value) => Value) => (v: Value) => hvp(g)(v, v),
      (g: (v: Value) => Value) => (v: Value) => vmap(grad(g))(v.unsqueeze(0)),
    ]
    for (const transform of transforms) {
      const [eager, compiled] = [transform(f(3)), compile(transform(f(3)), { target: 'js' })]
      for (let call = 0; call < 3; call++) {
        const [got, wanted] = [flat(compiled(x)), flat(eager(x))]
        for (const [i, y] of got.entries()) expectClose(y, wanted[i] as Value, 1e-11)
      }
    }
  })

  test('the step is recorded once', () => {
    let calls = 0
    const f = (v: Value): Value => {
      calls++
      const step = (s: Value, r: Value): { carry: Value } => {
        calls++
        return { carry: s.add(r) }
      }
      return scan(step, zeros([3]), v).carry
    }
    const compiled = compile(f, { target: 'js' })
    compiled(x)
    const once = calls
    compiled(x)
    expect(calls).toBe(once)
    expect(once).toBeLessThanOrEqual(4)
  })
})

describe('errors', () => {
  const x = draw.normal([6, 3])
  const run = (f: (v: Value) => Value) => () => compile(f, { target: 'js' })(x)

  test('a number that is not known', () => {
    const f = (v: Value): Value =>
      scan((s: Value, r: Value) => ({ carry: s.sum().item() > 0 ? r : s }), zeros([3]), v).carry
    expect(run(f)).toThrow('item: the numbers of')
  })

  test('a Value of a step outside of it', () => {
    const f = (v: Value): Value => {
      let kept = v
      scan(
        (s: Value, r: Value) => {
          kept = r.exp()
          return { carry: s.add(r) }
        },
        zeros([3]),
        v,
      )
      return kept
    }
    expect(run(f)).toThrow('a Value from inside the function of a scan')
  })

  test('an assignment in a step', () => {
    const w = value([1, 2, 3])
    const f = (v: Value): Value =>
      scan(
        (s: Value, r: Value) => {
          w.assign(r)
          return { carry: s.add(r) }
        },
        zeros([3]),
        v,
      ).carry
    expect(run(f)).toThrow('assigns to a leaf')
  })
})
