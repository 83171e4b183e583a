/** Law: a backward pass leaves nothing behind but what it added: twice is exactly double, everywhere in the graph. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns, irregular } from './cases.ts'

describe('backward twice is exactly double', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const holds = (list: Value[]): void => {
      for (const x of list) x.zeroGrad()
      const y = apply(list)
      const seed = irregular(y)
      y.backward({ seed })
      const once = list.map((x) => x.grad.data.slice())
      y.backward({ seed })
      list.forEach((x, i) => {
        expect(x.grad.data).toEqual(once[i]?.map((g) => 2 * g))
      })
      expect(y.grad.data).toEqual(seed.data.map((g) => 2 * g))
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })
})
