import { describe, expect, test } from 'vitest'
import { interpret } from '../../src/compile/js/interpret.ts'
import { plan } from '../../src/compile/program/plan.ts'
import {
  address,
  type Buffer,
  type GemmCall,
  type Loop,
  loop,
  type Program,
  type Statement,
  type Term,
} from '../../src/compile/program/program.ts'
import { emit } from '../../src/compile/wasm/emit/emit.ts'
import { load as compile } from '../../src/compile/wasm/executable.ts'
import { table } from '../../src/ops/table.ts'
import { apply, buffer, carry, constant, convert, counter, load } from './programs.ts'

function ramp(n: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 7) % 11) - 5)
}

/** Compiles and interprets, and compares all outputs. */
function check(program: Program, runs = 1): void {
  for (const options of [{}, { unroll: 1 as const }, { simd: false }]) {
    const got = compile(program, options)
    const fresh = interpret(program)
    for (let i = 0; i < runs; i++) {
      got.run()
      fresh.run()
    }
    for (const out of program.buffers.filter(({ kind }) => kind === 'output')) {
      expect(Array.from(got.view(out)), out.name).toEqual(Array.from(fresh.view(out)))
    }
  }
}

describe.each(['f64', 'f32'] as const)('%s', (type) => {
  test.each([1, 2, 3, 7, 8, 9])('%i iterations have a copy of a private buffer each', (n) => {
    const x = buffer('x', type, n * 5, 'input', ramp(n * 5))
    const own = buffer('own', type, 5, 'private')
    const places = buffer('places', 'i32', 5, 'constant', [4, 2, 0, 1, 3])
    const out = buffer('out', type, n * 5, 'output')
    const along = loop(n, { parallel: true, vector: true })
    const [first, second] = [loop(5), loop(5)]
    along.body.push({ kind: 'clear', span: { address: address(own, 0), size: 5 } }, first, second)
    const v = load(
      first.body,
      address(x, 0, [
        { loop: along, stride: 5 },
        { loop: first, stride: 1 },
      ]),
    )
    first.body.push({ kind: 'accumulate', address: address(own, 4, [{ loop: first, stride: -1 }]), value: v })
    const at = load(second.body, address(places, 0, [{ loop: second, stride: 1 }]))
    first.body.push({ kind: 'accumulate', address: address(own, 0), value: v })
    const w = load(second.body, address(own, 0, [], at))
    second.body.push({
      kind: 'store',
      address: address(out, 0, [
        { loop: along, stride: 1 },
        { loop: second, stride: n },
      ]),
      value: w,
    })
    check({ buffers: [x, own, places, out], body: [along] }, 2)
  })

  test.each([16, 19, 40])('%i lanes add to cells that they share while inner loops run over them', (n) => {
    const [rows, columns] = [3, 4]
    const x = buffer('x', type, n * columns, 'input', ramp(n * columns))
    const z = buffer('z', type, n * rows, 'input', ramp(n * rows))
    const out = buffer('out', type, 40, 'output', ramp(40))
    const outer = loop(2)
    const along = loop(n, { parallel: true, vector: true })
    const [row, column] = [loop(rows), loop(columns)]
    outer.body.push(along)
    along.body.push(row)
    row.body.push(column)
    const a = load(
      column.body,
      address(z, 0, [
        { loop: along, stride: 1 },
        { loop: row, stride: n },
      ]),
    )
    const b = load(
      column.body,
      address(x, 0, [
        { loop: along, stride: columns },
        { loop: column, stride: 1 },
      ]),
    )
    const to = [
      { loop: outer, stride: 15 },
      { loop: row, stride: -columns },
      { loop: column, stride: 1 },
    ]
    const value = apply(column.body, table.mul, [a, b])
    column.body.push({ kind: 'accumulate', address: address(out, 2 * columns + 1, to), value })
    check({ buffers: [x, z, out], body: [outer] })
  })

  test.each([1, 2, -1])('accumulations one iteration apart (stride %i) hand on what they add', (stride) => {
    for (const n of [1, 3, 4, 9, 18]) {
      const x = buffer('x', type, n, 'input', ramp(n))
      const out = buffer('out', type, 140, 'output', ramp(140))
      const outer = loop(2)
      const along = loop(n, { parallel: true, vector: true })
      outer.body.push(along)
      const v = load(along.body, address(x, 0, [{ loop: along, stride: 1 }]))
      const at = [
        { loop: outer, stride: 50 },
        { loop: along, stride },
      ]
      for (const [base, factor] of [
        [41, 1],
        [40, 2],
        [42, -3],
        [42, 5],
        [44, 7],
      ] as const) {
        const value = apply(along.body, table.mul, [v, constant(type, factor)])
        along.body.push({ kind: 'accumulate', address: address(out, base, at), value })
      }
      check({ buffers: [x, out], body: [outer] })
    }
  })

  test('an index may be negative where the place is not', () => {
    const x = buffer('x', type, 12, 'input', ramp(12))
    const back = buffer('back', 'i32', 6, 'constant', [-3, -6, -1, -2, -3, -4])
    const out = buffer('out', type, 12, 'output')
    const along = loop(6, { parallel: true, vector: true })
    const at = [{ loop: along, stride: 1 }]
    const index = load(along.body, address(back, 0, at))
    const v = load(along.body, address(x, 6, at, index))
    const sums = buffer('sums', type, 12, 'output')
    along.body.push({ kind: 'accumulate', address: address(sums, 12, [], index, 2), value: v })
    along.body.push({ kind: 'store', address: address(out, 0, at), value: v })
    check({ buffers: [x, back, out, sums], body: [along] })
  })

  test('matrix products, in a loop, with their matrices in larger ones', () => {
    // The interpreter's product knows no Aᵀ·Bᵀ.
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      for (const accumulate of [false, true]) {
        const a = buffer('a', type, 100, 'input', ramp(100))
        const b = buffer('b', type, 100, 'input', ramp(100))
        const c = buffer('c', type, 100, 'output', ramp(100))
        const times = loop(2)
        const at = (of: Buffer, base: number, stride: number) => address(of, base, [{ loop: times, stride }])
        const call: GemmCall = {
          kind: 'gemm',
          type,
          m: 3,
          n: 4,
          k: 5,
          transposeA,
          transposeB,
          a: at(a, 1, 30),
          b: at(b, 2, 7),
          c: at(c, 3, 40),
          lda: 6,
          ldb: 7,
          ldc: 8,
          accumulate,
        }
        times.body.push(call)
        check({ buffers: [a, b, c], body: [times] })
      }
    }
  })

  test('calls into JavaScript read and write the memory of the program', () => {
    const x = buffer('x', type, 12, 'input', ramp(12))
    const out = buffer('out', type, 13, 'output')
    const times = loop(3)
    const span = (of: Buffer, size: number, moving: boolean) => ({
      address: address(of, moving ? 1 : 0, moving ? [{ loop: times, stride: 4 }] : []),
      size,
    })
    times.body.push({
      kind: 'host',
      name: 'reverse',
      run: (to, [from = to, first = to]) => {
        for (let i = 0; i < to.length; i++) to[i] = (from[from.length - 1 - i] as number) + (first[0] as number)
      },
      inputs: [{ ...span(x, 4, true), address: address(x, 0, [{ loop: times, stride: 4 }]) }, span(x, 1, false)],
      output: span(out, 4, true),
    })
    check({ buffers: [x, out], body: [times] }, 2)
  })

  test('types mix in one vector loop', () => {
    const other = type === 'f64' ? 'f32' : 'f64'
    const n = 11
    const x = buffer('x', type, n, 'input', ramp(n))
    const y = buffer('y', other, 2 * n, 'input', ramp(2 * n))
    const out = buffer('out', other, n, 'output')
    const sums = buffer('sums', type, n + 3, 'output')
    const along = loop(n, { parallel: true, vector: true })
    const { body } = along
    const at = [{ loop: along, stride: 1 }]
    const a = convert(body, other, load(body, address(x, 0, at)))
    const b = load(body, address(y, 1, [{ loop: along, stride: 2 }]))
    const place = convert(body, 'i32', convert(body, other, counter(along)))
    const value = apply(body, table.add, [apply(body, table.mul, [a, b]), convert(body, other, place)])
    body.push({ kind: 'store', address: address(out, 0, at), value })
    body.push({ kind: 'accumulate', address: address(sums, 1, at), value: convert(body, type, value) })
    body.push({ kind: 'accumulate', address: address(sums, 1, [], place), value: convert(body, type, a) })
    check({ buffers: [x, y, out, sums], body: [along] })
  })
})

test('what a loop writes is read anew in each iteration', () => {
  const [n, times] = [13, 5]
  const u = buffer('u', 'f64', n + 2, 'output', ramp(n + 2))
  const v = buffer('v', 'f64', n, 'scratch')
  const total = buffer('total', 'f64', 1, 'output')
  const seen = buffer('seen', 'f64', 1, 'output')
  const outer = loop(times)
  const [spread, copy] = [loop(n, { parallel: true, vector: true }), loop(n, { parallel: true, vector: true })]
  const at = (along: Loop) => [{ loop: along, stride: 1 }]
  const middle = load(outer.body, address(u, 4))
  outer.body.push({ kind: 'accumulate', address: address(total, 0), value: middle })
  const sum = load(outer.body, address(total, 0))
  outer.body.push({ kind: 'store', address: address(seen, 0), value: sum }, spread, copy)
  const [left, right] = [0, 2].map((base) => load(spread.body, address(u, base, at(spread)))) as [Term, Term]
  const mean = apply(spread.body, table.add, [apply(spread.body, table.sub, [left, right]), sum])
  spread.body.push({ kind: 'store', address: address(v, 0, at(spread)), value: mean })
  copy.body.push({ kind: 'store', address: address(u, 1, at(copy)), value: load(copy.body, address(v, 0, at(copy))) })
  check({ buffers: [u, v, total, seen], body: [outer] }, 2)
})

test('long straight programs are divided over functions, and numbers cross between them', () => {
  const x = buffer('x', 'f64', 50, 'input', ramp(50))
  const out = buffer('out', 'f64', 300, 'output')
  const body: Statement[] = []
  const terms: Term[] = Array.from({ length: 50 }, (_, i) => load(body, address(x, i)))
  for (let i = 0; i < 300; i++) {
    const [a, b] = [terms[(i * 31) % terms.length], terms[(i * 17 + 5) % terms.length]] as [Term, Term]
    const mask = apply(body, table.gt, [a, b])
    const value = apply(body, table.where, [mask, apply(body, table.maximum, [a, b]), apply(body, table.sub, [b, a])])
    terms.push(value)
    body.push({ kind: 'store', address: address(out, i), value })
    if (i % 50 === 0) {
      const along = loop(9, { parallel: true, vector: true })
      const sum = carry(along, value, 'sum')
      sum.next = apply(along.body, table.add, [sum, apply(along.body, table.mul, [b, constant('f64', 0.5)])])
      body.push(along)
      terms.push({ kind: 'result', type: 'f64', carry: sum })
    }
  }
  const program = { buffers: [x, out], body }
  const wanted = interpret(program)
  wanted.run()
  for (const functionSize of [7, 100, 2500]) {
    const got = compile(program, { functionSize })
    got.run()
    expect(Array.from(got.view(out))).toEqual(Array.from(wanted.view(out)))
  }
})

test('code grows with the program, not with its square', () => {
  const sizes = [2000, 8000].map((n) => {
    const x = buffer('x', 'f64', 8, 'input', ramp(8))
    const out = buffer('out', 'f64', 1, 'output')
    const body: Statement[] = []
    let sum: Term = load(body, address(x, 0))
    for (let i = 0; i < n; i++) sum = apply(body, table.add, [sum, load(body, address(x, i % 8))])
    body.push({ kind: 'store', address: address(out, 0), value: sum })
    const program = { buffers: [x, out], body }
    return emit(program, plan(program)).bytes.length / n
  })
  expect(sizes[1]).toBeLessThan(1.2 * (sizes[0] as number))
})
