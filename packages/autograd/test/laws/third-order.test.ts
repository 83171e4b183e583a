/** Law: grad(grad(grad(f))) of smooth unary operations equals the differences of grad(grad(f)), and forward mode of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant } from '../../src/create.ts'
import { checkGradients } from '../../src/testing/check.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { grad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { differentiable, fewRuns } from './cases.ts'
import { expectClose } from './close.ts'

const unary = differentiable.filter(({ op, title }) => op.smooth?.domain.length === 1 && title.includes(' []'))

describe('third order', () => {
  it.each(unary)('$title', ({ apply, inputs }) => {
    const f = (x: Value): Value => apply([x])
    const second = grad(grad(f)) as (x: Value) => Value
    const holds = ([x]: Value[]): void => {
      const third = grad(second)(x as Value) as Value
      expectClose(third, jvp(second, [x as Value], [constant(1)]).tangent as Value)
      const { ok, report } = checkGradients(second, [x as Value])
      expect(ok, report).toBe(true)
    }
    fc.assert(fc.property(inputs(), holds), fewRuns)
  })
})
