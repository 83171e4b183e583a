/** Law: the adjoint identity ⟨v, Jᵀg⟩ = ⟨Jv, g⟩ between reverse and forward mode, also of the gradient. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jvp } from '../../src/transforms/forward.ts'
import { grad, vjp } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns, inner, irregular } from './cases.ts'

type Function = (list: Value[]) => Value | Value[]

/** ⟨v, Jᵀg⟩ and ⟨Jv, g⟩ agree to rounding. */
function expectAdjoint(f: Function, list: Value[]): void {
  const tangents = list.map((x, i) => irregular(x, i))
  const { tangent } = jvp(f, [list], [tangents])
  const outputs = [tangent].flat() as Value[]
  const cotangents = outputs.map((y, i) => irregular(y, 3 + i))
  const { pullback } = vjp(f, list)
  const pulled = pullback((Array.isArray(tangent) ? cotangents : cotangents[0]) as never) as unknown as Value[]
  const total = (xs: readonly Value[], ys: readonly Value[]): number =>
    xs.reduce((sum, x, i) => sum + inner(x, ys[i] as Value).item(), 0)
  const [reverse, forward] = [total(tangents, pulled), total(outputs, cotangents)]
  expect(Math.abs(reverse - forward)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(reverse)))
}

describe('⟨v, Jᵀg⟩ = ⟨Jv, g⟩', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    fc.assert(
      fc.property(inputs(), (list) => expectAdjoint(apply, list)),
      fewRuns,
    )
  })
})

describe('the same of the gradient', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const slope = grad((list: Value[]) => {
      const y = apply(list)
      return inner(y.square().mul(0.5).add(y), irregular(y))
    })
    fc.assert(
      fc.property(inputs(), (list) => expectAdjoint(slope as Function, list)),
      fewRuns,
    )
  })
})
