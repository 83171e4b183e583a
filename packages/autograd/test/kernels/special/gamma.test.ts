import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digamma, lgamma, polygamma } from '../../../src/kernels/special/gamma.ts'
import { misses, uniform } from './ulps.ts'

const trigamma = (x: number) => polygamma(1, x)
const close = (got: number, expected: number, relative: number, scale = 0): void => {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(got), Math.abs(expected), scale))
}

describe('lgamma', () => {
  it('agrees with 50-digit references to 4 ulp, around its zeros 1 and 2 too', () => {
    expect(misses('lgamma', lgamma, 4)).toEqual([])
  })

  it('agrees on the negative axis to 4 ulp, or 1e-15 next to the zeros there', () => {
    expect(misses('lgammaNegative', lgamma, 4, 1e-15)).toEqual([])
  })

  it('keeps the edges: poles, overflow, zeros', () => {
    for (const x of [0, -0, -1, -2, -171, -(2 ** 60), Infinity, -Infinity, 1e306]) expect(lgamma(x)).toBe(Infinity)
    expect(lgamma(Number.NaN)).toBeNaN()
    expect([Math.abs(lgamma(1)), Math.abs(lgamma(2))]).toEqual([0, 0])
    expect(lgamma(-1e-300)).toBe(lgamma(1e-300))
  })

  it('is log((n − 1)!) at whole numbers', () => {
    for (let n = 3, factorial = 2; n < 24; factorial *= n, n++) close(lgamma(n), Math.log(factorial), 1e-15)
  })

  it('obeys the recurrence log Γ(x + 1) = log Γ(x) + log x (DLMF 5.5.1)', () => {
    fc.assert(fc.property(uniform(1e-3, 1e3), (x) => close(lgamma(x + 1), lgamma(x) + Math.log(x), 2e-15, 1 + x)))
  })

  it('obeys the reflection Γ(x)Γ(1 − x) = π/sin πx (DLMF 5.5.3)', () => {
    fc.assert(
      fc.property(uniform(0.05, 0.95), fc.integer({ min: 0, max: 60 }), (f, n) => {
        const x = -n - f
        const logSine = Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x + n))))
        close(lgamma(x), logSine - lgamma(1 - x), 2e-15, 10 + n * Math.log(n + 1))
      }),
    )
  })
})

describe('digamma', () => {
  it('agrees with 50-digit references to 4 ulp, around its positive zero too', () => {
    expect(misses('digamma', digamma, 4)).toEqual([])
  })

  it('agrees on the negative axis to 4 ulp, or 2e-15 next to the zeros there', () => {
    expect(misses('digammaNegative', digamma, 4, 2e-15)).toEqual([])
  })

  it('keeps the edges', () => {
    expect([digamma(0), digamma(-0), digamma(Infinity)]).toEqual([-Infinity, Infinity, Infinity])
    for (const x of [-1, -2, -1e5, -(2 ** 60), -Infinity, Number.NaN]) expect(digamma(x)).toBeNaN()
    expect(digamma(1e-200)).toBe(-1e200)
    expect(digamma(-1e-310)).toBe(Infinity)
  })

  it('obeys the duplication ψ(2x) = (ψ(x) + ψ(x + ½))/2 + log 2 (DLMF 5.5.8)', () => {
    fc.assert(
      fc.property(uniform(1e-3, 1e4), (x) =>
        close(digamma(2 * x), (digamma(x) + digamma(x + 0.5)) / 2 + Math.LN2, 1e-15, 3 + 1 / x),
      ),
    )
  })

  it('is the slope of lgamma', () => {
    const h = 2 ** -17
    for (const x of [0.3, 1, 1.4, 2, 2.7, 5, 9, 30, -0.4, -1.3, -7.7, -21.4]) {
      close((lgamma(x + h) - lgamma(x - h)) / (2 * h), digamma(x), 1e-7, 1)
    }
  })
})

describe('polygamma', () => {
  it('agrees with 50-digit references to 6 ulp up to order 6', () => {
    for (const n of [1, 2, 3, 4, 6]) expect(misses(`polygamma${n}`, (x) => polygamma(n, x), 6)).toEqual([])
  })

  it('agrees to 30 ulp at orders 12 and 50', () => {
    for (const n of [12, 50]) expect(misses(`polygamma${n}`, (x) => polygamma(n, x), 30)).toEqual([])
  })

  it('starts at digamma, and has no value at an order that is not 0, 1, 2, …', () => {
    for (const x of [-0.3, 0.2, 7]) expect(polygamma(0, x)).toBe(digamma(x))
    for (const n of [-1, 0.5, Number.NaN]) expect(polygamma(n, 1)).toBeNaN()
  })

  it('keeps the edges: poles, overflow, limits', () => {
    for (const x of [0, -0, -1, -2, -1e5]) expect([polygamma(1, x), polygamma(3, x)]).toEqual([Infinity, Infinity])
    expect([polygamma(2, 0), polygamma(2, -0), polygamma(2, -3)]).toEqual([-Infinity, Infinity, Number.NaN])
    expect([1, 2, 3, 4].map((n) => Math.abs(polygamma(n, Infinity)))).toEqual([0, 0, 0, 0])
    for (const n of [1, 2, 3])
      expect([polygamma(n, -Infinity), polygamma(n, Number.NaN)]).toEqual([Number.NaN, Number.NaN])
    expect([trigamma(1e-155), trigamma(1e-200), trigamma(-1e-200)]).toEqual([Infinity, Infinity, Infinity])
    close(trigamma(1.4e154), 7.142857142857143e-155, 1e-15)
    expect(trigamma(1e308)).toBe(1e-308)
  })

  it('has the known values ψ′(1) = π²/6, ψ′(½) = π²/2, ψ″(1) = −2ζ(3)', () => {
    close(trigamma(1), Math.PI ** 2 / 6, 4e-16)
    close(trigamma(0.5), Math.PI ** 2 / 2, 4e-16)
    close(polygamma(2, 1), -2.4041138063191885, 4e-16)
  })

  it('obeys the recurrence ψ⁽ⁿ⁾(x + 1) = ψ⁽ⁿ⁾(x) + (−1)ⁿ n!/xⁿ⁺¹ (DLMF 5.15.5) on both half-axes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: -30, max: 30 }),
        uniform(0.01, 0.99),
        (n, whole, f) => {
          const x = whole + f
          let step = 1 / x
          for (let k = 1; k <= n; k++) step *= -k / x
          // x + 1 is rounded, which a nearby pole magnifies
          const scale = Math.abs(polygamma(n, x)) + Math.abs(step) + Math.abs(polygamma(n + 1, x + 1))
          close(polygamma(n, x + 1), polygamma(n, x) + step, 8e-15, 1 + scale)
        },
      ),
    )
  })

  it('is the slope of the order below', () => {
    const h = 2 ** -17
    for (let n = 1; n <= 6; n++) {
      for (const x of [0.3, 1, 2.7, 9, 30, -0.4, -1.3, -7.55]) {
        close((polygamma(n - 1, x + h) - polygamma(n - 1, x - h)) / (2 * h), polygamma(n, x), 1e-6, 1)
      }
    }
  })
})
