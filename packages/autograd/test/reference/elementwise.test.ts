/** Every operation and its first derivatives against 50-digit values, kinks and traps included. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as ops from '../../src/index.ts'
import { grad, hessian, type Value, value } from '../../src/index.ts'
import { flatten, type Nested, type Num, passes, read, scaleOf } from './numbers.ts'

interface Case {
  readonly op: string
  readonly x?: readonly Num[]
  readonly inputs?: readonly (readonly Num[])[]
  readonly params?: { readonly [key: string]: number } & { readonly w?: readonly number[] }
  readonly v: Num
  readonly d1: Nested
  readonly d2?: Nested
  readonly d3?: Num
  readonly left?: number
  readonly right?: number
}
interface Trap {
  readonly name: string
  readonly inputs: readonly (Num | readonly Num[])[]
  readonly ideal_v: Num
  readonly ideal_g: Nested
}

const file = new URL('./data/elementwise.json', import.meta.url)
const reference: { cases: Case[]; kinks: Case[]; traps: Trap[] } = JSON.parse(readFileSync(file, 'utf8'))

type Function = (...xs: Value[]) => Value

/** What the file names differently from the library, or with parameters. Losses are tested where they live. */
const special: { readonly [op: string]: (params: NonNullable<Case['params']>) => Function } = {
  min: () => ops.minimum,
  max: () => ops.maximum,
  geluTanh: () => (x) => x.gelu({ approximate: 'tanh' }),
  leakyRelu:
    ({ alpha }) =>
    (x) =>
      x.leakyRelu(alpha),
  clamp:
    ({ lo, hi }) =>
    (x) =>
      x.clamp(lo, hi),
  softmaxDotW:
    ({ w = [] }) =>
    (x) =>
      x.softmax().mul(w).sum(),
  logSoftmaxDotW:
    ({ w = [] }) =>
    (x) =>
      x.logSoftmax().mul(w).sum(),
  norm2: () => (x) => ops.norm(x),
  variance:
    ({ ddof = 0 }) =>
    (x) =>
      x.variance({ correction: ddof }),
  std:
    ({ ddof = 1 }) =>
    (x) =>
      x.std({ correction: ddof }),
}
const losses = new Set([
  'crossEntropyLogits',
  'mae',
  'mse',
  'huber',
  'bceWithLogits',
  'cosineSimilarity',
  'klDiv',
  'hinge',
])

function functionOf({ op, params = {} }: Case): Function {
  return special[op]?.(params) ?? (ops as unknown as Record<string, Function>)[op] ?? expect.fail(`no operation ${op}`)
}

/** The inputs of a function as one vector, so that gradients and Hessians have the layout of the file. */
function overVector(f: Function, inputs: readonly (Num | readonly Num[])[]): { at: number[]; f: (z: Value) => Value } {
  const ends: number[] = []
  for (const x of inputs) ends.push((ends.at(-1) ?? 0) + (Array.isArray(x) ? x.length : 1))
  const parts = (z: Value): Value[] =>
    inputs.map((x, i) => (Array.isArray(x) ? z.slice([[ends[i - 1] ?? 0, ends[i]]]) : z.at(ends[i - 1] ?? 0)))
  return { at: flatten(inputs).map(Number), f: (z) => f(...parts(z)) }
}

function expectNumbers(got: Value, expected: Nested, scale: number): void {
  const numbers = flatten(expected).map(read)
  expect(got.size).toBe(numbers.length)
  numbers.forEach((number, i) => {
    const x = got.data[i] as number
    expect(passes(x, number, scale), `got ${x}, expected ${number}`).toBe(true)
  })
}

const scaleFor = (level: Nested): number => scaleOf(flatten(level).map(read))
const elementwise = reference.cases.filter(({ op }) => !losses.has(op))

describe('50-digit values', () => {
  test.each(elementwise.map((c) => [c.op, JSON.stringify(c.x ?? c.inputs), c] as const))('%s at %s', (_op, _at, c) => {
    const { at, f } = overVector(functionOf(c), c.x ?? c.inputs ?? [])
    const scalar = c.x?.length === 1
    const least = c.op === 'lgamma' || c.op === 'digamma' ? 1e-3 : 0
    expectNumbers(f(value(at)), c.v, least)
    expectNumbers(grad(f)(at), c.d1, c.inputs === undefined ? least : scaleFor(c.d1))
    if (c.d2 !== undefined) expectNumbers(hessian(f)(at), c.d2, scalar ? least : scaleFor(c.d2))
    if (scalar && c.d3 !== undefined) {
      expectNumbers(grad(grad(grad(functionOf(c) as (x: Value) => Value)))(at[0] as number), c.d3, least)
    }
  })
})

describe('kinks take a slope between the left and the right one', () => {
  test.each(reference.kinks.map((c) => [c.op, c] as const))('%s', (_op, c) => {
    const slope = grad(functionOf(c) as (x: Value) => Value)(Number(c.x?.[0])).item()
    expect(slope).toBeGreaterThanOrEqual(Math.min(c.left as number, c.right as number))
    expect(slope).toBeLessThanOrEqual(Math.max(c.left as number, c.right as number))
  })
})

const traps: { readonly [name: string]: Function } = {
  'where-log NaN trap': (x) => ops.where(x.gt(0), x.log(), 0),
  'x^0 at 0': (x) => x.pow(0),
  'softmax with -inf mask': (x) => x.softmax().mul([1, 2, 3]).sum(),
  'max tie binary': (x, y) => x.maximum(y),
}

describe('traps', () => {
  test.each(reference.traps.map((trap) => [trap.name, trap] as const))('%s', (name, trap) => {
    const inputs = trap.inputs.map((x) => value(Array.isArray(x) ? x.map(Number) : Number(x)))
    const y = (traps[name] ?? expect.fail(`no expression for ${name}`))(...inputs)
    y.backward()
    expectNumbers(y, trap.ideal_v, 0)
    const gradients = inputs.flatMap((x) => Array.from(x.grad.data))
    if (flatten(trap.ideal_g).includes('sum1' as Num)) expect(gradients.reduce((a, b) => a + b)).toBe(1)
    else expectNumbers(value(gradients), flatten(trap.ideal_g), 0)
  })
})
