/** Programs on several threads give the bits that they give on one, however small the parts are. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { lower } from '../../src/compile/lower/lower.ts'
import type { Executable } from '../../src/compile/program/executable.ts'
import { printProgram } from '../../src/compile/program/print.ts'
import { address, type Buffer as LoopBuffer, loop, type Program } from '../../src/compile/program/program.ts'
import { graphOf } from '../../src/compile/trace/graph.ts'
import { record } from '../../src/compile/trace/recording.ts'
import { load } from '../../src/compile/wasm/executable.ts'
import { conv2d, random, scan, type Value, value, valueAndGrad } from '../../src/index.ts'
import { arbitraryExpression } from '../../src/testing/index.ts'
import { drawFrom, load as loadFrom, RandomProgram } from './programs.ts'

const open: Executable[] = []
afterEach(() => {
  for (const executable of open.splice(0)) executable.close()
})

function bitsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Runs the program on one thread and on several, and returns how many of its steps are divided. */
function compareThreads(program: Program, threads: number): number {
  const one = load(program)
  const more = load(program, { threads, grain: 0 })
  open.push(more)
  const stream = random(1)
  for (const buffer of program.buffers) {
    if (buffer.kind !== 'input' && buffer.kind !== 'state') continue
    if (buffer.data !== undefined) continue
    const numbers = stream.normal([buffer.size]).data
    one.view(buffer).set(numbers)
    more.view(buffer).set(numbers)
  }
  for (let i = 0; i < 2; i++) {
    one.run()
    more.run()
    for (const buffer of program.buffers) {
      if (buffer.kind !== 'output' && buffer.kind !== 'state') continue
      const same = Buffer.compare(bitsOf(one.view(buffer)), bitsOf(more.view(buffer))) === 0
      expect(same, `${buffer.name} of\n${printProgram(program)}`).toBe(true)
    }
  }
  return more.divided
}

function buffer(name: string, kind: LoopBuffer['kind'], size: number): LoopBuffer {
  return { name, type: 'f32', size, kind }
}

function programOf(f: (...args: never[]) => unknown, args: readonly unknown[]): Program {
  return lower(graphOf(record(f, args)).outputs, []).program
}

test('random loops', () => {
  let divided = 0
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      divided += compareThreads(new RandomProgram(drawFrom(seed)).program, 2)
      for (const executable of open.splice(0)) executable.close()
    }),
    { numRuns: 200 },
  )
  expect(divided).toBeGreaterThan(10)
})

test('gradients of random expressions', () => {
  let divided = 0
  fc.assert(
    fc.property(arbitraryExpression({ inputs: 2, depth: 5 }), (expression) => {
      const f = valueAndGrad((list: Value[]) => expression.evaluate(list).sum())
      const inputs = [value(new Float64Array(75)), value(new Float64Array(75))]
      divided += compareThreads(programOf(f, [inputs]), 3)
      for (const executable of open.splice(0)) executable.close()
    }),
    { numRuns: 30 },
  )
  expect(divided).toBeGreaterThan(10)
})

test.each([
  ['windows that overlap', 1, 2, 0],
  ['windows side by side', 3, 3, 1],
  ['places from a table', 0, 1, 0],
])('sums in memory, %s', (_, stride, window, divided) => {
  const [x, sums] = [buffer('x', 'input', 1000), buffer('sums', 'output', 3000)]
  const table: LoopBuffer = { name: 'table', type: 'i32', size: 1000, kind: 'constant', data: new Int32Array(1000) }
  const outer = loop(1000, { parallel: true, vector: true })
  const inner = loop(window)
  const terms = [
    { loop: outer, stride },
    { loop: inner, stride: 1 },
  ]
  const value = loadFrom(inner.body, address(x, 0, [{ loop: outer, stride: 1 }]))
  const index = stride === 0 ? loadFrom(inner.body, address(table, 0, [{ loop: outer, stride: 1 }])) : null
  inner.body.push({ kind: 'accumulate', address: address(sums, 0, terms, index), value })
  outer.body.push(inner)
  expect(compareThreads({ buffers: [x, sums, table], body: [outer] }, 2)).toBe(divided)
})

describe.each(['float64', 'float32'] as const)('%s', (dtype) => {
  const zeros = (...shape: number[]): Value => {
    const size = shape.reduce((a, b) => a * b, 1)
    return value(dtype === 'float64' ? new Float64Array(size) : new Float32Array(size), { shape })
  }
  const cases: [string, (...args: never[]) => unknown, Value[]][] = [
    [
      'layers',
      (x: Value, w: Value, v: Value, b: Value) => x.matmul(w.transpose()).add(b).tanh().matmul(v).square().mean(),
      [zeros(37, 50), zeros(70, 50), zeros(70, 10), zeros(70)],
    ],
    [
      'attention: products of many matrices',
      (q: Value, k: Value, v: Value) =>
        q
          .matmul(k.transpose([0, 2, 1]))
          .softmax(-1)
          .matmul(v)
          .square()
          .sum(),
      [zeros(6, 20, 9), zeros(6, 20, 9), zeros(6, 20, 9)],
    ],
    [
      'convolutions',
      (x: Value, w: Value) =>
        conv2d(conv2d(x, w, { padding: 1 }).relu(), w, { padding: 1 })
          .square()
          .sum(),
      [zeros(5, 4, 9, 9), zeros(4, 4, 3, 3)],
    ],
    [
      'the weights of a convolution, in shares of a batch',
      (x: Value, w: Value) => conv2d(x, w).square().sum(),
      [zeros(6, 2, 20, 21), zeros(5, 2, 3, 3)],
    ],
    [
      'a loop in time around products',
      (h: Value, w: Value) => {
        const step = (x: Value) => ({ carry: x.matmul(w).tanh() })
        return scan(step, h, undefined, { length: 5 }).carry.sum()
      },
      [zeros(19, 33), zeros(33, 33)],
    ],
  ]
  test.each(cases)('%s', (_, f, args) => {
    const argument = args.map((__, i) => i)
    const program = programOf(valueAndGrad(f as never, { argument }), args)
    expect(compareThreads(program, 3)).toBeGreaterThan(3)
  })
})
