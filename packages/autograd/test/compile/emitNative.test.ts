import { describe, expect, test } from 'vitest'
import { address, loop, type Statement, type Term } from '../../src/compile/program/program.ts'
import { native } from '../../src/compile/wasm/emit/native.ts'
import { relations } from '../../src/compile/wasm/emit/uses.ts'
import { load as compile } from '../../src/compile/wasm/executable.ts'
import type { Op } from '../../src/op.ts'
import { unary } from '../../src/ops/elementwise.ts'
import { table } from '../../src/ops/table.ts'
import { apply, buffer, constant, type FloatType, load } from './programs.ts'

const special = [
  Number.NaN,
  0,
  -0,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  -2.5,
  3,
  -3,
  6,
  6.5,
  0.1,
  -7.25,
  1e-40,
  1e30,
]

const args: Readonly<Record<string, unknown>> = {
  leakyRelu: { slope: 0.1 },
  clamp: { min: -0.1, max: 2 },
  inside: { min: -0.1, max: 0.1 },
}

/** All pairs of special numbers, in lanes and one by one. */
function results(op: Op, type: FloatType, simd: boolean): { readonly got: number[]; readonly wanted: number[] } {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const))
  const n = pairs.length
  const [xs, ys] = [0, 1].map((i) => pairs.map((pair) => pair[i] as number)) as [number[], number[]]
  const x = buffer('x', type, n, 'input', xs)
  const y = buffer('y', type, n, 'input', ys)
  const out = buffer('out', type, n, 'output')
  const along = loop(n, { parallel: true, vector: true })
  const at = [{ loop: along, stride: 1 }]
  const inputs: Term[] = [load(along.body, address(x, 0, at))]
  if (op.arity === 2) inputs.push(load(along.body, address(y, 0, at)))
  const value = apply(along.body, op, inputs, args[op.name])
  along.body.push({ kind: 'store', address: address(out, 0, at), value })
  const program = compile({ buffers: [x, y, out], body: [along] }, { simd })
  program.run()
  const round = type === 'f32' ? Math.fround : (v: number) => v
  const wanted = pairs.map(([a, b]) => round(op.scalar?.(round(a), round(b), args[op.name]) as number))
  return { got: Array.from(program.view(out)), wanted }
}

const cases = [...native.keys(), ...relations.keys()]

describe.each(['f64', 'f32'] as const)('instructions of %s', (type) => {
  test.each(cases.map((op) => [op.name, op] as const))('%s', (_, op) => {
    for (const simd of [true, false]) {
      const { got, wanted } = results(op, type, simd)
      if (type === 'f64') expect(got).toEqual(wanted)
      else for (const [i, x] of got.entries()) close(x, wanted[i] as number)
    }
  })
})

/** One rounding more or less, with the sign of 0 and infinities exact. */
function close(got: number, wanted: number): void {
  if (Number.isFinite(wanted) && wanted !== 0)
    expect(Math.abs(got - wanted)).toBeLessThanOrEqual(2e-7 * Math.abs(wanted) + 2e-45)
  else expect(got).toBe(wanted)
}

test('comparisons choose as masks, and are numbers where they are read as numbers', () => {
  const n = 11
  const x = buffer('x', 'f64', n, 'input', special.slice(0, n))
  const out = buffer('out', 'f64', 2 * n, 'output')
  const along = loop(n, { parallel: true, vector: true })
  const { body } = along
  const at = [{ loop: along, stride: 1 }]
  const v = load(body, address(x, 0, at))
  const zero = constant('f64', 0)
  const mask = apply(body, table.ge, [v, zero])
  const number = apply(body, table.lt, [v, zero])
  const write = (base: number, value: Term): void => {
    body.push({ kind: 'store', address: address(out, base, at), value })
  }
  write(0, apply(body, table.where, [mask, v, constant('f64', -9)]))
  write(n, apply(body, table.add, [number, apply(body, table.where, [number, constant('f64', 5), v])]))
  const program = compile({ buffers: [x, out], body: [along] })
  program.run()
  const wanted = [
    ...special.slice(0, n).map((a) => (a >= 0 ? a : -9)),
    ...special.slice(0, n).map((a) => (a < 0 ? 6 : a + 0)),
  ]
  expect(Array.from(program.view(out))).toEqual(wanted)
})

test('records of a user are called, also where they bear the name of another', () => {
  const n = 7
  const own = unary('exp', { forward: (a) => a + 100, derivative: () => 1 })
  for (const type of ['f64', 'f32'] as const) {
    const x = buffer('x', type, n, 'input', special.slice(5, 5 + n))
    const out = buffer('out', type, n, 'output')
    const along = loop(n, { parallel: true, vector: true })
    const at = [{ loop: along, stride: 1 }]
    const value = apply(along.body, own as Op, [load(along.body, address(x, 0, at))])
    along.body.push({ kind: 'store', address: address(out, 0, at), value })
    const program = compile({ buffers: [x, out], body: [along] })
    program.run()
    expect(Array.from(program.view(out))).toEqual(special.slice(5, 5 + n).map((a) => a + 100))
  }
})

test('the last iterations get the same bits as those in lanes', () => {
  const n = 7
  const x = buffer(
    'x',
    'f64',
    n,
    'input',
    Array.from({ length: n }, () => 0.7310585786300049),
  )
  const out = buffer('out', 'f64', n, 'output')
  const body: Statement[] = []
  const along = loop(n, { parallel: true, vector: true })
  const at = [{ loop: along, stride: 1 }]
  const value = apply(along.body, table.exp, [load(along.body, address(x, 0, at))])
  along.body.push({ kind: 'store', address: address(out, 0, at), value })
  body.push(along)
  const program = compile({ buffers: [x, out], body })
  program.run()
  const results = Array.from(program.view(out))
  expect(new Set(results).size).toBe(1)
  expect(results[0]).toBeCloseTo(Math.exp(0.7310585786300049), 13)
})

test.each(['f64', 'f32'] as const)('0 wins where a factor of %s is known to be finite', (type) => {
  const n = special.length
  const x = buffer('x', type, n, 'input', special)
  const factors = [0, 2, 1e-60, Number.POSITIVE_INFINITY]
  const out = buffer('out', type, n * (factors.length + 3), 'output')
  const along = loop(n, { parallel: true, vector: true })
  const { body } = along
  const at = [{ loop: along, stride: 1 }]
  const v = load(body, address(x, 0, at))
  const mask = apply(body, table.ge, [v, constant(type, 1)])
  const products = [
    ...factors.map((c) => apply(body, table.mulNoNan, [v, constant(type, c)])),
    apply(body, table.mulNoNan, [v, mask]),
    apply(body, table.mulNoNan, [mask, v]),
    apply(body, table.mulNoNan, [mask, mask]),
  ]
  products.forEach((value, i) => {
    body.push({ kind: 'store', address: address(out, i * n, at), value })
  })
  const program = compile({ buffers: [x, out], body: [along] })
  program.run()
  const round = type === 'f32' ? Math.fround : (v: number) => v
  const pairs = special.map(round).map((a) => [...factors.map((c) => [a, round(c)]), [a, +(a >= 1)], [+(a >= 1), a]])
  const product = ([a, b]: readonly number[]): number =>
    round(table.mulNoNan.scalar?.(a as number, b as number, undefined) as number)
  const wanted = factors.concat(0, 0).flatMap((_, i) => pairs.map((row) => product(row[i] as number[])))
  expect(Array.from(program.view(out))).toEqual([...wanted, ...special.map((a) => +(a >= 1))])
})
