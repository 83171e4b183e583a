/**
 * Slopes as textbooks write them, where a record's own form was chosen for its digits: a reader should recognise both.
 * Only ever shown, never computed with.
 */
import { numeric } from '../carriers/numeric.ts'
import { type Op, op, type Rule } from '../op.ts'
import { cofactors } from '../ops/linalgCofactors.ts'
import type { OpName } from './write.ts'

interface Slopes {
  readonly da?: Rule<unknown>
  readonly db?: Rule<unknown>
}

/** Of a singular matrix too, where det A · A⁻ᵀ says nothing. */
const COFACTORS: Op = op({ name: 'cofactors', forward: (a) => cofactors(numeric, a) })

export const textbook: Partial<Record<OpName, Slopes>> = {
  tanh: { da: (k, g, y) => k.mulNoNan(g, k.sub(1, k.square(y))) },
  sigmoid: { da: (k, g, y) => k.mulNoNan(g, k.mul(y, k.sub(1, y))) },
  softplus: { da: (k, g, _y, x) => k.mulNoNan(g, k.reciprocal(k.add(1, k.exp(k.neg(x))))) },
  silu: {
    da: (k, g, _y, x) => {
      const s = k.sigmoid(x)
      return k.mulNoNan(g, k.mul(s, k.add(1, k.mul(x, k.sub(1, s)))))
    },
  },
  exp2: { da: (k, g, y) => k.mulNoNan(g, k.mul(Math.LN2, y)) },
  log2: { da: (k, g, _y, x) => k.mulNoNan(g, k.reciprocal(k.mul(x, Math.LN2))) },
  log10: { da: (k, g, _y, x) => k.mulNoNan(g, k.reciprocal(k.mul(x, Math.LN10))) },
  div: { db: (k, g, _y, a, b) => k.mulNoNan(g, k.neg(k.div(a, k.square(b)))) },
  det: { da: (k, g, _y, a) => k.mulNoNan(g, k.apply(COFACTORS, a, 0, undefined)) },
  softmax: {
    da: (k, g, y, _a, _b, args) => {
      const { axes } = args as { readonly axes: readonly number[] }
      return k.mulNoNan(y, k.sub(g, k.sum(k.mulNoNan(y, g), axes, true)))
    },
  },
}
