/** Vector functions mean what their records mean, at random places and at extreme ones. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import { describe, expect, test } from 'vitest'
import { vectorFunction } from '../../src/compile/wasm/math/index.ts'
import type { FloatType } from '../../src/compile/wasm/math/lanes.ts'
import { table } from '../../src/ops/table.ts'
import { WasmModule } from '../../src/wasm/module.ts'
import { cases, extremes } from './mathCases.ts'
import { runner } from './mathRun.ts'

/** Numbers of all sizes: a third around 1, the others to where exponentials end, or anywhere. */
function samples(count: number, seed: number, type: FloatType): number[] {
  const generator = mersenne(seed)
  const draw = (): number => uniformFloat64(generator)
  const [end, exponents] = type === 'f64' ? [750, 2090] : [105, 270]
  return Array.from({ length: count }, () => {
    const [kind, sign, u] = [draw(), draw() < 0.5 ? -1 : 1, draw()]
    if (kind < 0.3) return sign * 3 * u
    if (kind < 0.5) return sign * u
    if (kind < 0.6) return 1 + sign * u ** 8
    if (kind < 0.85) return sign * end * u ** 2
    return sign * 2 ** (exponents * (u - 0.5))
  })
}

/**
 * Whether y is what was wanted, to some units of the last place, or to a few of the smallest numbers. Zeros have their
 * sign, except where an f32 has become 0 by rounding.
 */
function isClose(y: number, want: number, units: number, type: FloatType, x: number): boolean {
  if (y === 0 && want === 0) return Object.is(y, want) || (type === 'f32' && x !== 0)
  const [unit, floor] = type === 'f64' ? [2 ** -52, 2e-323] : [2 ** -23, 1e-43]
  return Object.is(y, want) || Math.abs(y - want) <= units * unit * Math.abs(want) + floor
}

describe.each(['f64', 'f32'] as const)('%s', (type) => {
  const round = type === 'f64' ? (x: number): number => x : Math.fround

  test.each(cases)('$name', ({ name, op, args, units }) => {
    const pairs = extremes.flatMap((x) => (op.arity === 2 ? extremes.map((y) => [x, y] as const) : [[x, x] as const]))
    const x = [...pairs.map(([a]) => a), ...samples(3000, 1, type)].map(round)
    const y = [...pairs.map(([, b]) => b), ...samples(3000, 2, type)].map(round)
    const got = runner(op, type, args)(x, y)
    const expected = x.map((a, i) => round(op.scalar?.(a, y[i] as number, args) ?? Number.NaN))
    const miss = got.findIndex((y, i) => !isClose(y, expected[i] as number, units[type], type, x[i] as number))
    const inputs = op.arity === 2 ? `${x[miss]}, ${y[miss]}` : x[miss]
    expect(miss, `${name}(${inputs}) = ${expected[miss]}, not ${got[miss]}`).toBe(-1)
  })
})

// By mpmath at 3000 bits. The first number is the f64 next to a multiple of π/2 (Muller, Elementary Functions, 2016).
test.each([
  ['cos', 5.319372648326541e255, 0, -4.687165924254628e-19],
  ['sin', Number.MAX_VALUE, 0, 0.004961954789184062],
  ['sin', 3294198.658330571, 0, -1.284135242062735e-10],
  ['sin', Math.PI, 0, 1.2246467991473532e-16],
  ['tan', 1e22, 0, -1.6287782256068988],
  ['pow', 1.0000001, 1e9, 2.6881038582144647e43],
  ['pow', 0.9999999999999, 7e15, 7.931099938855312e-305],
  ['pow', 1.0000000000000002, 3e18, 1.98719262165461e289],
  ['pow', 1.5, 1700.5, 2.774508273377268e299],
  ['pow', 5e-324, 0.333, 2.1828821560415357e-108],
  ['pow', 10, -320, 1e-320],
  ['exp', 709.75, 0, 1.7398368732641605e308],
  ['erfc', 26.5, 0, 2.2109076642637343e-307],
  ['gelu', -30, 0, -1.472014178144456e-196],
  ['acosh', 1.0000000000000002, 0, 2.1073424255447014e-8],
] as const)('%s(%f, %f) is %f', (name, x, y, expected) => {
  const [got] = runner(table[name], 'f64', undefined)([x, x, x, x], [y, y, y, y])
  expect(isClose(got as number, expected, 2, 'f64', x), `${got}`).toBe(true)
})

test('a formula written in place gives what the function gives', () => {
  const x = samples(400, 3, 'f64')
  for (const name of ['tanh', 'pow', 'sin'] as const) {
    const args = [table[name], 'f64', undefined] as const
    expect(runner(...args, 'inline')(x, x.toReversed())).toEqual(runner(...args)(x, x.toReversed()))
  }
})

test('a module has each function once, by type and arguments', () => {
  const module = new WasmModule()
  const index = (type: FloatType, alpha: number) => vectorFunction('elu', type, { alpha })?.(module)
  const found = [index('f64', 1), index('f32', 1), index('f64', 2), index('f64', 1)]
  expect(found).toEqual([0, 1, 2, 0])
})

test('what stays in JavaScript has no vector function', () => {
  for (const name of ['lgamma', 'polygamma', 'inversePower', 'mod', 'floorDiv', 'toString']) {
    expect(vectorFunction(name, 'f64', undefined)).toBeNull()
  }
})
