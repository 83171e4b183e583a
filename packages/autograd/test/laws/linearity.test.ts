/** Law: the pullback is linear in the cotangent, Jᵀ(αg + βh) = αJᵀg + βJᵀh. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vjp } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns, irregular } from './cases.ts'
import { expectClose } from './close.ts'

describe('the pullback is linear in the cotangent', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const f = (args: Value[]): Value => apply(args)
    const holds = (list: Value[]): void => {
      const { value, pullback } = vjp(f, list)
      const [g, h] = [irregular(value), irregular(value, 5)]
      const [one, two, both] = [pullback(g), pullback(h), pullback(g.mul(1.5).sub(h.mul(0.25)))]
      both.forEach((sum, i) => {
        expectClose(sum, (one[i] as Value).mul(1.5).sub((two[i] as Value).mul(0.25)))
      })
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })

  it('a cotangent of zeros pulls back zeros', () => {
    for (const { title, apply, inputs } of differentiable) {
      const [list = []] = fc.sample(inputs(), 1)
      const { value, pullback } = vjp((args: Value[]) => apply(args), list)
      for (const g of pullback(value.mul(0)))
        expect(
          g.data.every((x) => x === 0),
          title,
        ).toBe(true)
    }
  })
})
