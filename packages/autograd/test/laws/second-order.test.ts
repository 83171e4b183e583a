/** Laws: the ways to a second derivative agree. Gradient of the gradient, hessian, hvp, forward over reverse, reverse over forward. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { jvp } from '../../src/transforms/forward.ts'
import { hessian, hvp } from '../../src/transforms/jacobian.ts'
import { grad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns, inner, irregular } from './cases.ts'
import { expectClose } from './close.ts'

/** Σᵢ H[i, …]·vᵢ over blocks of the Hessian: row `x` of H times the tangents. */
function times(row: readonly Value[], tangents: readonly Value[], x: Value): Value {
  const products = row.map((block, j) => {
    const v = tangents[j] as Value
    return block
      .reshape([x.size, v.size])
      .matmul(v.reshape([v.size]))
      .reshape(x.shape)
  })
  return products.reduce((a, b) => a.add(b))
}

describe('all ways to the Hessian times a vector agree', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const f = (list: Value[]): Value => {
      const y = apply(list)
      return inner(y.square().mul(0.5).add(y), irregular(y))
    }
    const slopeOfSlope = grad((xs: Value[], v: Value[]) => {
      const slopes = grad(f)(xs) as Value[]
      return slopes.map((g, i) => inner(g, v[i] as Value)).reduce((a, b) => a.add(b))
    })
    const slopeOfTangent = grad((xs: Value[], v: Value[]) => jvp(f, [xs], [v]).tangent as Value)
    const holds = (list: Value[]): void => {
      const v = list.map((x, i) => irregular(x, i))
      const products = hvp(f)(list, v) as Value[]
      const reverseOverReverse = slopeOfSlope(list, v) as Value[]
      const reverseOverForward = slopeOfTangent(list, v) as Value[]
      const rows = hessian(f)(list) as unknown as Value[][]
      products.forEach((product, i) => {
        expectClose(reverseOverReverse[i] as Value, product, 1e-10, 'reverse over reverse')
        expectClose(reverseOverForward[i] as Value, product, 1e-10, 'reverse over forward')
        expectClose(times(rows[i] as Value[], v, list[i] as Value), product, 1e-10, 'hessian')
      })
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })
})

describe('the Hessian is symmetric, ⟨u, Hv⟩ = ⟨Hu, v⟩', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const f = (list: Value[]): Value => apply(list).square().sum()
    const total = (a: readonly Value[], b: readonly Value[]): Value =>
      a.map((x, i) => inner(x, b[i] as Value)).reduce((x, y) => x.add(y))
    const holds = (list: Value[]): void => {
      const [u, v] = [list.map((x, i) => irregular(x, i)), list.map((x, i) => irregular(x, i + 7))]
      expectClose(total(u, hvp(f)(list, v) as Value[]), total(v, hvp(f)(list, u) as Value[]), 1e-10)
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })
})
