import { grad, hessian, random, type Value } from '@adjoint/autograd'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../src/14-curvature.ts'
import { gradients, loss, size, total, x, y } from '../src/lib/moonNet.ts'
import { eigenvalues, lanczos } from '../src/lib/spectrum.ts'
import { printed } from './support.ts'

describe('example 14, gradients one by one and curvature', () => {
  let text: string
  let figures: ReturnType<typeof run>
  beforeAll(async () => {
    ;({ text, figures } = await printed(run))
  }, 30_000)

  it('prints what it found', () => {
    expect(text).toMatchInlineSnapshot(`
      "100 points of two moons, a network of 33 weights, before and after training
        weights   loss  mean gradient  shortest  longest  of the 100 gradients
        random   0.751          0.473     0.661    1.918
        trained  0.081          0.000     0.011    2.011
        At the minimum each example still pulls its own way; together they cancel.
        Ten of them do 57 % of the pulling: those near the border.
      The curvature: the eigenvalues of the Hessian, from products alone
        weights  largest  smallest  negative  under 1 %   trace
        random    0.8604   -0.4691        14          6  0.9104
        trained   0.5241    0.0001         0         21  0.9146
        Random weights lie on a saddle: some directions bend down. At the minimum none does.
        Most directions are nearly flat there: their curvature is under 1 % of the largest.
        Eight products are enough for the largest: 0.52412442, from all 33 0.52412442.
        It bounds the rate of gradient descent: 2/0.5241 = 3.816. After 200 steps beside the minimum
        with rate 3.625, 0.26 times as far from it
        with rate 4.007, 2.1e+5 times as far from it
      The pictures
        report/14-pull.svg
        report/14-spectrum.svg"
    `)
  })

  it('has one gradient an example, and their mean is the gradient of the whole', () => {
    const weights = random(7).normal([size])
    const all = gradients(weights, x, y)
    expect(all.shape).toEqual([100, size])
    expect(apart(all.mean({ axis: 0 }), grad(total)(weights))).toBeLessThan(1e-14)
    for (const i of [0, 41, 99]) {
      expect(apart(all.at(i), grad(loss)(weights, x.at(i), y.at(i)))).toBeLessThan(1e-14)
    }
  })

  it('finds the eigenvalues of the whole Hessian', () => {
    for (const { weights, hessian: columns, spectrum } of figures.states) {
      const whole = hessian(total)(weights)
      expect(apart(columns, whole)).toBeLessThan(1e-14)
      const sorted = jacobi(whole.toArray() as number[][]).sort((a, b) => b - a)
      expect(spectrum).toHaveLength(size)
      spectrum.forEach((x, i) => {
        expect(x).toBeCloseTo(sorted[i] ?? NaN, 12)
      })
    }
  })

  it('trained to a minimum, and its steepest direction bounds the rate', () => {
    const [random, trained] = figures.states
    expect(random.spectrum.at(-1)).toBeLessThan(-0.1)
    expect(trained.mean).toBeLessThan(1e-7)
    expect(trained.spectrum.at(-1)).toBeGreaterThan(1e-5)
    expect(trained.outer[0]).toBeCloseTo(trained.spectrum[0] ?? NaN, 10)
    const [below, above] = figures.drifts.map(({ times }) => times)
    expect(below).toBeLessThan(1)
    expect(above).toBeGreaterThan(1000)
  })
})

describe('spectrum', () => {
  it('knows the eigenvalues of the discrete string, 2 − 2·cos(πk/(n + 1))', () => {
    const n = 9
    const string = { diagonal: Array<number>(n).fill(2), beside: Array<number>(n - 1).fill(-1) }
    const exact = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos((Math.PI * (n - i)) / (n + 1)))
    eigenvalues(string).forEach((x, i) => {
      expect(x).toBeCloseTo(exact[i] ?? NaN, 14)
    })
  })

  it('finds a diagonal by Lanczos, with all steps and at the ends with fewer', () => {
    const diagonal = Array.from({ length: 30 }, (_, i) => 1 / (i + 1))
    const product = (v: Value): Value => v.mul(diagonal)
    eigenvalues(lanczos(product, 30, 30)).forEach((x, i) => {
      expect(x).toBeCloseTo(diagonal[i] ?? NaN, 13)
    })
    expect(eigenvalues(lanczos(product, 30, 8))[0]).toBeCloseTo(1, 6)
  })
})

const apart = (a: Value, b: Value): number => a.sub(b).abs().max().item()

/** All eigenvalues of a symmetric matrix by Jacobi's rotations: another way, from the matrix itself. */
function jacobi(a: number[][]): number[] {
  const n = a.length
  const at = (i: number, j: number): number => a[i]?.[j] as number
  const row = (i: number): number[] => a[i] as number[]
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        // The rotation that makes the entry at (p, q) zero.
        const angle = Math.atan2(2 * at(p, q), at(q, q) - at(p, p)) / 2
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        for (let k = 0; k < n; k++) [row(k)[p], row(k)[q]] = [c * at(k, p) - s * at(k, q), s * at(k, p) + c * at(k, q)]
        for (let k = 0; k < n; k++) [row(p)[k], row(q)[k]] = [c * at(p, k) - s * at(q, k), s * at(p, k) + c * at(q, k)]
      }
    }
  }
  return a.map((_, i) => at(i, i))
}
