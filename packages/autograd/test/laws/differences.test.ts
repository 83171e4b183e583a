/** Law: reverse mode = forward mode = central differences, for the first and the second derivative. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradients } from '../../src/testing/check.ts'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns } from './cases.ts'

describe('reverse mode = forward mode = central differences', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const f = (...args: Value[]): Value => apply(args)
    const holds = (list: Value[]): void => {
      const { ok, report } = checkGradients(f, list, { order: 2 })
      expect(ok, report).toBe(true)
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })
})
