/** Softmax and its logarithm. */
import * as kernel from '../kernels/softmax.ts'
import { type Carrier, type Op, op } from '../op.ts'

type BlockArgs = { readonly axes: readonly number[] }

/**
 * s ∘ (g − Σ s·g), the product with softmax's (symmetric) Jacobian. The cotangent is first taken relative to the one at
 * the largest s: that changes nothing (Σ s = 1), and keeps the digits where one s is next to 1.
 */
function pull<T>(k: Carrier<T>, g: T | number, s: T, axes: readonly number[]): T {
  const top = k.max(s, axes, true)
  const mask = k.eq(s, top)
  const anchor = k.div(k.sum(k.mulNoNan(mask, g), axes, true), k.sum(mask, axes, true))
  const relative = k.sub(g, anchor)
  return k.mulNoNan(s, k.sub(relative, k.sum(k.mulNoNan(s, relative), axes, true)))
}

export const softmax: Op<BlockArgs> = op({
  name: 'softmax',
  linearity: 'custom',
  forward: (x, _, { axes }) => kernel.softmax(x, axes),
  da: (k, g, y, _a, _b, { axes }) => pull(k, g, y, axes),
  push: (k, t, y, _a, _b, { axes }) => pull(k, t, y, axes),
})

/** 1 − softmax: its Jacobian is softmax's, negated. */
export const softmaxComplement: Op<BlockArgs> = op({
  name: 'softmaxComplement',
  linearity: 'custom',
  forward: (x, _, { axes }) => kernel.softmaxComplement(x, axes),
  da: (k, g, _y, a, _b, { axes }) => k.neg(pull(k, g, k.softmax(a, axes), axes)),
  push: (k, t, _y, a, _b, { axes }) => k.neg(pull(k, t, k.softmax(a, axes), axes)),
})

/**
 * ∂/∂xᵢ Σⱼ gⱼ·yⱼ = gᵢ(1 − sᵢ) − sᵢ·Σ_{j≠i} gⱼ. Written with 1 − s as an operation of its own, the gradient of a
 * confident cross-entropy keeps its digits: −(1 − s) would be 0 where s rounds to 1.
 */
export const logSoftmax: Op<BlockArgs> = op({
  name: 'logSoftmax',
  linearity: 'custom',
  forward: (x, _, { axes }) => kernel.logSoftmax(x, axes),
  da: (k, g, _y, a, _b, { axes }) => {
    const others = k.sub(k.sum(g, axes, true), g)
    const own = k.mulNoNan(g, k.softmaxComplement(a, axes))
    return k.sub(own, k.mulNoNan(k.softmax(a, axes), others))
  },
  push: (k, t, _y, a, _b, { axes }) => {
    const s = k.softmax(a, axes)
    const own = k.mulNoNan(t, k.softmaxComplement(a, axes))
    const all = k.mulNoNan(s, t)
    return k.sub(own, k.sub(k.sum(all, axes, true), all))
  },
})
