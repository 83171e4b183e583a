/** Operations on plain numbers and arrays, as a program each: for the tests of what is written over any carrier. */
import { carrierOf } from '../../src/carriers/carrier.ts'
import { type Data, dtypeOf, shapeOf } from '../../src/data.ts'
import type { Carrier } from '../../src/op.ts'
import { values as live, type Value } from '../../src/value.ts'
import { compiledCall } from './calls.ts'

export * from '../../src/carriers/numeric.ts'

const apply = compiledCall(live.apply)
const applyList = compiledCall(live.applyList)
const lift = (x: Data): Value | number => (typeof x === 'number' ? x : live.constant(x))

export const numeric: Carrier<Data> = carrierOf<Data>({
  apply: (op, a, b, args) => apply(op, lift(a), lift(b), args).raw,
  applyList: (op, inputs, args) => applyList(op, inputs.map(lift), args).raw,
  shape: shapeOf,
  dtype: dtypeOf,
  constant: (x) => x,
})
