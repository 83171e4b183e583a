/** vmap: what is mapped, what is shared, what cannot be read, and how it composes. */
import { describe, expect, it } from 'vitest'
import {
  argmax,
  constant,
  customGradient,
  defineOp,
  dropout,
  gather,
  grad,
  hessian,
  jacobian,
  jvp,
  matmul,
  noGrad,
  oneHot,
  random,
  ShapeError,
  scatterAdd,
  stack,
  take,
  tanh,
  UnsupportedError,
  type Value,
  value,
  vjp,
  vmap,
  where,
} from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

const rows = [
  [1, -2, 3],
  [-4, 6, 5],
]
const list = (x: unknown): unknown => (x as Value).toArray()

describe('arguments and results', () => {
  it('several arguments, a structure in and a structure out', () => {
    const f = vmap((p: { a: Value; b: Value[] }, s: Value) => ({ sum: p.a.add(p.b[0] as Value), times: [s.mul(p.a)] }))
    const { sum, times } = f({ a: [1, 2], b: [value([3, 4])] }, [10, 20])
    expect([list(sum), list(times[0])]).toEqual([
      [4, 6],
      [10, 40],
    ])
  })

  it('examples along another axis, results along another axis', () => {
    const x = value(rows)
    expect(list(vmap((v: Value) => v.sum(), { axis: 1 })(x))).toEqual([-3, 4, 8])
    expect(list(vmap((v: Value) => v.mul(2), { axis: -1, outAxis: 1 })(x))).toEqual(list(x.mul(2)))
    expect(list(vmap((v: Value) => v.mul(2), { axis: 1 })(x))).toEqual(list(x.mul(2).transpose()))
  })

  it('null as the axis: shared by all examples', () => {
    const f = vmap((x: Value, y: Value) => x.dot(y), { axis: [0, null] })
    expect(list(f(rows, [1, 10, 100]))).toEqual([281, 556])
  })

  it('closed-over Values are shared; what does not depend on the examples is repeated', () => {
    const w = value([1, 10, 100])
    const y = vmap((x: Value) => [x.dot(w), w.sum(), constant(7)])(rows)
    expect(y.map(list)).toEqual([
      [281, 556],
      [111, 111],
      [7, 7],
    ])
    stack(y).sum().backward()
    expect(list(w.grad)).toEqual([-3 + 2, 4 + 2, 8 + 2])
  })

  it('float32 stays float32', () => {
    const x = value(rows, { dtype: 'float32' })
    expect(vmap((v: Value) => v.tanh().mul(0.5).sum())(x).dtype).toBe('float32')
  })

  it('a scalar in float64 still has its say beside float32', () => {
    const x = value([1, 2])
    const w = value([1, 2, 3], { dtype: 'float32' })
    expect(vmap((s: Value) => s.mul(w))(x).dtype).toBe(x.at(0).mul(w).dtype)
  })
})

describe('nothing of the first example is baked in', () => {
  it('comparisons, argmax, sort, oneHot, median', () => {
    const each = (f: (x: Value) => Value): void => {
      const wanted = stack(rows.map((row) => f(constant(row))))
      expectClose(vmap(f)(rows), wanted)
    }
    each((x) => x.gt(0))
    each((x) => argmax(x))
    each((x) => where(x.gt(0), x, x.mul(10)))
    each((x) => x.sort())
    each((x) => x.median())
    each((x) => oneHot(argmax(x), 3))
    each((x) => x.topk(2).values)
    each((x) => x.cummax(0).values)
  })

  it('detach and noGrad: recorded, but no gradient flows', () => {
    const x = value(rows)
    const y = vmap((v: Value) => v.mul(v.detach()).add(noGrad(() => v.square())))(x)
    expect(list(y)).toEqual(list(x.square().mul(2)))
    y.sum().backward()
    expect(list(x.grad)).toEqual(list(x))
  })

  it('a gradient that depends on the example through a comparison only', () => {
    const f = vmap((x: Value) => grad((w: Value) => w.mul(x.gt(0)).sum())(3))
    expect(list(f([1, -1]))).toEqual([1, 0])
    expect(list(vmap((x: Value) => noGrad(() => grad((t: Value) => t.pow(3))(x)))([1, 2]))).toEqual([3, 12])
    expect(list(vmap((x: Value) => jvp((t: Value) => t.mul(x.gt(0)), [2], [1]).tangent)([1, -1]))).toEqual([1, 0])
  })

  it.each([
    ['item', (x: Value) => x.mul(x.sum().item())],
    ['toArray', (x: Value) => constant(x.gt(0).toArray())],
    ['data', (x: Value) => constant(x.data)],
    ['data', (x: Value) => constant(grad((t: Value) => t.square().sum())(x))],
  ])('reading %s throws', (name, f) => {
    expect(() => vmap(f as (x: Value) => Value)(rows)).toThrow(UnsupportedError)
    expect(() => vmap(f as (x: Value) => Value)(rows)).toThrow(
      new RegExp(`${name}: .* depends on an argument that vmap maps over`),
    )
  })

  it('backward inside throws; a Value that leaked out cannot be read', () => {
    const w = value(2)
    const f = (x: Value): Value => {
      x.mul(w).sum().backward()
      return x
    }
    expect(() => vmap(f)(rows)).toThrow('backward: a result of sum depends on an argument')
    let leaked = constant(0)
    vmap((x: Value) => {
      leaked = x.square()
      return x
    })(rows)
    expect(() => leaked.data).toThrow('data: a result of square depends on')
    expect(String(leaked)).toBe('Value([3] mapped)')
    expect(leaked.shape).toEqual([3])
  })

  it.each<[string, (x: Value, s: Value) => unknown]>([
    ['computed with', (x) => x.mul(2)],
    ['computed with beside a Value', (_x, s) => value(3).sub(s)],
    ['reduced', (x) => x.sum()],
    ['reshaped', (x) => x.reshape([1, 3])],
    ['in a list', (x) => stack([x, [1, 2, 3]])],
    ['detached and read', (_x, s) => s.detach().item()],
    ['an argument', (_x, s) => grad((t: Value) => t.square())(s)],
    ['under another vmap', (_x, s) => vmap((t: Value) => t.mul(s))([1, 2])],
    ['read', (_x, s) => s.item()],
    ['read, with several numbers', (x) => x.item()],
    ['a new leaf', (_x, s) => value(s)],
  ])('a Value that leaked out cannot be %s', (_name, use) => {
    const kept: Value[] = []
    const total = vmap((x: Value) => {
      kept.push(x, x.square().sum())
      return x.sum()
    })(rows)
    const [x, s] = kept as [Value, Value]
    expect(() => use(x, s)).toThrow(UnsupportedError)
    expect(() => use(x, s)).toThrow(/depends on an argument that vmap maps over/)
    expect(list(total)).toEqual([2, 7])
  })

  it('nor one of an inner vmap, in the function around it; nor one of an error', () => {
    const outer = (x: Value): Value => {
      let inner = x
      vmap((t: Value) => {
        inner = t.square()
        return t
      })(x)
      return inner.mul(x)
    }
    expect(() => vmap(outer)(rows)).toThrow(UnsupportedError)
    let kept = constant(0)
    const failing = (x: Value): Value => {
      kept = x.exp()
      throw new Error('inside')
    }
    expect(() => vmap(failing)(rows)).toThrow('inside')
    expect(() => kept.mul(1)).toThrow(UnsupportedError)
  })

  it('what a pullback of vmap needs later is still there', () => {
    const kept: Value[] = []
    const scaled = customGradient((x: Value) => {
      const slope = x.exp().sum()
      kept.push(slope)
      return { value: x.sum(), pullback: (g: Value) => g.mul(slope).mul(x) }
    })
    const x = value(rows)
    vmap(scaled)(x).sum().backward()
    expectClose(x.grad, stack(rows.map((row) => value(row).exp().sum().mul(row))))
    expect(kept.length).toBeGreaterThan(1)
    for (const slope of kept) expect(() => slope.add(1)).toThrow(UnsupportedError)
  })

  it('what is not mapped may be read', () => {
    const w = value(2)
    expect(list(vmap((x: Value) => x.mul(w.square().item()))([1, 2]))).toEqual([4, 8])
    expect(vmap((x: Value) => x.mul(2))([1]).item()).toBe(2)
  })
})

describe('random numbers', () => {
  it('drawn inside are the same for all examples; drawn outside, each has its own', () => {
    const ones = [new Array<number>(64).fill(1), new Array<number>(64).fill(1)]
    const inside = vmap((x: Value) => dropout(x, 0.5, { random: random(1) }))(ones)
    expect(list(inside.at(0))).toEqual(list(inside.at(1)))
    const masks = dropout(ones, 0.5, { random: random(1) })
    const outside = vmap((x: Value, mask: Value) => x.mul(mask))(ones, masks)
    expect(list(outside)).toEqual(list(masks))
    expect(list(outside.at(0))).not.toEqual(list(outside.at(1)))
  })
})

describe('labels', () => {
  it('of results, and of what is between', () => {
    const x = value([1, 2], { label: 'x' })
    let inside: string | undefined
    const y = vmap((v: Value) => {
      inside = v.label
      return [v.square().withLabel('squares').add(1), v.mul(2).withLabel('y'), v]
    })(x)
    expect([inside, ...y.map((part) => part.label)]).toEqual(['x', undefined, 'y', 'x'])
    const sum = y[0] as Value
    expect((sum.a as Value).label).toBe('squares')
  })

  it('an argument keeps its own outside', () => {
    const x = value([1, 2], { label: 'x' })
    vmap((v: Value) => v.withLabel('v'))(x)
    expect(x.label).toBe('x')
  })
})

describe('places that differ between the examples', () => {
  const table = value([
    [1, 2, 3],
    [4, 5, 6],
  ])
  const tables = stack([table, table.mul(10)])
  const at = [
    [2, 0],
    [1, -1],
  ]
  const wide = at.map((row) => [row, row])

  it('take, with array, indices or both mapped', () => {
    for (const axis of [0, 1]) {
      const places =
        axis === 1
          ? at
          : [
              [1, 0],
              [0, -1],
            ]
      const both = vmap((x: Value, i: Value) => take(x, i, axis))(tables, places)
      expect(list(both)).toEqual([0, 1].map((e) => list(take(tables.at(e), places[e] as number[], axis))))
      const shared = vmap((i: Value) => take(table, i, axis))(places)
      expect(list(shared)).toEqual([0, 1].map((e) => list(take(table, places[e] as number[], axis))))
    }
  })

  it('gather and scatterAdd', () => {
    const read = vmap((x: Value, i: Value) => gather(x, 1, i))(tables, wide)
    expect(list(read)).toEqual([0, 1].map((e) => list(gather(tables.at(e), 1, wide[e] as number[][]))))
    const written = vmap((i: Value) => scatterAdd(table, 1, i, table))(wide)
    expect(list(written)).toEqual([0, 1].map((e) => list(scatterAdd(table, 1, wide[e] as number[][], table))))
  })

  it('their gradients', () => {
    const f = (x: Value, i: Value): Value => take(x, i, 1).square().sum()
    const got = vmap(grad(f))(tables, at)
    expect(list(got)).toEqual(
      [0, 1].map((e) => list(grad((x: Value) => f(x, constant(at[e] as number[])))(tables.at(e)))),
    )
    const shared = vmap((i: Value) => grad((x: Value) => f(x, i))(table))(at)
    expect(list(shared)).toEqual([0, 1].map((e) => list(grad((x: Value) => f(x, constant(at[e] as number[])))(table))))
  })

  it('an index out of range is an error, not the next example', () => {
    expect(() => vmap((x: Value, i: Value) => take(x, i, 0))(tables, [0, 2])).toThrow(ShapeError)
  })

  it('where, with a mapped condition', () => {
    expect(list(vmap((c: Value) => where(c, table, 0))([0, 1]))).toEqual([list(table.mul(0)), list(table)])
  })
})

describe('composition', () => {
  const w = value([
    [0.3, -0.2, 0.5],
    [0.1, 0.4, -0.6],
  ])
  const loss = (weights: Value, x: Value): Value => tanh(matmul(weights, x)).square().sum()

  it('per-example gradients equal a loop, and stay differentiable', () => {
    const got = vmap((x: Value) => grad(loss)(w, x))(rows)
    expectClose(got, stack(rows.map((row) => grad(loss)(w, constant(row)))))
    const norms = (weights: Value): Value => vmap((x: Value) => grad(loss)(weights, x).square().sum())(rows).sum()
    const loop = (weights: Value): Value =>
      rows.map((row) => grad(loss)(weights, constant(row)).square().sum()).reduce((a, b) => a.add(b))
    expectClose(grad(norms)(w), grad(loop)(w))
    expectClose(hessian(norms)(w), hessian(loop)(w), 1e-11)
  })

  it('a jacobian as vmap of the pullback over the basis, or of the pushforward', () => {
    const f = (x: Value): Value => tanh(matmul(w, x))
    const x = constant([0.5, -1, 2])
    const { pullback } = vjp(f, x)
    const wanted = jacobian(f)(x)
    expectClose(
      vmap((g: Value) => pullback(g))([
        [1, 0],
        [0, 1],
      ]),
      wanted,
    )
    const eye = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]
    expectClose(vmap((t: Value) => jvp(f, [x], [t]).tangent, { outAxis: 1 })(eye), wanted)
    expectClose(vmap(jacobian(f))(rows), stack(rows.map((row) => jacobian(f)(row))))
    expectClose(
      vmap(hessian((v: Value) => loss(w, v)))(rows),
      stack(rows.map((row) => hessian((v: Value) => loss(w, v))(row))),
    )
  })

  it('nested: all pairs', () => {
    const f = (x: Value, y: Value): Value => where(x.gt(y), x.mul(y), x.sub(y))
    const pairs = vmap((x: Value) => vmap((y: Value) => f(x, y))([1, 2, 3]))([2, 3])
    expect(list(pairs)).toEqual([2, 3].map((x) => [1, 2, 3].map((y) => f(value(x), value(y)).item())))
    const outer = vmap((x: Value) => vmap((y: Value) => grad((t: Value) => f(t, y))(x))([1, 2, 3]))([2, 3])
    expect(list(outer)).toEqual([
      [1, 1, 1],
      [1, 2, 1],
    ])
    const inner = vmap((v: Value) => vmap((s: Value) => s.mul(v.sum()))(v))(rows)
    expect(list(inner)).toEqual(rows.map((row) => row.map((s) => s * row.reduce((a, b) => a + b))))
  })

  it('grad of vmap of grad, inside grad', () => {
    // d/dw Σₓ d/dx (w·x³) = Σ 3x²
    const f = (s: Value): Value => vmap((x: Value) => grad((t: Value) => t.pow(3).mul(s))(x))([1, 2]).sum()
    expect(grad(f)(5).item()).toBe(15)
    expect(grad((s: Value) => grad(f)(s.square()))(5).item()).toBe(0)
  })

  it('inside noGrad the result is a constant', () => {
    const y = noGrad(() => vmap((x: Value) => x.mul(value(3)))(value([1, 2])))
    expect([list(y), y.requiresGrad]).toEqual([[3, 6], false])
  })

  it('constants in, a constant out', () => {
    expect(vmap((x: Value) => x.square())([1, 2]).requiresGrad).toBe(false)
    const { pullback } = vjp((x: Value) => x.sin(), 2)
    expect(vmap((g: Value) => pullback(g))([1, 2]).requiresGrad).toBe(false)
    expect(vmap((x: Value) => grad((s: Value) => s.sin().mul(x))(3))([1, 2]).requiresGrad).toBe(false)
    expect(vmap((x: Value) => jvp((s: Value) => s.sin().mul(x), [3], [1]).tangent)([1, 2]).requiresGrad).toBe(false)
    expect(vmap((x: Value) => x.mul(x.gt(0)))(value([1, 2])).requiresGrad).toBe(true)
  })
})

describe("operations of one's own", () => {
  it('elementwise ones work', () => {
    const cube = defineOp({ name: 'cube', forward: (x) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
    expect(list(vmap(grad((x: Value) => cube(x)))([1, 2]))).toEqual([3, 12])
  })

  it('others need a batch rule', () => {
    const first = { name: 'first', forward: (x: unknown) => x as number, da: null }
    const plain = defineOp(first as never) as unknown as (x: Value) => Value
    expect(() => vmap((x: Value) => plain(x))([1, 2])).toThrow(
      'vmap: it does not know how first runs over many examples',
    )
    const ruled = defineOp({
      ...first,
      batch: (_k: unknown, [input]: { x: Value }[]) => input?.x,
    } as never) as unknown as typeof plain
    expect(list(vmap((x: Value) => ruled(x))([1, 2]))).toEqual([1, 2])
  })
})

describe('errors', () => {
  it.each([
    [() => vmap((x: Value) => x)([]), 'vmap: there are no examples along axis 0 of [0]'],
    [() => vmap((x: Value) => x)(3), 'vmap: axis 0 does not exist in an array of rank 0'],
    [
      () => vmap((x: Value, y: Value) => x.add(y))([1, 2], [1, 2, 3]),
      'vmap: the arguments hold different numbers of examples, 2 along axis 0 of [2] and 3 along axis 0 of [3]',
    ],
    [() => vmap((x: Value) => x, { axis: [null] })([1]), 'vmap: none of the arguments is mapped'],
    [() => vmap((x: Value) => x, { axis: [0, 0] })([1]), 'vmap: axis names 2 axes, but the function got 1 arguments'],
    [() => vmap(3 as never)([1]), 'vmap: got 3. Give a function'],
    [() => vmap((x: Value) => x, 0 as never), 'vmap: got 0 for the options. Write { axis: 0 }.'],
  ])('%#', (run, message) => {
    expect(run).toThrow(ShapeError)
    expect(run).toThrow(message)
  })

  it('an error inside leaves nothing switched on', () => {
    expect(() =>
      vmap((_x: Value): Value => {
        throw new Error('inside')
      })([1]),
    ).toThrow('inside')
    expect(value(2).gt(1).requiresGrad).toBe(false)
  })
})
