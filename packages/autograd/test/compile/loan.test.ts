import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { grad, type Value, value } from '../../src/index.ts'

const targets = ['wasm', 'js'] as const

for (const target of targets) {
  for (const dtype of ['float64', 'float32'] as const) {
    const title = (what: string): string => `${what}, ${target}, ${dtype}`
    const start = (): Value => value([1, 2, 3], { dtype })
    // Doubles the leaf, and leaves a gradient that is its old number times two.
    const doubling = (w: Value): (() => Value) & { close(): void; prepare(): { run(): void } } =>
      compile(
        () => {
          w.zeroGrad()
          w.square().sum().backward()
          const y = w.mul(20)
          w.assign(w.mul(2).detach())
          return y
        },
        { target },
      )

    test(title('what was kept of one run is as it was after the next ones'), () => {
      const w = start()
      const step = doubling(w)
      const kept = [1, 2, 3].map(() => ({ y: step(), w: w.detach(), g: w.grad }))
      expect(kept.map(({ y }) => y.toArray())).toEqual([1, 2, 4].map((k) => [20 * k, 40 * k, 60 * k]))
      expect(kept.map(({ w: now }) => now.toArray())).toEqual([2, 4, 8].map((k) => [k, 2 * k, 3 * k]))
      expect(kept.map(({ g }) => g.toArray())).toEqual([1, 2, 4].map((k) => [2 * k, 4 * k, 6 * k]))
      expect(w.dtype).toBe(dtype)
      expect(w.grad.dtype).toBe(dtype)
    })

    test(title('numbers that nobody has read are there later, and after the end of the program'), async () => {
      const w = start()
      const step = doubling(w)
      const y = step()
      step.close()
      await Promise.resolve()
      expect(y.toArray()).toEqual([20, 40, 60])
      expect(w.toArray()).toEqual([2, 4, 6])
      expect(w.grad.toArray()).toEqual([2, 4, 6])
    })

    test(title('each reader gets one array, which is its own'), () => {
      const w = start()
      const step = doubling(w)
      const y = step()
      expect(y.data).toBe(y.data)
      expect(y.data.buffer.byteLength).toBe(y.data.byteLength)
      y.data.fill(0)
      expect(w.toArray()).toEqual([2, 4, 6])
      step()
      expect(w.toArray()).toEqual([4, 8, 12])
    })

    test(title('runs in the memory of the program leave earlier results alone'), () => {
      const w = start()
      const step = doubling(w)
      const y = step()
      const first = w.detach()
      const { run } = step.prepare()
      run()
      run()
      const last = w.detach()
      run()
      expect(y.toArray()).toEqual([20, 40, 60])
      expect([first, last, w].map((x) => x.toArray())).toEqual([2, 8, 16].map((k) => [k, 2 * k, 3 * k]))
    })

    test(title('what is written to prepared inputs changes no result of an earlier call'), () => {
      const f = compile((x: Value) => [x, x.reshape([3, 1]), x.mul(2)] as const, { target })
      const results = f(start())
      const [input] = f.prepare(start()).inputs
      input?.fill(7)
      const later = f(start())
      input?.fill(8)
      for (const [x, column, twice] of [results, later]) {
        expect(x.toArray()).toEqual([1, 2, 3])
        expect(column.toArray()).toEqual([[1], [2], [3]])
        expect(twice.toArray()).toEqual([2, 4, 6])
      }
    })
  }

  test(`results in many places of a large memory, ${target}`, () => {
    const f = compile((x: Value) => [x.sum({ axis: 0 }), x.exp().sum({ axis: 1 }), x.max({ axis: 0 })] as const, {
      target,
    })
    const inputs = [0, 1, 2].map((k) =>
      value(Array.from({ length: 40 }, (_, i) => Array.from({ length: 50 }, (_, j) => Math.sin(i * j + k)))),
    )
    const kept = inputs.map((x) => f(x))
    kept.forEach(([a, b, c], k) => {
      const x = inputs[k] as Value
      expect(Array.from(a.data)).toEqual(Array.from(x.sum({ axis: 0 }).data, (y) => expect.closeTo(y, 10)))
      expect(Array.from(b.data)).toEqual(Array.from(x.exp().sum({ axis: 1 }).data, (y) => expect.closeTo(y, 10)))
      expect(c.toArray()).toEqual(x.max({ axis: 0 }).toArray())
    })
  })

  test(`a gradient on loan can be differentiated, added to and cut, ${target}`, () => {
    const w = value([1, -2])
    const step = compile(
      () => {
        w.zeroGrad()
        w.pow(3).sum().backward()
      },
      { target },
    )
    step()
    const { grad: first } = w
    w.mul(5).sum().backward()
    expect(w.grad.toArray()).toEqual([8, 17])
    step()
    expect(first.toArray()).toEqual([3, 12])
    w.grad = w.grad.clamp(-4, 4)
    expect(w.grad.toArray()).toEqual([3, 4])
    expect(grad((x: Value) => x.mul(first).sum())(value([1, 1])).toArray()).toEqual([3, 12])
  })
}
