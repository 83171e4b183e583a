/** checkpoint around functions that draw random numbers: the same draws again, and the streams left where they were. */
import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  constant,
  dropout,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  type Random,
  random,
  type Value,
  value,
  vjp,
  vmap,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

type Step = (x: Value) => Value
type Wrap = (f: Step) => Step
const plain: Wrap = (f) => f
const stored: Wrap = (f) => checkpoint(f)
const start = [0.5, -1, 2]

/** Draws in every way there is; what comes of it depends on all of them. */
const noisy =
  (stream: Random): Step =>
  (x) => {
    const order = stream.permutation(3)
    const scale = stream
      .normal([3], 1, 0.1)
      .add(stream.integers([3], 0, 5))
      .add(stream.uniform([]))
    return dropout(x.mul(scale).sin().take(order, 0).add(x.square()), 0.3, { random: stream })
  }

/** The same computation with and without checkpoints, each from streams of the same seeds; then a draw from each. */
function both(run: (wrap: Wrap, a: Random, b: Random) => unknown): unknown[] {
  return [plain, stored].map((wrap) => {
    const [a, b] = [random(1), random(2)]
    const result = run(wrap, a, b)
    return JSON.parse(JSON.stringify([result, a.uniform([2]), b.uniform([2]), a.state(), b.state()]))
  })
}

function expectSame(run: (wrap: Wrap, a: Random, b: Random) => unknown): void {
  const [wanted, got] = both(run)
  expect(got).toEqual(wanted)
}

describe('the same numbers bit for bit, and the streams where they would be', () => {
  it('backward, with draws before, between and after', () => {
    expectSame((wrap, a, b) => {
      const x = value(start)
      const step = wrap(noisy(a))
      const y = step(step(x).mul(b.normal([3]))).mul(a.normal([3]))
      const between = a.uniform([3])
      y.sum().backward()
      return [y, x.grad, between]
    })
  })

  it('every transform', () => {
    expectSame((wrap, a, b) => {
      const total: Step = (x) => wrap(noisy(b))(wrap(noisy(a))(x)).sum()
      return [
        grad(total)(start),
        hessian(total)(start),
        hvp(total)(start, [1, 2, 3]),
        jacobian(wrap(noisy(a)))(start),
        jvp(total, [start], [[1, 0, 2]]),
        vjp(wrap(noisy(b)), start).pullback([1, 2, 3]),
        noGrad(() => wrap(noisy(a))(constant(start))),
      ]
    })
  })

  it('under vmap', () => {
    expectSame((wrap, a) => {
      const rows = [start, [1, 2, 3]]
      const each = vmap((x: Value) => wrap((v) => v.mul(a.normal([3])).sin())(x))
      return [
        each(rows),
        grad((x: Value) => each(x).square().sum())(rows),
        hvp((x: Value) => each(x).sum())(rows, rows),
      ]
    })
  })

  it('one in the other, over streams that both use', () => {
    expectSame((wrap, a, b) => {
      const inner = wrap(noisy(a))
      const outer = wrap((x) => inner(inner(x.mul(b.uniform([3])))).mul(a.uniform([3])))
      return [grad((x: Value) => outer(outer(x)).sum())(start), grad((x: Value) => inner(x).sum())(start)]
    })
  })

  it('the gradient of one inside another', () => {
    expectSame((wrap, a) => {
      const slope = grad((x: Value) => wrap(noisy(a))(x).sum())
      return grad((x: Value) => wrap((v) => slope(v).mul(a.uniform([3])))(x).sum())(start)
    })
  })

  it('backward twice, and differentiable gradients', () => {
    expectSame((wrap, a) => {
      const x = value(start)
      const y = wrap(noisy(a))(x).sum()
      y.backward()
      y.backward()
      const twice = x.grad
      x.zeroGrad()
      y.backward({ createGraph: true })
      const slope = x.grad
      x.zeroGrad()
      slope.square().sum().backward()
      return [twice, slope, x.grad]
    })
  })

  it('inside another, the gradient of one that ran before it', () => {
    expectSame((wrap, a) => {
      const { pullback } = vjp(wrap(noisy(a)), start)
      a.uniform([5])
      const f: Step = (x) =>
        pullback([1, 2, 3])
          .mul(x)
          .mul(a.uniform([3]))
      return grad((x: Value) => wrap(f)(x).sum())(start)
    })
  })

  it('a function that reads where a stream stands', () => {
    expectSame((wrap, a) => {
      const f: Step = (x) => {
        const fork = random(0)
        fork.restore(a.state())
        return x.square().mul(fork.uniform([3]))
      }
      return grad((x: Value) =>
        wrap(f)(x)
          .mul(a.uniform([3]))
          .sum(),
      )(start)
    })
  })

  it('a function that moves a stream itself', () => {
    expectSame((wrap, a, b) => {
      const f: Step = (x) => {
        const from = a.state()
        const once = x.mul(a.uniform([3]))
        b.restore(from)
        return once.add(x.square().mul(b.normal([3])))
      }
      return grad((x: Value) => wrap(f)(x).sum())(start)
    })
  })
})

describe('errors', () => {
  it('in the first run leave the streams where the function left them', () => {
    expectSame((wrap, a) => {
      const f: Step = (x) => {
        a.uniform([3])
        return x.reshape([7])
      }
      expect(() => wrap(f)(value(start))).toThrow('reshape')
    })
  })

  it('in the second run leave them where they were', () => {
    const [a, b] = [random(1), random(2)]
    let calls = 0
    const x = value(start)
    const inner = checkpoint(noisy(a))
    const y = checkpoint((v: Value) => {
      const once = inner(v).mul(a.uniform([3]))
      if (calls++ === 1) {
        b.uniform([2])
        throw new Error('the second time')
      }
      return once
    })(x)
    const before = [a.state(), b.state()]
    expect(() => y.sum().backward()).toThrow('the second time')
    expect([a.state(), b.state()]).toEqual(before)
    y.sum().backward()
    expect(x.hasGrad).toBe(true)
    expect([a.state(), b.state()]).toEqual(before)
  })

  it('a draw that an outer checkpoint survives is still drawn again', () => {
    const a = random(3)
    const inner = checkpoint((v: Value) => v.mul(a.uniform([3])).reshape([7]))
    const outer = (v: Value): Value => {
      try {
        return inner(v)
      } catch {
        return v.mul(a.uniform([3]))
      }
    }
    const x = value(start)
    const y = checkpoint(outer)(x)
    y.sum().backward()
    expectClose(x.grad, y.div(start))
  })

  it('a source of numbers of your own is not set back', () => {
    let seed = 0
    const own = { uniform: (shape: readonly number[]) => random(seed++).uniform(shape) }
    const y = checkpoint((x: Value) => dropout(x, 0.5, { random: own }))(value(Array.from({ length: 50 }, (_, i) => i)))
    expect(() => y.sum().backward()).toThrow('Draw random numbers from random(seed)')
  })
})
