/** checkpoint around functions that assign to leaves: these are changed once, though the function runs twice. */
import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  constant,
  grad,
  hvp,
  jacobian,
  jvp,
  noGrad,
  scan,
  type Value,
  value,
  vjp,
  vmap,
} from '../../src/index.ts'

type Step = (x: Value) => Value
type Wrap = (f: Step) => Step
const start = [0.5, -1, 2]

/** A running mean of what comes in, and a count; the result depends on both. */
const tracked =
  (mean: Value, count: Value): Step =>
  (x) => {
    noGrad(() => {
      count.update((data) => {
        data[0] = (data[0] as number) + 1
      })
      mean.assign(mean.mul(0.9).add(x.detach().mean().mul(0.1)))
    })
    return x.sub(mean.item()).mul(count.item()).tanh()
  }

/** The same computation with and without checkpoints: what it gives, and the leaves afterwards. */
function expectSame(run: (wrap: Wrap, mean: Value, count: Value) => unknown): void {
  const [wanted, got] = [(f: Step): Step => f, (f: Step): Step => checkpoint(f)].map((wrap) => {
    const [mean, count] = [constant(0.25), value(0)]
    const result = run(wrap, mean, count)
    return JSON.parse(JSON.stringify([result, mean, count]))
  })
  expect(got).toEqual(wanted)
}

describe('the same numbers, and leaves changed once', () => {
  it('a plain leaf', () => {
    const [x, count] = [value(3), value(0)]
    const y = checkpoint((t: Value) => {
      count.assign(count.item() + 1)
      return t.square()
    })(x)
    y.backward()
    y.backward()
    expect([x.grad.item(), count.item()]).toEqual([12, 1])
  })

  it('backward, with steps before, between and after', () => {
    expectSame((wrap, mean, count) => {
      const x = value(start)
      const step = wrap(tracked(mean, count))
      const y = step(step(x).mul(3)).sum()
      const other = step(x.square()).sum()
      y.backward()
      mean.assign(7)
      other.backward()
      y.backward()
      return [y, x.grad, step(x)]
    })
  })

  it('every transform', () => {
    expectSame((wrap, mean, count) => {
      const total: Step = (x) => wrap(tracked(mean, count))(wrap(tracked(mean, count))(x)).sum()
      return [
        grad(total)(start),
        hvp(total)(start, [1, 2, 3]),
        jacobian(wrap(tracked(mean, count)))(start),
        jvp(total, [start], [[1, 0, 2]]),
        vjp(total, start).pullback(1),
      ]
    })
  })

  it('one in the other', () => {
    expectSame((wrap, mean, count) => {
      const inner = wrap(tracked(mean, count))
      const outer = wrap((x) => inner(inner(x).mul(mean.item())))
      return [grad((x: Value) => outer(outer(x)).sum())(start), grad((x: Value) => inner(x).sum())(start)]
    })
  })

  it('the gradient of one inside another', () => {
    expectSame((wrap, mean, count) => {
      const slope = grad((x: Value) => wrap(tracked(mean, count))(x).sum())
      return grad((x: Value) => wrap((v) => slope(v).mul(count.item()))(x).sum())(start)
    })
  })

  it('under vmap, what does not depend on the examples', () => {
    expectSame((wrap, mean, count) => {
      const step = wrap((x) => {
        count.assign(count.item() + 1)
        mean.assign(mean.mul(2))
        return x.sin().mul(count.item())
      })
      return grad((x: Value) => vmap(step)(x).sum())([start, start])
    })
  })

  it('in the steps of a scan', () => {
    const count = value(0)
    const f = (x: Value): Value =>
      scan(
        (total: Value, row: Value) => {
          count.assign(count.item() + 1)
          return { carry: total.add(row.mul(count.item())) }
        },
        0,
        x,
      ).carry
    expect([grad(f)(start).toArray(), count.item()]).toEqual([[1, 2, 3], 3])
  })
})

describe('gradients through such leaves', () => {
  it('read after the assignment: as without a checkpoint, and as often as one likes', () => {
    expectSame((wrap, mean) => {
      const [x, w] = [value(start), value(2)]
      const step = wrap((v) => v.mul(w.assign(w.item() + 1)).mul(mean))
      const y = step(x).mul(w).sum()
      y.backward()
      y.backward()
      return [x.grad, w.grad, w]
    })
  })

  it('read before it: an error as without', () => {
    for (const wrap of [(f: Step): Step => f, (f: Step): Step => checkpoint(f)]) {
      const [x, w] = [value(3), value(2, { label: 'w' })]
      const y = wrap((v) => {
        const read = v.mul(w)
        w.assign(w.item() + 1)
        return read
      })(x)
      for (let i = 0; i < 2; i++) expect(() => y.backward()).toThrow("leaf 'w' was assigned to")
      expect(w.item()).toBe(3)
    }
  })

  it('an error in the second run sets the leaves back too', () => {
    const [x, w] = [value(3), value(0)]
    let calls = 0
    const y = checkpoint((v: Value) => {
      w.assign(w.item() + 1)
      if (calls++ === 1) throw new Error('the second time')
      return v.square()
    })(x)
    w.assign(7)
    expect(() => y.backward()).toThrow('the second time')
    expect(w.item()).toBe(7)
    y.backward()
    expect([x.grad.item(), w.item()]).toEqual([6, 7])
  })
})
