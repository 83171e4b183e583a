import { grad, type Value, value } from '@adjoint/autograd'
import { arbitraryExpression, checkGradients } from '@adjoint/autograd/testing'
import '@adjoint/autograd/testing/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDelta, anyError, hasRightGradients, pseudoHuber, run, wrongHuber } from '../src/10-your-own-op.ts'

describe('example 10, your own operation', () => {
  it('prints what it found', () => {
    const lines: string[] = []
    const { middles, right, lucky, counterexample, report } = run((line) => lines.push(line))
    expect(lines[1]).toBe('  by squared errors 6.00, by the pseudo-Huber loss 1.11')
    expect(middles[0]).toBeCloseTo(6, 12)
    expect(lines).toContain('At 100 random places: right')
    expect(right).toBe(true)
    // One positive place misses the mistake; random ones find it, and shrink to a single negative error.
    expect(lucky).toBe(true)
    expect(counterexample).toEqual({ r: -0.25, delta: 0.25 })
    expect(report).toMatch(/The gradient is wrong at 1 of 2 places/)
    expect(report).toMatch(/reverse mode +0\.176776695/)
    expect(report).toMatch(/central differences +-0\.176776695/)
    expect(report).toMatch(/a derivative rule is wrong\. It is -1 times what it should be\./)
    expect(lines.at(-1)).toBe(report)
  })

  // From here on: how the tests of an operation of your own look.

  it('has the values of its definition, with all digits for small errors', () => {
    expect(pseudoHuber(3, 4).item()).toBeCloseTo(16 * (5 / 4 - 1), 14)
    expect(pseudoHuber(1e-9, 1).item()).toBe(5e-19)
    expect(pseudoHuber([[1], [2]], [0.5, 1, 2]).shape).toEqual([2, 3])
  })

  it('has right gradients at a place, by the matcher', () => {
    expect(pseudoHuber).toHaveCorrectGradientsAt([-3, 0.5], { order: 3 })
    expect((r: Value) => pseudoHuber(r, [0.5, 1, 2]).sum()).toHaveCorrectGradientsAt([[[1], [-2]]])
    expect(pseudoHuber).toHaveCorrectGradientsAt([value([0.5, -4], { dtype: 'float32' }), 2])
  })

  it('has right gradients wherever fast-check looks, and right gradients of those', () => {
    fc.assert(hasRightGradients(pseudoHuber))
    fc.assert(
      fc.property(anyError, anyDelta, (r, delta) => {
        expect(pseudoHuber).toHaveCorrectGradientsAt([r, delta], { order: 2 })
      }),
    )
  })

  it('works together with the built-in operations', () => {
    const number = fc.integer({ min: -8, max: 8 }).map((n) => n / 4)
    const ops = ['add', 'sub', 'mul', 'sin', 'atan', 'tanh', 'exp', 'sigmoid']
    fc.assert(
      fc.property(arbitraryExpression({ inputs: 2, depth: 3, ops }), number, number, (expression, a, b) => {
        const f = (x: Value, y: Value): Value => expression.evaluate([pseudoHuber(x, 1), y])
        expect(f).toHaveCorrectGradientsAt([a, b])
      }),
    )
  })

  it('is an odd slope between −δ and δ: a property of its own', () => {
    const slope = grad((r: Value, delta: Value) => pseudoHuber(r, delta))
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), anyDelta, (r, delta) => {
        const at = slope(r, delta).item()
        expect(at).toBe(-slope(-r, delta).item())
        expect(Math.abs(at)).toBeLessThanOrEqual(delta.item())
      }),
    )
  })

  it('fails for the wrong rule, and says where', () => {
    expect(wrongHuber).toHaveCorrectGradientsAt([3, 2])
    expect(wrongHuber).not.toHaveCorrectGradientsAt([-3, 2])
    expect(() => expect(wrongHuber).toHaveCorrectGradientsAt([[3, -3], 2])).toThrow(/argument 0, component \[1\]/)
    expect(checkGradients(wrongHuber, [-3, 2]).maxError).toBeCloseTo(2, 4)
    expect(fc.check(hasRightGradients(wrongHuber)).failed).toBe(true)
  })
})
