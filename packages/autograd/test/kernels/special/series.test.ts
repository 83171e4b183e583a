import { describe, expect, it } from 'vitest'
import { cotPi, cotPiDerivative, distanceToInteger } from '../../../src/kernels/special/reflection.ts'
import { polynomial, ratio } from '../../../src/kernels/special/series.ts'

describe('series', () => {
  it('evaluates polynomials and their ratios, lowest degree first', () => {
    expect(polynomial([1, 2, 3], 2)).toBe(17)
    expect(polynomial([], 2)).toBe(0)
    expect(ratio([1, 2, 3], [1, 0, 4], 2)).toBe(1)
  })
})

describe('reflection', () => {
  it('reduces exactly, and keeps the sign of zero', () => {
    expect([3.25, -7.75, 2 ** 53, -(2 ** -40)].map(distanceToInteger)).toEqual([0.25, 0.25, 0, -(2 ** -40)])
    expect(distanceToInteger(-0)).toBe(-0)
    expect(distanceToInteger(-5 + 2 ** -50)).toBe(2 ** -50)
  })

  it('has cot 0 at one half, and the known derivatives at one quarter', () => {
    expect(cotPi(0.5)).toBe(0)
    expect(cotPi(0.25)).toBeCloseTo(1, 15)
    expect(cotPi(-0.375)).toBeCloseTo(-Math.tan(Math.PI / 8), 15)
    // π cot πr and its derivatives −π²(1 + c²), 2π³c(1 + c²), −2π⁴(1 + c²)(1 + 3c²), with c = 1
    const expected = [Math.PI, -2 * Math.PI ** 2, 4 * Math.PI ** 3, -16 * Math.PI ** 4]
    expected.forEach((value, n) => {
      expect(cotPiDerivative(n, 0.25) / value).toBeCloseTo(1, 14)
    })
  })
})
