import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { erf, erfc, normalCdf, normalPdf } from '../../../src/kernels/special/erf.ts'
import { misses, ulpsApart, uniform } from './ulps.ts'

describe('the error function and the normal distribution', () => {
  it('agree with 50-digit references to a few units in the last place, subnormal results included', () => {
    expect(misses('erf', erf, 2)).toEqual([])
    expect(misses('erfc', erfc, 4)).toEqual([])
    expect(misses('normalCdf', normalCdf, 5)).toEqual([])
    expect(misses('normalPdf', normalPdf, 4)).toEqual([])
  })

  it('keep the edges', () => {
    expect([erf(0), erf(-0), erf(Infinity), erf(-Infinity), erf(Number.NaN)]).toEqual([0, -0, 1, -1, Number.NaN])
    expect([erf(5e-324), erf(-5e-324)]).toEqual([5e-324, -5e-324])
    expect([erfc(0), erfc(-0), erfc(Infinity), erfc(-Infinity), erfc(Number.NaN)]).toEqual([1, 1, 0, 2, Number.NaN])
    expect([erfc(28), erfc(1e300), erfc(-745)]).toEqual([0, 0, 2])
    expect([-Infinity, -1e300, -39, 0, 39, Infinity, Number.NaN].map(normalCdf)).toEqual([
      0,
      0,
      0,
      0.5,
      1,
      1,
      Number.NaN,
    ])
    expect([-Infinity, -1e300, 40, Infinity, Number.NaN].map(normalPdf)).toEqual([0, 0, 0, 0, Number.NaN])
  })

  it('join without a step where the formula changes', () => {
    const below = (x: number) => x - 2 ** -52
    for (const x of [0.25, 0.85, 1.25, 3]) {
      expect(ulpsApart(erf(below(x)), erf(x))).toBeLessThan(6)
      expect(ulpsApart(erfc(below(x)), erfc(x))).toBeLessThan(40)
    }
    for (const x of [0.5, 1.25 * Math.SQRT2, 3 * Math.SQRT2]) {
      expect(Math.abs(normalCdf(below(-x)) / normalCdf(-x) - 1)).toBeLessThan(4e-15)
    }
  })

  it('erf is odd, erf + erfc = 1, Φ(x) + Φ(−x) = 1, φ is even', () => {
    fc.assert(
      fc.property(uniform(-30, 30), (x) => {
        expect(erf(-x)).toBe(-erf(x))
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThanOrEqual(4e-16)
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThanOrEqual(3e-16)
        expect(normalPdf(-x)).toBe(normalPdf(x))
      }),
    )
  })

  it('obeys the bounds of the Mills ratio in the tail, x/(x² + 1) < Φ(−x)/φ(x) < 1/x', () => {
    fc.assert(
      fc.property(uniform(2, 37), (x) => {
        const mills = normalCdf(-x) / normalPdf(x)
        expect(mills).toBeGreaterThan(x / (x * x + 1))
        expect(mills).toBeLessThan(1 / x)
      }),
    )
  })

  it('Φ is erfc with its argument scaled', () => {
    fc.assert(
      fc.property(uniform(-6, 6), (x) => {
        // the rounding of x/√2 moves the right side by up to x² units
        expect(Math.abs(normalCdf(x) / (0.5 * erfc(-x * Math.SQRT1_2)) - 1)).toBeLessThan(2e-14)
      }),
    )
  })
})
