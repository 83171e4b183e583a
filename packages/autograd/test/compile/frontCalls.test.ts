/** Calls of a compiled function that go wrong, that come at odd times, or that stand inside of other functions. */
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type CompileOptions, compile, type Unfinished } from '../../src/compile/index.ts'
import {
  checkpoint,
  constant,
  detectAnomaly,
  grad,
  hessian,
  jacobian,
  jvp,
  noGrad,
  type Value,
  value,
  valueAndGrad,
  vmap,
  zeros,
} from '../../src/index.ts'

const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]
const list = (x: unknown): unknown => JSON.parse(JSON.stringify(x))
/** The same numbers within rounding. */
function close(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(close)
  if (typeof x === 'object' && x !== null) return Object.fromEntries(Object.entries(x).map(([k, y]) => [k, close(y)]))
  return typeof x === 'number' && x === x ? expect.closeTo(x, 6) : x
}
const loose = (f: unknown): ((...args: unknown[]) => Value) => f as (...args: unknown[]) => Value

describe.each(targets)('calls, $target', (options) => {
  const x = value([1, 2])

  test('a call that throws leaves every leaf as it was, and the next one starts from there', () => {
    const [a, b] = [value([1, 1]), value([5, 5])]
    let fails = false
    const step = compile((y: Value) => {
      a.assign(a.add(y))
      b.update((data) => {
        data[0] = (data[0] as number) + 1
      })
      a.update((data) => {
        if (fails) throw new Error('no')
        data[1] = (data[1] as number) * 10
      })
      return y.sum()
    }, options)
    step(x)
    expect([a.toArray(), b.toArray()]).toEqual([
      [2, 30],
      [6, 5],
    ])
    fails = true
    expect(() => step(x)).toThrow('no')
    expect([a.toArray(), b.toArray()]).toEqual([
      [2, 30],
      [6, 5],
    ])
    fails = false
    step(x)
    expect([a.toArray(), b.toArray()]).toEqual([
      [3, 320],
      [7, 5],
    ])
  })

  test('so does a run in the memory of the program', () => {
    const [a, b] = [value([1, 1]), value([5, 5])]
    let fails = false
    const step = compile((y: Value) => {
      a.assign(a.add(y))
      b.update(() => {
        if (fails) throw new Error('no')
      })
      return y.sum()
    }, options)
    const { run } = step.prepare(x)
    run()
    fails = true
    expect(run).toThrow('no')
    expect(a.toArray()).toEqual([2, 3])
    fails = false
    run()
    expect(a.toArray()).toEqual([3, 5])
  })

  test('what leaves the function through a variable has no numbers, but for constants', () => {
    const kept: Value[] = []
    const f = compile((y: Value) => {
      const [double, total] = [y.mul(2), y.sum()]
      kept.splice(0, kept.length, double, total, y, constant([7]))
      return double.sum()
    }, options)
    f(x)
    const [double, total, y, seven] = kept as [Value, Value, Value, Value]
    for (const each of [double, total, y]) {
      expect(() => each.toArray()).toThrow(/^compile: .* was recorded while a function was compiled/)
      expect(() => each.add(1)).toThrow('Return it from the function')
      expect(() => value(1).mul(each).sum()).toThrow('Return it from the function')
    }
    expect([double.shape, total.shape, y.shape]).toEqual([[2], [], [2]])
    expect(seven.toArray()).toEqual([7])
    expect(f(value([5, 6])).item()).toBe(22)
  })

  test('a function that its own program calls', () => {
    const w = value([1, 1])
    let again = true
    const step: (y: Value) => Value = compile((y: Value) => {
      w.update((data) => {
        if (again) step(value([9, 9]))
        data[0] = 7
      })
      return y.mul(2)
    }, options)
    expect(() => step(x)).toThrow('the function is called by what its own program runs')
    again = false
    expect([list(step(x)), w.toArray()]).toEqual([
      [2, 4],
      [7, 1],
    ])
  })

  test('an index out of range, and then one that is not', () => {
    const w = value([1, 1])
    const step = compile((y: Value, i: Value) => {
      w.assign(w.add(y))
      return y.take(i)
    }, options)
    step(x, constant([0]))
    expect(() => step(x, constant([2]))).toThrow('take: the index 2 is out of range')
    expect(w.toArray()).toEqual([2, 3])
    expect([list(step(x, constant([1]))), w.toArray()]).toEqual([[2], [3, 5]])
  })

  test('anomalies are found in calls of programs that are there already', () => {
    const root = compile((y: Value) => y.sub(1).sqrt().sum(), options)
    root(value([4, 5]))
    expect(() => detectAnomaly(() => root(value([0, 5])))).toThrow('detectAnomaly: sqrt gave NaN')
    expect(() => detectAnomaly(() => root(value([1, 5])).backward())).toThrow('Infinity')
  })

  test('inside and around other functions', () => {
    const f = (y: Value): Value => y.square().mul(y).sum()
    const g = compile(f, options)
    for (const [got, wanted] of [
      [jvp(g, [x], [x]).tangent, jvp(f, [x], [x]).tangent],
      [hessian(g)(x), hessian(f)(x)],
      [grad(checkpoint(g))(x), grad(f)(x)],
      [
        vmap(grad(g))([
          [1, 2],
          [3, 4],
        ]),
        vmap(grad(f))([
          [1, 2],
          [3, 4],
        ]),
      ],
      [jacobian(compile((y: Value) => y.exp(), options))(x), jacobian((y: Value) => y.exp())(x)],
      [compile(g, options)(x), f(x)],
      [compile(valueAndGrad(g), options)(x), valueAndGrad(f)(x)],
      [compile((y: Value) => g(g(y).add(y)), options)(x), f(f(x).add(x))],
      [noGrad(() => grad(g)(x)), grad(f)(x)],
    ]) {
      expect(list(got)).toEqual(close(list(wanted)))
    }
    expect(noGrad(() => g(x)).requiresGrad).toBe(false)
  })

  test('the same Value twice, missing and further arguments', () => {
    const f = (a: Value, b?: Value, ...rest: Value[]) =>
      b === undefined ? a.neg() : rest.reduce((s, y) => s.add(y), a.mul(b))
    const g = loose(compile(f, options))
    expect([g(x), g(x, undefined), g(x, x), g(x, x, x, x)].map(list)).toEqual([
      [-1, -2],
      [-1, -2],
      [1, 4],
      [3, 8],
    ])
    const slope = loose(grad((a: Value) => g(a, a).sum()))
    expect(list(slope(x))).toEqual([2, 4])
    expect(() => loose(compile((a: Value, b: Value) => a.mul(b), options))(x)).toThrow('mul: got undefined')
  })

  test('nothing in it, no dimension, float32, NaN', () => {
    const f = (y: Value) => [y.mul(2), y.sum(), y.exp().mean(), y.reshape([-1])]
    const narrow = { dtype: 'float32' } as const
    for (const y of [
      zeros([0]),
      zeros([0, 3]),
      value(0.5),
      value(0.5, narrow),
      value(Number.NaN),
      value([Number.NaN], narrow),
    ]) {
      const [got, wanted] = [compile(f, options)(y), f(y)]
      expect(got.map((z) => [z.dtype, z.shape, Array.from(z.data)])).toEqual(
        wanted.map((z) => [z.dtype, z.shape, close(Array.from(z.data))]),
      )
    }
    expect(() => compile((y: Value) => y.max(), options)(zeros([0]))).toThrow('max: there is nothing to reduce')
  })

  test('after it was closed', () => {
    const f = compile((y: Value) => y.square().sum(), options)
    const y = f(x)
    const prepared = f.prepare(x)
    f.close()
    f.close()
    expect(() => f.explain()).toThrow('there is no program yet')
    expect(() => f.bytes).toThrow('there is no program yet')
    x.zeroGrad()
    y.backward()
    expect(x.grad.toArray()).toEqual([2, 4])
    prepared.run()
    expect(list(prepared.outputs[0]?.[0])).toBe(5)
    expect([f(x).item(), f.programs]).toEqual([5, 1])
  })

  test.each([
    ['assign', (y: Value) => y.assign([0, 0])],
    ['update', (y: Value) => y.update((data) => data.fill(0))],
  ])('%s on an argument says what an argument is', (name, f) => {
    const message = `${name}: an argument of a function that is compiled, mapped or differentiated is a copy, so the caller would see nothing of it. Return the new numbers, or close over the leaf and assign to that.`
    expect(() => compile(f, options)(x)).toThrow(message)
    expect(() => compile(f, options)(constant([1, 2]))).toThrow(message)
  })
})

test.each([
  [{ threads: 0 }, 'compile: threads is 0. Give a whole number from 1 to 64.'],
  [{ threads: '2' }, "compile: threads is '2'."],
  [{ threads: Number.NaN }, 'compile: threads is NaN.'],
  [{ thread: 1 }, "compile: the option 'thread' is unknown. It takes target, threads."],
  ['js', "compile: got 'js' for the options. Write { target: … }."],
  [null, 'compile: got null for the options.'],
])('the options %o are refused', (options, message) => {
  expect(() => compile((y: Value) => y, options as never)).toThrow(message)
})

test('types refuse functions that go on after they have returned', () => {
  expectTypeOf(compile(async (y: Value) => y)).toEqualTypeOf<Unfinished>()
  expectTypeOf(
    compile(function* (y: Value) {
      yield y
    }),
  ).toEqualTypeOf<Unfinished>()
  expectTypeOf(compile((y: Value) => y)).toBeCallableWith(value(1))
  expectTypeOf(compile((y: Value) => [y, 3] as const)(value(1))[1]).toEqualTypeOf<3>()
})
