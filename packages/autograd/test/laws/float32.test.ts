/** Law: in float32 an operation and its gradient are those of float64 up to the rounding of float32. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { value } from '../../src/create.ts'
import { vjp } from '../../src/transforms/reverse.ts'
import { type Value, values } from '../../src/value.ts'
import { differentiable, fewRuns, irregular } from './cases.ts'
import { expectClose } from './close.ts'

describe('float32 = float64 up to rounding', () => {
  it.each(differentiable)('$title', ({ apply, inputs }) => {
    const f = (args: Value[]): Value => apply(args)
    const holds = (list: Value[]): void => {
      const wide = list.map((x) => value(x.data, { shape: x.shape, dtype: 'float64' }))
      const [a, b] = [list, wide].map((xs) => vjp(f, xs)) as [ReturnType<typeof vjp>, ReturnType<typeof vjp>]
      const [y, z] = [a.value as Value, b.value as Value]
      expectClose(values.cast(y, 'float64'), z, 3e-6, 'value')
      const narrow = a.pullback(irregular(y)) as unknown as Value[]
      const exact = b.pullback(irregular(z)) as unknown as Value[]
      narrow.forEach((g, i) => {
        expectClose(values.cast(g, 'float64'), exact[i] as Value, 3e-5, `gradient ${i}`)
      })
    }
    fc.assert(fc.property(inputs('float32'), holds), fewRuns)
  })
})
