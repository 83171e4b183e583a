/** compile(f, { threads }) as its users see it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { random, type Value, value } from '../../src/index.ts'
import { a, b, countWorkers, later, product, until } from './threads/workers.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Runs a script of threads/ as a process of its own: what it writes, and how long it lives on after that. */
function script(name: string, ...flags: string[]): Promise<{ code: number | null; output: string; rest: number }> {
  const file = fileURLToPath(new URL(`threads/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [...flags, '--conditions=@adjoint/source', '--import', 'tsx', file])
  let [output, last] = ['', 0]
  child.stdout.on('data', (text) => {
    output += text
    last = performance.now()
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  return new Promise((done) => {
    child.on('exit', (code) => done({ code, output, rest: performance.now() - last }))
  })
}

test('steps of training are those of one thread, bit for bit, whether the worker is awake or not', async () => {
  const train = (threads: number): (() => Value) => {
    const stream = random(3)
    const weights = [stream.normal([64, 96]), stream.normal([96, 96]), stream.normal([96, 4])]
    const parameters = weights.map((w) =>
      value(
        Float32Array.from(w.data, (x) => x / 8),
        { shape: w.shape },
      ),
    )
    const x = value(Float32Array.from(stream.normal([80, 64]).data), { shape: [80, 64] })
    const step = compile(
      () => {
        for (const p of parameters) p.zeroGrad()
        const [u, v, w] = parameters as [Value, Value, Value]
        const loss = x.matmul(u).relu().matmul(v).tanh().matmul(w).logSumExp({ axis: 1 }).mean()
        loss.backward()
        for (const p of parameters) p.assign(p.sub(p.grad.mul(0.1)))
        return loss
      },
      { threads },
    )
    step()
    expect(/threads: 2, which share \d+ loops and products/.test(step.explain())).toBe(threads === 2)
    return step
  }
  const [one, two] = [train(1), train(2)]
  for (let i = 0; i < 60; i++) {
    expect(two().item()).toBe(one().item())
    if (i % 20 === 0) await later(40)
  }
})

test('close ends the workers, and the next call starts others', async () => {
  const count = countWorkers()
  const three = product(3)
  const before = Array.from(three(a, b).data)
  expect(count.started).toBe(2)
  await later(100)
  three.close()
  expect(await until(() => count.ended === 2)).toBe(true)
  expect(Array.from(three(a, b).data)).toEqual(before)
  expect(count.started).toBe(4)
  three.close()
  expect(await until(() => count.ended === 4)).toBe(true)
})

test('close ends workers of gradients too, and those that have not started yet', async () => {
  const count = countWorkers()
  const two = compile((x: Value, y: Value) => x.matmul(y).sin().sum(), { threads: 2 })
  const x = value(a.data.slice(), { shape: a.shape })
  two(x, b).backward()
  two.close()
  expect(count.started).toBe(2)
  expect(await until(() => count.ended === 2)).toBe(true)
})

test('small programs have no workers', () => {
  const count = countWorkers()
  const two = compile((x: Value) => x.exp().sum(), { threads: 2 })
  two(value([1, 2, 3]))
  expect(two.explain()).toContain('threads: 1')
  expect(count.started).toBe(0)
})

test('a worker that cannot start is done without', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const real = process.getBuiltinModule
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) => {
    if (name !== 'node:worker_threads') return real(name as 'fs')
    return {
      Worker: class {
        constructor() {
          throw new Error('not here')
        }
      },
    }
  }) as never)
  expect(Array.from(product(2)(a, b).data)).toEqual(Array.from(product(1)(a, b).data))
  expect(warn.mock.calls).toEqual([['compile: a worker did not start. Programs run on the threads that did.']])
})

test('a page without shared memory has one thread, and is told once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.stubGlobal('crossOriginIsolated', false)
  const [two, other] = [product(2), product(4)]
  expect(Array.from(two(a, b).data)).toEqual(Array.from(other(a, b).data))
  expect(two.explain()).toContain('threads: 1')
  expect(warn.mock.calls).toEqual([['compile: this page is not cross-origin isolated, so programs run on one thread.']])
})

test('a page gets a script for its workers, which goes on until it is told to stop', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  const posted: { script: URL; message: unknown }[] = []
  class PageWorker {
    readonly script: URL
    constructor(script: URL) {
      this.script = script
    }
    postMessage(message: unknown): void {
      posted.push({ script: this.script, message })
    }
  }
  vi.stubGlobal('Worker', PageWorker)
  const two = product(2)
  expect(Array.from(two(a, b).data)).toEqual(Array.from(product(1)(a, b).data))
  expect(posted.map(({ script }) => script.pathname.split('/').slice(-2))).toEqual([['threads', 'worker.js']])
  two.close()
  const close = vi.fn()
  vi.stubGlobal('close', close)
  await import('../../src/compile/wasm/threads/worker.ts')
  const { onmessage } = globalThis as unknown as { onmessage(event: { data: unknown }): void }
  onmessage({ data: posted[0]?.message })
  expect(close).toHaveBeenCalled()
})

test("the target 'js' has one thread, and says so once", () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  for (let i = 0; i < 2; i++) compile((x: Value) => x.exp(), { target: 'js', threads: 2 })(value(1))
  expect(warn.mock.calls).toEqual([["compile: the target 'js' runs on one thread."]])
})

describe('processes', () => {
  test('a script with threads ends by itself', async () => {
    const { code, output, rest } = await script('ends')
    expect([code, output]).toEqual([0, 'done'])
    expect(rest).toBeLessThan(1000)
  })

  test('the workers of a program that is dropped end', async () => {
    expect((await script('forgets', '--expose-gc')).output).toBe('2 started, 2 ended')
  })
})

test.each([0, -1, 1.5, 65, Number.NaN, '2', null])('threads: %s', (threads) => {
  expect(() => compile((x: Value) => x, { threads: threads as number })).toThrow(
    /^compile: threads is .*\. Give a whole number from 1 to 64\.$/,
  )
})

test('options that do not exist', () => {
  expect(() => compile((x: Value) => x, { thread: 2 } as never)).toThrow(
    "compile: the option 'thread' is unknown. It takes target, threads.",
  )
})
