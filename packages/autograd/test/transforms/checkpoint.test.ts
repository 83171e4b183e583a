/** checkpoint: the same numbers and gradients of every order, from less memory. */
import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  constant,
  detectAnomaly,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  type Value,
  value,
  vjp,
  vmap,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

const w = value([0.3, -0.7, 1.1])
const f = (x: Value): Value => x.mul(w).tanh().add(x.square()).sin()
const g = checkpoint(f)
const x = constant([0.5, -1, 2])

describe('equals the function itself', () => {
  it('value, gradient, jacobian, hessian, hvp, jvp', () => {
    expectClose(g(x), f(x), 0)
    const sums = [f, g].map((h) => (v: Value) => h(h(v)).mul([1, 2, 3]).sum()) as [typeof f, typeof f]
    const [plain, stored] = sums
    expectClose(grad(stored)(x), grad(plain)(x))
    expectClose(jacobian(g)(x), jacobian(f)(x))
    expectClose(hessian(stored)(x), hessian(plain)(x))
    expectClose(hvp(stored)(x, [1, 2, 3]), hvp(plain)(x, [1, 2, 3]))
    expectClose(
      grad((v: Value) => hvp(stored)(v, [1, 2, 3]).sum())(x),
      grad((v: Value) => hvp(plain)(v, [1, 2, 3]).sum())(x),
      1e-11,
    )
    const [a, b] = [jvp(stored, [x], [[1, 0, 2]]), jvp(plain, [x], [[1, 0, 2]])]
    expectClose(a.value, b.value)
    expectClose(a.tangent, b.tangent)
  })

  it('what it closes over gets its gradient, in backward, grad and jvp', () => {
    const total = (h: typeof f) => (): number[] => {
      w.zeroGrad()
      h(h(x)).sum().backward()
      return Array.from(w.grad.data)
    }
    expectClose(constant(total(g)()), constant(total(f)()))
    const over =
      (h: (block: typeof f) => typeof f) =>
      (v: Value): Value => {
        const s = v.exp()
        const block = h((t: Value) => t.mul(s).sin())
        return block(block(v)).sum()
      }
    const [plain, stored] = [over((b) => b), over((b) => checkpoint(b))]
    expectClose(grad(stored)(x), grad(plain)(x))
    expectClose(hessian(stored)(x), hessian(plain)(x), 1e-11)
    expectClose(jvp(stored, [x], [[1, 2, 3]]).tangent, jvp(plain, [x], [[1, 2, 3]]).tangent)
  })

  it('a closed-over intermediate beside the leaf that it came from', () => {
    const leaf = value(2)
    const mid = leaf.square()
    const y = checkpoint((t: Value) => t.mul(mid).mul(leaf))(constant(3))
    y.backward()
    expect([leaf.grad.item(), mid.grad.item()]).toEqual([36, 6])
    const back = value(2)
    const square = back.square()
    checkpoint((_t: Value) => square)(constant(1)).backward()
    expect([back.grad.item(), square.grad.item()]).toEqual([4, 1])
  })

  it('structures, several results, identity', () => {
    const h = checkpoint((p: { a: Value; b: Value[] }) => ({ s: p.a.mul(p.b[0] as Value), rest: [p.a, p.a.sum()] }))
    const loss = (p: { a: Value; b: Value[] }): Value => {
      const { s, rest } = h(p)
      return s
        .sum()
        .add((rest[0] as Value).square().sum())
        .mul(rest[1] as Value)
    }
    const p = { a: [1, 2], b: [value([3, 4])] }
    const slopes = grad(loss)(p as never) as unknown as { a: Value; b: Value[] }
    // (Σab + Σa²)·Σa, Σa = 3, Σab = 11, Σa² = 5
    expect(slopes.a.toArray()).toEqual([3 * (3 + 2) + 16, 3 * (4 + 4) + 16])
    expect((slopes.b[0] as Value).toArray()).toEqual([3, 6])
    expect(checkpoint((a: Value, n: Value) => a.pow(n))(3, 2).item()).toBe(9)
  })

  it('nested', () => {
    const twice = checkpoint((v: Value) => g(g(v)))
    expectClose(grad((v: Value) => twice(v).sum())(x), grad((v: Value) => f(f(v)).sum())(x))
  })

  it('backward twice is double; createGraph; a pullback used twice', () => {
    const leaf = value([1, 2])
    const y = checkpoint((v: Value) => v.pow(3).sum())(leaf)
    y.backward()
    y.backward()
    expect(leaf.grad.toArray()).toEqual([6, 24])
    leaf.zeroGrad()
    y.backward({ createGraph: true })
    const first = leaf.grad
    leaf.zeroGrad()
    first.sum().backward()
    expect(leaf.grad.toArray()).toEqual([6, 12])
    const block = checkpoint((v: Value) => v.square())
    const { pullback } = vjp((v: Value) => block(v), [1, 2])
    expect([pullback([1, 0]).toArray(), pullback([0, 1]).toArray()]).toEqual([
      [2, 0],
      [0, 4],
    ])
  })

  it('under vmap, with mapped, shared and closed-over Values', () => {
    const rows = [
      [1, 2, 3],
      [-1, 0.5, 2],
    ]
    const each = vmap((v: Value) => {
      const s = v.sum()
      return checkpoint((t: Value, c: Value) => t.mul(s).mul(c).tanh().add(t.gt(s)).mul(w))(v, 0.5)
    })
    const wanted = vmap((v: Value) => {
      const s = v.sum()
      return v.mul(s).mul(0.5).tanh().add(v.gt(s)).mul(w)
    })
    expectClose(each(rows), wanted(rows))
    const loss =
      (h: typeof each) =>
      (v: Value): Value =>
        h(v).square().sum()
    expectClose(grad(loss(each))(rows), grad(loss(wanted))(rows))
    expectClose(hvp(loss(each))(rows, rows), hvp(loss(wanted))(rows, rows), 1e-11)
    expectClose(vmap(grad((v: Value) => g(v).sum()))(rows), vmap(grad((v: Value) => f(v).sum()))(rows))
  })
})

describe('what it does not remember', () => {
  it('constants in, a constant out; inside noGrad, plain', () => {
    expect(checkpoint((v: Value) => v.square())([1, 2]).requiresGrad).toBe(false)
    expect(noGrad(() => g(value([1, 2, 3]))).requiresGrad).toBe(false)
  })

  it('a function that gives other numbers the second time', () => {
    let calls = 0
    const leaf = value([1, 2])
    const y = checkpoint((v: Value) => v.mul(++calls))(leaf)
    expect(() => y.sum().backward()).toThrow('checkpoint: the function gave other numbers when it ran again')
  })

  it('a function that uses other Values the second time, of the same numbers', () => {
    const [one, other] = [value(2), value(2, { label: 'other' })]
    let used = one
    const y = checkpoint((v: Value) => v.mul(used))(value(3))
    used = other
    expect(() => y.backward()).toThrow("checkpoint: the function used leaf 'other' when it ran again")
    used = one
    y.backward()
    expect([one.grad.item(), other.hasGrad]).toEqual([3, false])
    const kept: Value[] = []
    const z = checkpoint((v: Value) => {
      kept[0] ??= one.exp()
      return v.mul(kept[0])
    })(value(3))
    expect(() => z.backward()).toThrow('checkpoint: the function used a result of exp when it ran again')
    const own = checkpoint((v: Value) => v.mul(value(5)))(one)
    one.zeroGrad()
    own.backward()
    expect(one.grad.item()).toBe(5)
  })

  it('a leaf that was assigned to since', () => {
    const leaf = value(2)
    const y = checkpoint((v: Value) => v.mul(leaf))(value(3))
    leaf.assign(5)
    expect(() => y.backward()).toThrow('was assigned to after checkpoint')
  })

  it('anomalies are found inside', () => {
    const y = checkpoint((v: Value) => v.sub(1).sqrt())(value(1))
    expect(() => detectAnomaly(() => y.backward())).toThrow('the backward rule of sqrt')
  })
})

/** How many arrays the graph behind a Value keeps alive. */
function arraysBehind(root: Value): number {
  const seen = new Set<unknown>()
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const x = stack.pop()
    if (typeof x !== 'object' || x === null || seen.has(x)) continue
    seen.add(x)
    // All that can be reached from a node, through what its step remembers too.
    if (!(x instanceof Float64Array)) stack.push(...(x instanceof Set ? x : Object.values(x)))
  }
  return [...seen].filter((x) => x instanceof Float64Array && x.length === 3).length
}

describe('memory', () => {
  const step = (v: Value): Value => v.mul(1.01).sin()
  const chain = (v: Value, n: number): Value => (n === 0 ? v : chain(step(v), n - 1))
  const segmented = (v: Value, n: number): Value => {
    const side = Math.sqrt(n)
    const block = checkpoint((t: Value) => chain(t, side))
    return Array.from({ length: side }).reduce((t: Value) => block(t), v)
  }

  it('of a chain of n steps in √n segments grows as √n, and the gradient is the same', () => {
    for (const n of [100, 400, 900]) {
      const x = value([0.1, 0.2, 0.3])
      // Two arrays a step, and the leaf.
      expect(arraysBehind(chain(x, n))).toBe(2 * n + 1)
      // One array a segment, the leaf; the backward pass adds one segment of √n steps at a time.
      expect(arraysBehind(segmented(x, n))).toBe(Math.sqrt(n) + 1)
      expectClose(grad((v: Value) => segmented(v, n).sum())(x), grad((v: Value) => chain(v, n).sum())(x), 0)
    }
  })
})
