/** Laws: a scan is what the plain loop is, in value and in every derivative; and what it refuses. */
import { describe, expect, test } from 'vitest'
import {
  checkpoint,
  constant,
  grad,
  hessian,
  hvp,
  jvp,
  noGrad,
  random,
  scan,
  stack,
  type Value,
  value,
  valueAndGrad,
  vmap,
  zeros,
} from '../../src/index.ts'
import type { Node } from '../../src/node.ts'
import { expectClose } from '../laws/close.ts'

type Step = (carry: Value, x: Value) => { readonly carry: Value; readonly y: Value }
type Scan = (f: Step, init: Value, xs: Value, options?: { readonly reverse?: boolean }) => { carry: Value; ys: Value }

/** The same with a plain loop. */
const unrolled: Scan = (f, init, xs, { reverse = false } = {}) => {
  const ys: Value[] = []
  let carry = init
  const n = xs.shape[0] as number
  for (let t = 0; t < n; t++) {
    const row = reverse ? n - 1 - t : t
    const step = f(carry, xs.at(row))
    carry = step.carry
    ys[row] = step.y
  }
  return { carry, ys: stack(ys) }
}

/** Equal within rounding, in any structure. */
function close(got: unknown, wanted: unknown): void {
  const [a, b] = [flat(got), flat(wanted)]
  expect(a.length).toBe(b.length)
  expect(a.length).toBeGreaterThan(0)
  for (const [i, x] of a.entries()) expectClose(x, b[i] as Value, 1e-11)
}

function flat(x: unknown): Value[] {
  if (Array.isArray(x)) return x.flatMap(flat)
  if (typeof x === 'object' && x !== null && !('raw' in x)) return Object.values(x).flatMap(flat)
  return [x as Value]
}

const draw = random(3)
const W = draw.normal([3, 3])
const U = draw.normal([2, 3])
const h0 = draw.normal([2, 3])
const xs = draw.normal([5, 2, 2])

/** A recurrent network, all of whose inputs are arguments. */
const network =
  (loop: Scan, reverse: boolean) =>
  (w: Value, u: Value, h: Value, x: Value): Value => {
    const { carry, ys } = loop(
      (state, row) => {
        const next = row.matmul(u).add(state.matmul(w)).tanh()
        return { carry: next, y: next.square().sum({ axis: 1 }) }
      },
      h,
      x,
      { reverse },
    )
    return carry.sum().add(ys.mul(constant([1, 2, 3, 4, 5]).unsqueeze(1)).sum())
  }

/** x″ = −sin x, with a friction: the state is an object, and nothing is walked. */
const pendulum = (angle: Value, friction: Value): Value => {
  const { carry, ys } = scan(
    ({ x, v }: { x: Value; v: Value }) => {
      const speed = v.sub(x.sin().add(friction.mul(v)).mul(0.05))
      const place = x.add(speed.mul(0.05))
      return { carry: { x: place, v: speed }, y: [place, speed.square()] as const }
    },
    { x: angle, v: constant(0) },
    undefined,
    { length: 12 },
  )
  return carry.x.add(ys[0].square().sum()).add(ys[1].sum())
}

const pendulumUnrolled = (angle: Value, friction: Value): Value => {
  let [x, v, sum] = [angle, constant(0), constant(0)]
  for (let t = 0; t < 12; t++) {
    v = v.sub(x.sin().add(friction.mul(v)).mul(0.05))
    x = x.add(v.mul(0.05))
    sum = sum.add(x.square()).add(v.square())
  }
  return x.add(sum)
}

describe.each([false, true])('a recurrent network, reverse: %s', (reverse) => {
  const looped = network(scan, reverse)
  const plain = network(unrolled, reverse)
  const args = [W, U, h0, xs] as const
  const along = args.map((x) => x.mul(0.7).sin())

  test('value and gradients', () => {
    const options = { argument: [0, 1, 2, 3] } as const
    const [got, wanted] = [looped, plain].map((f) => valueAndGrad(f, options)(...args)) as [never, never]
    close(got, wanted)
  })

  test('forward mode', () => {
    close(jvp(looped, args, along as never), jvp(plain, args, along as never))
  })

  test('second order, over what it closes over too', () => {
    const f = (net: typeof looped) => (list: readonly Value[]) => net(...(list as unknown as typeof args)).square()
    close(hvp(f(looped))(args, along), hvp(f(plain))(args, along))
    const g = (net: typeof looped) => (w: Value) =>
      grad((h: Value) => net(w, U, h, xs))(h0)
        .square()
        .sum()
    close(grad(g(looped))(W), grad(g(plain))(W))
  })

  test('many examples at once, before and behind a gradient', () => {
    const ws = stack([W, W.mul(0.5), W.neg()])
    const all = stack([xs, xs.mul(2), xs.neg()])
    close(
      vmap(looped, { axis: [0, null, null, null] })(ws, U, h0, xs),
      vmap(plain, { axis: [0, null, null, null] })(ws, U, h0, xs),
    )
    close(
      vmap(looped, { axis: [null, null, null, 0] })(W, U, h0, all),
      vmap(plain, { axis: [null, null, null, 0] })(W, U, h0, all),
    )
    const by = { argument: [0, 2, 3] } as const
    const each = (f: typeof looped) => vmap(grad(f, by), { axis: [null, null, null, 0] })(W, U, h0, all)
    close(each(looped), each(plain))
    const total = (f: typeof looped) => grad((w: Value) => vmap((x: Value) => f(w, U, h0, x))(all).sum())(W)
    close(total(looped), total(plain))
  })
})

describe('an integrator', () => {
  test('gradients, Hessian', () => {
    close(pendulum(constant(1), constant(0.1)), pendulumUnrolled(constant(1), constant(0.1)))
    const both = (f: typeof pendulum) => (p: Value) => f(p.at(0), p.at(1))
    close(hessian(both(pendulum))([1, 0.1]), hessian(both(pendulumUnrolled))([1, 0.1]))
    const third = (f: typeof pendulum) => grad(grad(grad((x: Value) => f(x, constant(0.1)))))(1)
    close(third(pendulum), third(pendulumUnrolled))
  })
})

describe('what a step may do', () => {
  const x = constant([
    [1, 2],
    [3, 4],
    [5, 6],
  ])

  test('the example of its documentation, in reverse too', () => {
    const sum = (reverse: boolean) => scan((total, r) => ({ carry: total.add(r), y: total }), 0, [1, 2, 3], { reverse })
    expect(sum(false).carry.item()).toBe(6)
    expect(sum(false).ys.toArray()).toEqual([0, 1, 3])
    expect(sum(true).ys.toArray()).toEqual([5, 3, 0])
  })

  test('nested structures, and no y', () => {
    const { carry, ys } = scan(
      ({ a, inner: { b } }, [p, { q }]) => ({ carry: { a: a.add(p), inner: { b: b.mul(q) } } }),
      { a: 0, inner: { b: value(1) } },
      [[1, 2, 3], { q: constant([2, 3, 4]) }] as const,
    )
    expect(carry.a.item()).toBe(6)
    expect(carry.inner.b.item()).toBe(24)
    expect(ys).toBeUndefined()
  })

  test('a step that ignores its state, or its row', () => {
    const square = (z: Value) => scan((_state: Value, r) => ({ carry: r, y: r.square() }), [0, 0], z).ys.sum()
    expect(grad(square)(x).toArray()).toEqual([
      [2, 4],
      [6, 8],
      [10, 12],
    ])
    const half = (c: Value) => scan((s) => ({ carry: s.mul(0.5) }), c, x).carry
    expect(grad(half)(8).item()).toBe(0.125)
    const each = (z: Value) => scan((_none, r) => ({ carry: undefined, y: r.exp() }), undefined, z).ys.sum()
    close(grad(each)(x), x.exp())
  })

  test('backward reaches leaves that the step closes over', () => {
    const w = value(0.5)
    const { carry } = scan((s, r) => ({ carry: s.mul(w).add(r.sum()) }), value(1), x)
    carry.backward()
    const v = value(0.5)
    const plain = v.mul(v).mul(v).add(v.mul(v).mul(3)).add(v.mul(7)).add(11)
    plain.backward()
    expect(carry.item()).toBe(plain.item())
    expect(w.grad.item()).toBe(v.grad.item())
  })

  test('without recording nothing is kept', () => {
    const w = value(2)
    const { carry } = noGrad(() => scan((s, r) => ({ carry: s.mul(w).add(r) }), [0, 0], x))
    expect(carry.requiresGrad).toBe(false)
    expect(carry.toArray()).toEqual([15, 22])
  })

  test('the random numbers of each step are the same again for the gradient', () => {
    const noisy = (loop: Scan) => {
      const stream = random(7)
      return (z: Value): Value => {
        const { carry, ys } = loop(
          (s, r) => ({ carry: s.mul(stream.normal([2])).add(r), y: s.mul(stream.uniform([2])) }),
          constant([1, 2]),
          z,
        )
        return carry.add(ys.sum()).sum()
      }
    }
    for (let run = 0; run < 2; run++) close(valueAndGrad(noisy(scan))(x), valueAndGrad(noisy(unrolled))(x))
    const [looped, plain] = [noisy(scan), noisy(unrolled)]
    close(hvp(looped)(x, x), hvp(plain)(x, x))
    close(looped(x), plain(x))
    const all = stack([x, x.neg()])
    close(vmap(grad(looped))(all), vmap(grad(plain))(all))
    close(looped(x), plain(x))
  })

  test('inside a checkpoint, around one, and in another scan', () => {
    const inner = (c: Value, r: Value) => scan((s, e) => ({ carry: s.mul(e).sin().add(c) }), c, r).carry
    const plainInner = (c: Value, r: Value) => c.mul(r.at(0)).sin().add(c).mul(r.at(1)).sin().add(c)
    const outer = (f: typeof inner, loop: Scan) => (z: Value) =>
      loop((s, r) => ({ carry: f(s, r), y: s }), constant(0.3), z)
        .ys.square()
        .sum()
    const wanted = valueAndGrad(outer(plainInner, unrolled))(x)
    close(valueAndGrad(outer(inner, scan))(x), wanted)
    close(valueAndGrad(outer(checkpoint(inner), scan))(x), wanted)
    close(valueAndGrad(checkpoint(outer(inner, scan)))(x), wanted)
    close(hvp(outer(inner, scan))(x, x), hvp(outer(plainInner, unrolled))(x, x))
  })

  test('float32 stays float32', () => {
    const z = constant([1, 2, 3], { dtype: 'float32' })
    const { value: y, grad: g } = valueAndGrad(
      (v: Value) => scan((s, r) => ({ carry: s.mul(r) }), constant(1, { dtype: 'float32' }), v).carry,
    )(z)
    expect([y.dtype, g.dtype]).toEqual(['float32', 'float32'])
    expect(g.toArray()).toEqual([6, 3, 2])
  })

  test('the graph has a node for the loop, and carries for its steps', () => {
    const w = value(0.9)
    const { carry } = scan((s) => ({ carry: s.mul(w).sin().add(1).cos() }), 1, undefined, { length: 1000 })
    const nodes = new Set<Node>()
    let numbers = 0
    const visit = (x: Node | number): void => {
      if (typeof x === 'number' || nodes.has(x)) return
      nodes.add(x)
      numbers += typeof x.raw === 'number' ? 1 : x.raw.data.length
      for (const input of [x.a, x.b].flat()) visit(input as Node | number)
    }
    visit(carry)
    expect(nodes.size).toBeLessThan(8)
    expect(numbers).toBeLessThan(1010)
    carry.backward()
    expect(Number.isFinite(w.grad.item())).toBe(true)
  })
})

describe('errors', () => {
  const x = constant([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const same = (s: Value) => ({ carry: s })

  test.each([
    ['no function', () => scan(3 as never, 0, x), 'scan: got 3. Give a function'],
    ['no rows, no length', () => scan(same, 0, undefined), 'scan: there are no xs'],
    ['a bad length', () => scan(same, 0, undefined, { length: 1.5 }), 'scan: the length is 1.5'],
    ['no steps', () => scan(same, 0, zeros([0, 2])), 'scan: there are no steps'],
    [
      'another length',
      () => scan(same, 0, x, { length: 4 }),
      'scan: there are 3 steps along axis 0 of [3, 2], but length: 4',
    ],
    [
      'different lengths',
      () => scan(same, 0, [x, zeros([4])]),
      'scan: there are 4 steps along axis 0 of [4], but 3 in another',
    ],
    ['a number to walk', () => scan(same, 0, constant(3)), 'scan: xs holds a single number'],
    [
      'nothing to begin with',
      () => scan(() => ({ carry: undefined, y: x }), undefined, undefined, { length: 3 }),
      'scan: there is no Value in',
    ],
    ['no results', () => scan(() => ({ carry: undefined }), undefined, x), 'scan: the function returned no Value'],
    ['no step', () => scan((() => 3) as never, 0, x), 'scan: the function returned 3. Return { carry, y }'],
    ['a promise', () => scan((async () => 3) as never, 0, x), 'scan: the function returned a promise'],
    [
      'another shape',
      () => scan((_s, r) => ({ carry: r }), 0, x),
      'scan: the carry has the shape [] before a step and [2] after it',
    ],
    [
      'another dtype',
      () => scan((s) => ({ carry: s.add(constant(1)) }), zeros([], { dtype: 'float32' }), x),
      'scan: the carry is float32 before a step and float64 after it',
    ],
    ['another structure', () => scan(() => ({ carry: { a: 0 } as never }), { a: 0, b: 0 }, x), 'scan: got an object'],
  ])('%s', (_name, run, message) => {
    expect(run).toThrow(message)
  })

  test('y that changes its shape', () => {
    let rows = 0
    const step = (s: Value) => ({ carry: s, y: zeros([++rows]) })
    expect(() => scan(step, 0, x)).toThrow('scan: y has the shape [2] after a step, [1] after the first one')
  })

  test('other Values than at the first step', () => {
    const ws = [value(1), value(2), value(3)]
    let t = 0
    const { carry } = scan((s) => ({ carry: s.mul(ws[t++ % 3] as Value) }), 1, x)
    t = 1
    expect(() => carry.backward()).toThrow('scan: the function used a leaf when it ran again for the gradient')
  })

  test('a number that vmap maps', () => {
    const f = (z: Value) => scan((s, r) => ({ carry: r.item() > 0 ? s : s.neg() }), 0, z).carry
    expect(() => vmap(f)(x)).toThrow('item: ')
  })
})
