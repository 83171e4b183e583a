/** Law: a compiled function gives what the function gives, and so do its derivatives. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { hvp } from '../../src/transforms/jacobian.ts'
import { valueAndGrad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'
import { cases, differentiable, fewRuns, inner, irregular } from './cases.ts'
import { expectClose } from './close.ts'

const targets = ['wasm', 'js'] as const

describe.each(targets)('compiled to %s equals eager', (target) => {
  it.each(cases)('$title', ({ apply, inputs }) => {
    const compiled = compile((list: Value[]): Value => apply(list), { target })
    fc.assert(
      fc.property(inputs(), (list) => expectClose(compiled(list), apply(list))),
      fewRuns,
    )
  })

  it.each(cases)('in float32: $title', ({ apply, inputs }) => {
    const compiled = compile((list: Value[]): Value => apply(list), { target })
    fc.assert(
      fc.property(inputs('float32'), (list) => expectClose(compiled(list), apply(list), 1e-5)),
      fewRuns,
    )
  })

  it.each(differentiable)('the gradient of $title', ({ apply, inputs }) => {
    const f = (list: Value[]): Value => {
      const y = apply(list)
      return inner(y.square().mul(0.5).add(y), irregular(y))
    }
    const eager = valueAndGrad(f)
    const compiled = compile(eager, { target })
    fc.assert(
      fc.property(inputs(), (list) => {
        const wanted = eager(list)
        const got = compiled(list)
        expectClose(got.value, wanted.value)
        for (const [i, g] of (wanted.grad as Value[]).entries())
          expectClose((got.grad as Value[])[i] as Value, g, 1e-10)
      }),
      fewRuns,
    )
  })

  it.each(differentiable)('the Hessian times a vector of $title', ({ apply, inputs }) => {
    const f = (list: Value[]): Value => apply(list).square().sum()
    const eager = (list: Value[]): Value[] => hvp(f)(list, list.map(irregular)) as Value[]
    const compiled = compile(eager, { target })
    fc.assert(
      fc.property(inputs(), (list) => {
        const wanted = eager(list)
        for (const [i, y] of compiled(list).entries()) expectClose(y, wanted[i] as Value, 1e-10)
      }),
      fewRuns,
    )
  })
})
