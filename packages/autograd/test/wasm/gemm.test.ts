import { describe, expect, it } from 'vitest'
import { ACCUMULATE, addGemm, TRANSPOSE_A, TRANSPOSE_B } from '../../src/wasm/gemm/gemm.ts'
import { type Bench, bench, type FloatType, numbers, pick } from './gemmBench.ts'

interface Case {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly flags: number
  readonly gaps?: readonly [number, number, number]
}

const benches: Record<FloatType, Bench> = { f32: gemmBench('f32'), f64: gemmBench('f64') }

function gemmBench(type: FloatType): Bench {
  return bench(type, (module) => addGemm(module, type))
}

/** Where the three matrices lie, in elements, rows `gaps` longer than they need be. */
function layout({ bytes, workspace }: Bench, { m, n, k, flags, gaps = [0, 0, 0] }: Case) {
  const lda = (flags & TRANSPOSE_A ? m : k) + gaps[0]
  const ldb = (flags & TRANSPOSE_B ? k : n) + gaps[1]
  const ldc = n + gaps[2]
  const a = Math.ceil(workspace / bytes) + 3
  const b = a + (flags & TRANSPOSE_A ? k : m) * lda + 1
  const c = b + (flags & TRANSPOSE_B ? n : k) * ldb + 2
  return { lda, ldb, ldc, a, b, c, end: c + m * ldc + 9 }
}

function multiply(on: Bench, at: ReturnType<typeof layout>, { m, n, k, flags }: Case, from = 0, to = m): void {
  const { bytes } = on
  const a = at.a + from * (flags & TRANSPOSE_A ? 1 : at.lda)
  const c = at.c + from * at.ldc
  on.call(a * bytes, at.b * bytes, c * bytes, to - from, n, k, at.lda, at.ldb, at.ldc, flags, 0)
}

/** The largest error, in units of what rounding may do to the sum of magnitudes; Infinity where C's surroundings change. */
function error(on: Bench, test: Case): number {
  const { m, n, k, flags } = test
  const at = layout(on, test)
  const { view } = on
  view.set(numbers(at.end - at.a, m + 31 * n + 977 * k + flags), at.a)
  const before = view.slice(0, at.end)
  multiply(on, at, test)
  let worst = 0
  for (let e = at.a; e < at.end; e++) {
    const place = e - at.c
    const row = Math.floor(place / at.ldc)
    const column = place - row * at.ldc
    if (place < 0 || row >= m || column >= n) {
      if (view[e] !== before[e]) return Infinity
      continue
    }
    let sum = flags & ACCUMULATE ? (before[e] ?? 0) : 0
    let size = Math.abs(sum)
    for (let p = 0; p < k; p++) {
      const a = before[at.a + (flags & TRANSPOSE_A ? p * at.lda + row : row * at.lda + p)] ?? 0
      const b = before[at.b + (flags & TRANSPOSE_B ? column * at.ldb + p : p * at.ldb + column)] ?? 0
      sum += a * b
      size += Math.abs(a * b)
    }
    worst = Math.max(worst, Math.abs((view[e] ?? 0) - sum) / (size || 1))
  }
  return worst / (on.type === 'f32' ? 1e-6 : 2e-15)
}

describe.each(['f32', 'f64'] as const)('gemm in %s', (type) => {
  const on = benches[type]

  it('is the sum of products for all transposes, with and without C', () => {
    const sizes: [number, ...number[]] = [1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 16, 17, 37]
    for (let i = 0; i < 240; i++) {
      const [m, n, k] = [pick(sizes, 3 * i), pick(sizes, 3 * i + 1), pick(sizes, 3 * i + 2)]
      const gaps = [pick([0, 1, 5], i), pick([0, 3], i + 1), pick([0, 2], i + 2)] as const
      const test = { m, n, k, flags: i % 8, gaps }
      expect(error(on, test), JSON.stringify(test)).toBeLessThan(1)
    }
  })

  it('crosses the blocks of rows, columns and depth', () => {
    for (let flags = 0; flags < 8; flags++) {
      for (const [m, n, k] of [
        [131, 13, 263],
        [5, 523, 11],
        [1, 37, 521],
        [37, 1, 521],
        [2, 19, 257],
        [14, 13, 600],
      ] as const) {
        expect(error(on, { m, n, k, flags }), `${m} × ${k} × ${n}, ${flags}`).toBeLessThan(1)
      }
    }
  })

  it('leaves no trace of empty matrices, and clears C where there is nothing to add', () => {
    for (let flags = 0; flags < 8; flags++) {
      for (const [m, n, k] of [
        [0, 3, 4],
        [3, 0, 4],
        [3, 5, 0],
        [5, 1, 0],
        [0, 0, 0],
      ] as const) {
        expect(error(on, { m, n, k, flags, gaps: [1, 0, 2] })).toBe(0)
      }
    }
  })

  it('gives the same bits however the rows are split', () => {
    for (const [m, n, k] of [
      [19, 29, 300],
      [140, 30, 40],
      [13, 1, 300],
      [16, 16, 16],
      [3, 40, 70],
    ] as const) {
      for (let flags = 0; flags < 8; flags++) {
        const test: Case = { m, n, k, flags }
        const at = layout(on, test)
        const data = numbers(at.end - at.a, 5)
        on.view.set(data, at.a)
        multiply(on, at, test)
        const whole = on.view.slice(at.c, at.end)
        for (const cut of [1, m >> 1, m - 2]) {
          on.view.set(data, at.a)
          multiply(on, at, test, 0, cut)
          multiply(on, at, test, cut, m)
          expect(on.view.slice(at.c, at.end).findIndex((x, e) => x !== whole[e])).toBe(-1)
        }
      }
    }
  })

  it('multiplies zeros with infinity and NaN too', () => {
    for (const [m, n, k] of [
      [1, 9, 6],
      [6, 1, 9],
      [9, 10, 7],
      [40, 40, 300],
    ] as const) {
      for (let flags = 0; flags < 4; flags++) {
        const test: Case = { m, n, k, flags }
        const at = layout(on, test)
        on.view.fill(0, at.a, at.end)
        on.view[at.a] = Infinity
        multiply(on, at, test)
        const c = Array.from({ length: m * n }, (_, e) => on.view[at.c + e])
        expect(c).toEqual(Array.from({ length: m * n }, (_, e) => (e < n ? NaN : 0)))
        on.view[at.a] = 1
        on.view[at.b] = NaN
        multiply(on, at, test)
        for (let row = 0; row < m; row++) expect(on.view[at.c + row * n]).toBeNaN()
        if (n > 1) expect(on.view[at.c + 1]).toBe(0)
      }
    }
  })
})
