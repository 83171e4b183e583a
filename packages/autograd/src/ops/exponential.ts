/** Exponentials and logarithms. */
import { expLoop } from '../kernels/loops.ts'
import type { Op } from '../op.ts'
import { binary, unary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]
const positive: readonly [number, number] = [0.2, 4]

export const exp: Op = unary('exp', {
  forward: Math.exp,
  loop: expLoop,
  derivative: (_k, _x, y) => y,
  smooth: { domain: [reals], reference: [[0.75, 2.117000016612675]] },
})

/** The slope log 2·2ˣ as 2·log 2·2ˣ⁻¹, which is still finite where 2ˣ just is not. */
export const exp2: Op = unary('exp2', {
  forward: (x) => 2 ** x,
  derivative: (k, x) => k.mul(2 * Math.LN2, k.exp2(k.sub(x, 1))),
  smooth: { domain: [reals], reference: [[0.75, 1.681792830507429]] },
})

/** The derivative is exp(x), not y + 1, which loses its digits for negative x. */
export const expm1: Op = unary('expm1', {
  forward: Math.expm1,
  derivative: (k, x) => k.exp(x),
  smooth: { domain: [reals], reference: [[-0.5, -0.3934693402873666]] },
})

export const log: Op = unary('log', {
  forward: Math.log,
  derivative: (k, x) => k.reciprocal(x),
  smooth: { domain: [positive], reference: [[0.75, -0.2876820724517809]] },
})

export const log2: Op = unary('log2', {
  forward: Math.log2,
  derivative: (k, x) => k.div(Math.LOG2E, x),
  smooth: { domain: [positive], reference: [[0.75, -0.4150374992788438]] },
})

export const log10: Op = unary('log10', {
  forward: Math.log10,
  derivative: (k, x) => k.div(Math.LOG10E, x),
  smooth: { domain: [positive], reference: [[0.75, -0.12493873660829995]] },
})

export const log1p: Op = unary('log1p', {
  forward: Math.log1p,
  derivative: (k, x) => k.reciprocal(k.add(1, x)),
  smooth: { domain: [[-0.8, 4]], reference: [[-0.5, -0.6931471805599453]] },
})

/** log(eᵃ + eᵇ): the larger one plus log1p of the ratio. */
function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}

export const logaddexp: Op = binary('logaddexp', {
  forward: logAddExp,
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.sigmoid(k.gap(a, b))),
  db: (k, g, _y, a, b) => k.mulNoNan(g, k.sigmoid(k.gap(b, a))),
  smooth: {
    domain: [reals, reals],
    reference: [
      [0.75, 1.5, 1.8868710061148999],
      [2.25, -0.5, 2.3119675890031988],
    ],
  },
})

/** a − b, and 0 for two equal infinities: a difference of exponents in which ∞ − ∞ means "the same". */
export const gap: Op = binary('gap', {
  forward: (a, b) => (a === b ? 0 : a - b),
  da: (_k, g) => g,
  db: (k, g) => k.neg(g),
  smooth: { domain: [reals, reals], reference: [[0.75, -0.5, 1.25]] },
})
