/** The carrier of first-order gradients: rules run over plain numbers and arrays, and no graph is built for them. */
import { type Data, dtypeOf, filled, type NdArray, shapeOf } from '../data.ts'
import type { Reader } from '../graph.ts'
import type { Carrier } from '../op.ts'
import { table } from '../ops/table.ts'
import { sameShape } from '../shape.ts'
import { carrierOf } from './carrier.ts'
import { unbroadcast } from './fit.ts'

const general = carrierOf<Data>({
  apply: (op, a, b, args) => op.forward(a, b, args),
  applyList: (op, inputs, args) => op.forwardList(inputs, args),
  shape: shapeOf,
  dtype: dtypeOf,
  constant: (x) => x,
})

/** The general carrier, with the operations that scalar graphs live on written out for two numbers. */
export const numeric: Carrier<Data> = {
  ...general,
  add: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : table.add.forward(a, b, undefined)),
  sub: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : table.sub.forward(a, b, undefined)),
  mul: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : table.mul.forward(a, b, undefined)),
  div: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a / b : table.div.forward(a, b, undefined)),
  mulNoNan: (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return table.mulNoNan.forward(a, b, undefined)
    const product = a * b
    return product === product || (a !== 0 && b !== 0) ? product : 0
  },
  neg: (a) => (typeof a === 'number' ? -a : table.neg.forward(a, 0, undefined)),
}

/** First order: nodes are seen as their data. */
export const numericReader: Reader<Data> = {
  k: numeric,
  plain: true,
  fit: (share, { raw }) => {
    if (typeof share === 'number') return typeof raw === 'number' ? share : filled(raw.shape, share, dtypeOf(raw))
    if (typeof raw !== 'number' && sameShape(share.shape, raw.shape) && sameType(share, raw)) return share
    return unbroadcast(numeric, share, shapeOf(raw), dtypeOf(raw))
  },
}

function sameType(a: NdArray, b: NdArray): boolean {
  return a.data instanceof Float32Array === b.data instanceof Float32Array
}
