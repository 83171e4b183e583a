/** compile as its users see it. */
import { describe, expect, test } from 'vitest'
import { type CompileOptions, compile } from '../../src/compile/index.ts'
import * as adjoint from '../../src/index.ts'
import {
  checkpoint,
  constant,
  customGradient,
  dropout,
  grad,
  hvp,
  jvp,
  noGrad,
  random,
  stopGradient,
  TraceError,
  type Value,
  value,
  valueAndGrad,
  vmap,
} from '../../src/index.ts'

const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]
const list = (x: unknown): unknown => JSON.parse(JSON.stringify(x))

describe.each(targets)('compiled for $target', (options) => {
  test('results keep their structure, several of them, and what is no Value', () => {
    const f = (x: Value, { scale }: { scale: Value }) => ({ y: x.mul(scale), parts: [x.sum(), x.max()], name: 'f' })
    const compiled = compile(f, options)
    expect(list(compiled(value([1, 2]), { scale: value(3) }))).toEqual({ y: [3, 6], parts: [3, 2], name: 'f' })
  })

  test('results keep their labels', () => {
    const compiled = compile((x: Value) => x.mul(2).withLabel('twice'), options)
    compiled(value([1]))
    expect([compiled(value([1])).label, noGrad(() => compiled(value([1]))).label]).toEqual(['twice', 'twice'])
  })

  test('arguments may be numbers and arrays, and numbers that change are no new programs', () => {
    const compiled = compile((x: Value, rate: Value) => x.mul(rate).sum(), options)
    const call = compiled as unknown as (x: readonly number[], rate: number) => Value
    expect([call([1, 2], 0.5).item(), call([1, 2], 2).item(), call([3, 4], 1).item()]).toEqual([1.5, 6, 7])
    expect(compiled.programs).toBe(1)
    call([1, 2, 3], 1)
    expect(compiled.programs).toBe(2)
  })

  test('float32 and float64 are programs of their own', () => {
    const compiled = compile((x: Value) => x.exp(), options)
    expect(compiled(value([0.1])).item()).toBeCloseTo(Math.exp(0.1), 14)
    const single = compiled(value([0.1], { dtype: 'float32' }))
    expect([single.dtype, Math.abs(single.item() - Math.exp(0.1)) < 3e-7]).toEqual(['float32', true])
  })

  test('at most 16 programs are kept', () => {
    const compiled = compile((x: Value) => x.sum(), options)
    for (let n = 1; n <= 20; n++) expect(compiled(value(new Float64Array(n).fill(1))).item()).toBe(n)
    expect(compiled.programs).toBe(16)
  })

  test('leaves that the function closes over are read anew', () => {
    const w = value([1, 2])
    const compiled = compile((x: Value) => x.mul(w).sum(), options)
    expect(compiled(value([1, 1])).item()).toBe(3)
    w.assign([5, 5])
    expect(compiled(value([1, 1])).item()).toBe(10)
  })

  test('so are constants, arrays and single numbers, computed with or read', () => {
    const mean = constant([1, 2])
    const scale = constant(2)
    const label = constant([3])
    const compiled = compile(
      (x: Value) =>
        x
          .sub(mean)
          .mul(scale)
          .mul(scale.add(1))
          .sum()
          .mul(label.data[0] ?? 0),
      options,
    )
    const x = value([5, 5])
    expect(compiled(x).item()).toBe(126)
    mean.assign([5, 4])
    expect(compiled(x).item()).toBe(18)
    scale.assign(1)
    expect(compiled(x).item()).toBe(6)
    label.assign([10])
    expect(compiled(x).item()).toBe(20)
    expect(compiled.programs).toBe(1)
  })

  test('an assignment inside happens at each call, and so does an edit', () => {
    const w = value([1, 2])
    const step = compile((x: Value) => {
      w.assign(w.add(x))
      return w
    }, options)
    step(value([1, 1]))
    expect(w.toArray()).toEqual([2, 3])
    step(value([1, 1]))
    expect(w.toArray()).toEqual([3, 4])
    const edit = compile((x: Value) => {
      w.update((data, g) => {
        for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) - (g?.[i] as number)
      }, x.mul(2))
    }, options)
    edit(value([1, 0]))
    edit(value([0, 1]))
    expect(w.toArray()).toEqual([1, 2])
  })

  test('backward inside leaves gradients on leaves, and a step of gradient descent is one program', () => {
    const w = value([1, 2])
    const step = compile((x: Value) => {
      w.zeroGrad()
      const loss = x.mul(w).square().sum()
      loss.backward()
      w.update((data, g) => {
        for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) - 0.1 * (g?.[i] as number)
      }, w.grad)
      return loss
    }, options)
    expect(step(value([1, 1])).item()).toBe(5)
    expect(w.grad.toArray()).toEqual([2, 4])
    expect(w.toArray()).toEqual([0.8, 1.6])
    expect(step(value([1, 1])).item()).toBeCloseTo(3.2, 14)
  })

  test('random numbers are those of the stream, anew at each call', () => {
    const f = (stream: adjoint.Random) => (x: Value) =>
      x
        .mul(stream.normal([3]))
        .add(dropout(x, 0.5, { random: stream }))
        .add(stream.uniform([3]))
    const [eager, compiled] = [f(random(7)), compile(f(random(7)), options)]
    for (let i = 0; i < 3; i++) expect(list(compiled(value([1, 2, 3])))).toEqual(list(eager(value([1, 2, 3]))))
  })

  test('transforms inside and outside', () => {
    const f = (x: Value): Value => x.mul(x).sin().sum()
    const x = value([0.5, -1, 2])
    const v = value([1, 2, 3])
    const close = (a: Value, b: Value): void =>
      expect(Array.from(a.data)).toEqual(Array.from(b.data, (n) => expect.closeTo(n, 12)))
    close(compile(grad(f), options)(x), grad(f)(x))
    close(compile((y: Value) => hvp(f)(y, v) as Value, options)(x), hvp(f)(x, v) as Value)
    close(grad(compile(f, options))(x), grad(f)(x))
    close(hvp(compile(f, options))(x, v) as Value, hvp(f)(x, v) as Value)
    close(jvp(compile(f, options), [x], [v]).tangent, jvp(f, [x], [v]).tangent)
    close(vmap(grad(compile(f, options)))([[1, 2, 3]]) as Value, vmap(grad(f))([[1, 2, 3]]) as Value)
    close(compile(vmap(grad(f)), options)(value([[1, 2, 3]])) as Value, vmap(grad(f))([[1, 2, 3]]) as Value)
    close(compile((y: Value) => compile(f, options)(y).mul(2), options)(x), f(x).mul(2))
  })

  test('gradients reach what the function closes over', () => {
    const w = value([2, 3])
    const h = w.mul(2)
    const compiled = compile((x: Value) => x.mul(w).add(h).sum(), options)
    const x = value([1, 5])
    compiled(x).backward()
    expect([x.grad.toArray(), w.grad.toArray()]).toEqual([
      [2, 3],
      [3, 7],
    ])
    expect(noGrad(() => compiled(x)).requiresGrad).toBe(false)
    const twice = compile((a: Value, b: Value) => a.mul(b).sum(), options)
    x.zeroGrad()
    twice(x, x).backward()
    expect(x.grad.toArray()).toEqual([2, 10])
  })

  test('a gradient of one’s own, a stop, a checkpoint', () => {
    const own = customGradient((x: Value) => ({ value: x.square(), pullback: (g: Value) => g.mul(100) }))
    const f = (x: Value): Value =>
      own(x)
        .add(stopGradient(x).mul(x))
        .add(checkpoint((y: Value) => y.exp())(x))
        .sum()
    const x = value([1, 2])
    const [got, wanted] = [compile(valueAndGrad(f), options)(x), valueAndGrad(f)(x)]
    expect(got.value.item()).toBeCloseTo(wanted.value.item(), 12)
    expect(list(got.grad)).toEqual((list(wanted.grad) as number[]).map((n) => expect.closeTo(n, 12)))
  })

  test('indices are checked at every call', () => {
    const compiled = compile((x: Value, i: Value) => x.take(i), options)
    expect(list(compiled(value([5, 6, 7]), constant([0, -1])))).toEqual([5, 7])
    expect(() => compiled(value([5, 6, 7]), constant([0, 3]))).toThrow(
      'take: the index 3 is out of range on an axis of 3 elements; allowed are -3 to 2.',
    )
  })

  test('a caller may keep its numbers in the memory of the program', () => {
    const slope = compile(
      valueAndGrad((x: Value) => x.square().sum()),
      options,
    )
    const { inputs, outputs, run } = slope.prepare(value([1, 2]))
    run()
    expect(outputs.map((y) => Array.from(y))).toEqual([[5], [2, 4]])
    inputs[0]?.set([3, 0])
    run()
    expect(outputs.map((y) => Array.from(y))).toEqual([[9], [6, 0]])
    const plain = compile((a: Value, { b }: { b: Value[] }) => a.mul(b[0] as Value), options)
    expect(plain(value(2), { b: [value(3)] }).item()).toBe(6)
  })

  test('explain tells what was made, bytes are a module, close ends it', () => {
    const compiled = compile((x: Value) => x.exp().sum(), options)
    expect(() => compiled.explain()).toThrow('explain: there is no program yet. Call the compiled function first.')
    compiled(value([1, 2]))
    for (const text of ['exp(', 'expressions:', 'program:', 'operations: ', 'bytes']) {
      expect(compiled.explain()).toContain(text)
    }
    expect(compiled.bytes.length > 0).toBe(options.target === 'wasm')
    compiled.close()
    expect(compiled.programs).toBe(0)
    expect(compiled(value([0, 0])).item()).toBe(2)
  })
})

describe('found in review', () => {
  test('a gradient that no result depends on is that of each call', () => {
    const w = value([1, 2])
    const f = compile((x: Value) => {
      w.zeroGrad()
      w.mul(x).sum().backward()
      return x.sum()
    })
    f(constant([5, 6]))
    f(constant([7, 8]))
    expect(w.grad.toArray()).toEqual([7, 8])
    const failing = compile((x: Value) => {
      w.zeroGrad()
      w.mul(x).sum().backward()
      throw new Error('no')
    })
    expect(() => failing(constant([1, 1]))).toThrow('no')
    expect(w.grad.toArray()).toEqual([7, 8])
  })

  test('constants that are assigned inside are assigned at each call, after everything was read', () => {
    const sum = value([1, 1])
    const f = compile((x: Value) => {
      const y = sum.add(x)
      sum.assign([0, 0])
      return y
    })
    expect(f(value([1, 2])).toArray()).toEqual([2, 3])
    sum.assign([5, 5])
    expect(f(value([1, 2])).toArray()).toEqual([6, 7])
    expect(sum.toArray()).toEqual([0, 0])
  })

  test('long float32 sums keep their digits', () => {
    const x = value(new Float32Array(1e6).fill(0.1))
    for (const f of [(y: Value) => y.sum(), (y: Value) => y.reshape([500_000, 2]).sum({ axis: 0 }).sum()]) {
      expect(Math.abs(compile(f)(x).item() / 100_000 - 1)).toBeLessThan(1e-6)
    }
    const running = compile((y: Value) => y.cumsum(0))(x).data
    expect(Math.abs((running.at(-1) as number) / 100_000 - 1)).toBeLessThan(1e-6)
  })

  test('a stream that is made inside starts anew at each call', () => {
    const f = (x: Value): Value => x.mul(random(3).uniform([3]))
    const compiled = compile(f)
    const x = value([1, 2, 3])
    for (let i = 0; i < 2; i++) expect(list(compiled(x))).toEqual(list(f(x)))
  })

  test('arguments that no text tells apart are told apart', () => {
    const scaled = adjoint.defineOp({
      name: 'scaled',
      forward: (x: number, { by }: { by: Map<string, number> }) => x * (by.get('a') ?? 0),
      derivative: () => 1,
    })
    const by = (n: number): { by: Map<string, number> } => ({ by: new Map([['a', n]]) })
    expect(compile((x: Value) => scaled(x, by(2)).add(scaled(x, by(5))))(value(1)).item()).toBe(7)
  })

  test('constant places', () => {
    const x = value([
      [1, 2, 3],
      [4, 5, 6],
    ])
    for (const f of [
      (y: Value) => y.take([0], 0),
      (y: Value) => y.take([-1, -1], 1),
      (y: Value) => y.gather(0, [[1, 1, 1]]),
    ]) {
      expect(list(compile(f)(x))).toEqual(list(f(x)))
    }
  })

  test('chains of thousands of operations', () => {
    const f = (x: Value): Value => {
      let y = x
      for (let i = 0; i < 3000; i++) y = y.mul(0.5).add(0.1)
      return y
    }
    expect(list(compile(f)(value(new Float64Array(30).fill(1))))).toEqual(list(f(value(new Float64Array(30).fill(1)))))
  })

  test('norms of nothing, and of infinities', () => {
    const f = (x: Value): Value => x.norm({ axis: 0 })
    expect(list(compile(f)(adjoint.zeros([0, 3])))).toEqual([0, 0, 0])
    const rows = value([
      [0, 0],
      [Number.NaN, 3],
      [Number.POSITIVE_INFINITY, 4],
    ])
    expect(Array.from(compile(f)(rows).data)).toEqual([Number.POSITIVE_INFINITY, 5])
  })

  test('plain numbers take the dtype that they meet, and zeros keep their signs', () => {
    const f = compile((x: Value, s: Value) => x.mul(s)) as unknown as (x: Value, s: number) => Value
    expect(f(value([1], { dtype: 'float32' }), 0.1).dtype).toBe('float32')
    expect(compile((x: Value) => x.add(0).reciprocal())(value(-0)).item()).toBe(Number.POSITIVE_INFINITY)
  })

  test('what no gradient flows to requires none', () => {
    const compiled = compile((x: Value) => ({ above: x.gt(1), stopped: x.detach(), y: x.mul(2) }))
    const { above, stopped, y } = compiled(value([2]))
    expect([above.requiresGrad, stopped.requiresGrad, y.requiresGrad]).toEqual([false, false, true])
  })
})

describe('what cannot be compiled', () => {
  test('a number that is read names the line and the alternative', () => {
    const f = compile((x: Value) => (x.item() > 0 ? x : x.neg()))
    expect(() => f(value(3))).toThrow(TraceError)
    expect(() => f(value(3))).toThrow(
      /^item: the numbers of .* are not known while .*compile\.test\.ts:\d+:\d+.*where instead of if/,
    )
  })

  test('numbers of constants may be read', () => {
    const f = compile((x: Value) => x.mul(constant(2).add(1).item()))
    expect(f(value(3)).item()).toBe(9)
  })

  test('a gradient from before that is read', () => {
    const w = value(2)
    w.square().backward()
    const f = compile(() => {
      w.square().backward()
      return w.grad
    })
    expect(() => f()).toThrow('Call zeroGrad() first, inside the function')
  })

  test('a leaf that is read after it was edited', () => {
    const w = value(2)
    const f = compile((x: Value) => {
      w.update((data) => data.fill(7))
      return w.mul(x)
    })
    expect(() => f(value(1))).toThrow(TraceError)
    expect(() => f(value(1))).toThrow('a leaf is read after it was edited (update) in the same call')
  })

  test.each([
    [undefined, {}, 'compile: got undefined. Give a function of Values.'],
    [(x: Value) => x, { target: 'gpu' }, "compile: the target is 'gpu'. Give 'wasm' or 'js'."],
  ])('%s with %o', (f, options, message) => {
    expect(() => compile(f as never, options as never)).toThrow(message)
  })

  test('a function that returns no Value', () => {
    expect(() => compile(() => 'a')()).toThrow("compile: the function returned 'a', in which there is no Value")
  })
})

test('a hundred thousand calls grow nothing', () => {
  const compiled = compile((x: Value) => x.mul(2).sum())
  const x = value([1, 2, 3])
  compiled(x)
  const { process } = globalThis as unknown as {
    process: { memoryUsage(): { external: number; arrayBuffers: number } }
  }
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 100_000; i++) compiled(x)
  expect(compiled.programs).toBe(1)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6)
})
