/** arbitraryValue and arbitraryExpression, and what they are for: laws on random programs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import { arbitraryExpression, arbitraryValue, checkGradients } from '../../src/testing/index.ts'
import { hvp } from '../../src/transforms/jacobian.ts'
import { grad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { expectClose } from '../laws/close.ts'

const point = fc.tuple(arbitraryValue({ shape: [], min: -2, max: 2 }), arbitraryValue({ shape: [2], min: -2, max: 2 }))

describe('arbitraryValue', () => {
  it('keeps to its options', () => {
    const within = (x: Value): void => {
      expect([x.shape, x.dtype, x.requiresGrad]).toEqual([[2, 3], 'float32', true])
      expect(x.data.every((t) => t >= -1 && t <= 2)).toBe(true)
    }
    fc.assert(fc.property(arbitraryValue({ shape: [2, 3], min: -1, max: 2, dtype: 'float32' }), within))
  })

  it('draws shapes of several ranks, and shrinks to a scalar 0', () => {
    const ranks = new Set(fc.sample(arbitraryValue(), 50).map((x) => x.rank))
    expect([...ranks].sort()).toEqual([0, 1, 2, 3])
    const found = fc.check(fc.property(arbitraryValue(), () => false)).counterexample as [Value] | null
    expect(found?.[0].toArray()).toBe(0)
  })
})

describe('arbitraryExpression', () => {
  it('prints what it evaluates, and shrinks', () => {
    const any = arbitraryExpression({ inputs: 2, depth: 4, ops: ['mul', 'tanh'] })
    const texts = fc.sample(any, 100).map(String)
    for (const text of texts) expect(text).toMatch(/^[x01tanhfi()*,.\-\s\d]+$/)
    expect(texts.some((text) => text.includes('tanh(') && text.includes(' * '))).toBe(true)
    const found = fc.check(fc.property(any, (e) => !String(e).includes('tanh')))
    expect(String(found.counterexample?.[0])).toMatch(/^.{0,40}tanh\(.{0,40}$/)
  })

  it('depth 0 is an input or a number', () => {
    for (const e of fc.sample(arbitraryExpression({ inputs: 1, depth: 0 }), 20))
      expect(String(e)).toMatch(/^(x0|-?[\d.]+)$/)
  })

  it('refuses what is not smooth or not there', () => {
    expect(() => arbitraryExpression({ inputs: 1, depth: 1, ops: ['nope'] })).toThrow(DomainError)
    expect(() => arbitraryExpression({ inputs: 1, depth: 1, ops: ['gt'] })).toThrow(
      "arbitraryExpression: there is no smooth operation 'gt'. Use the name of an elementwise one, 'tanh' say.",
    )
  })
})

describe('laws on random expressions', () => {
  const expressions = arbitraryExpression({ inputs: 2, depth: 4 })

  it('reverse = forward = differences, to the second order', () => {
    const holds = ([x, y]: [Value, Value], e: { evaluate(list: Value[]): Value }): void => {
      const { ok, report } = checkGradients((a: Value, b: Value) => e.evaluate([a, b]), [x, y], {
        order: 2,
        tolerance: 1e-5,
      })
      expect(ok, report).toBe(true)
    }
    fc.assert(fc.property(point, expressions, holds))
  })

  it('grad of grad = hvp', () => {
    const holds = (x: Value, e: { evaluate(list: Value[]): Value }): void => {
      const f = (t: Value): Value => e.evaluate([t, t.mul(0.5)]).sum()
      const second = grad((t: Value) => (grad(f)(t) as Value).sum())(x) as Value
      const wanted = hvp(f)(x, x.detach().mul(0).add(1)) as Value
      expectClose(second, wanted, 1e-9)
    }
    fc.assert(fc.property(arbitraryValue({ shape: [3], min: -2, max: 2 }), expressions, holds))
  })
})
