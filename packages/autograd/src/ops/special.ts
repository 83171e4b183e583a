/** The error function and the gamma function, with their families. */
import * as erfs from '../kernels/special/erf.ts'
import * as gamma from '../kernels/special/gamma.ts'
import type { Op } from '../op.ts'
import { unary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]
const positive: readonly [number, number] = [0.3, 5]
const TWO_OVER_SQRT_PI = 1.1283791670955126

/** DLMF 7.2.1; the slope is 2/√π·exp(−x²). */
export const erf: Op = unary('erf', {
  forward: erfs.erf,
  derivative: (k, x) => k.mul(TWO_OVER_SQRT_PI, k.exp(k.neg(k.square(x)))),
  smooth: { domain: [reals], reference: [[0.75, 0.7111556336535151]] },
})

export const erfc: Op = unary('erfc', {
  forward: erfs.erfc,
  derivative: (k, x) => k.mul(-TWO_OVER_SQRT_PI, k.exp(k.neg(k.square(x)))),
  smooth: { domain: [reals], reference: [[1.5, 0.033894853524689274]] },
})

export const normalCdf: Op = unary('normalCdf', {
  forward: erfs.normalCdf,
  derivative: (k, x) => k.normalPdf(x),
  smooth: { domain: [reals], reference: [[-0.5, 0.3085375387259869]] },
})

export const normalPdf: Op = unary('normalPdf', {
  forward: erfs.normalPdf,
  derivative: (k, x, y) => k.neg(k.mulNoNan(x, y)),
  smooth: { domain: [reals], reference: [[0.75, 0.30113743215480443]] },
})

/** log|Γ(x)|, DLMF 5.2. */
export const lgamma: Op = unary('lgamma', {
  forward: gamma.lgamma,
  derivative: (k, x) => k.polygamma(x, 0),
  smooth: { domain: [positive], reference: [[0.75, 0.20328095143129538]] },
})

/** The derivative of order `order` of the digamma function, DLMF 5.15; order 0 is digamma itself. */
export const polygamma: Op<{ readonly order: number }> = unary('polygamma', {
  forward: (x, { order }) => gamma.polygamma(order, x),
  derivative: (k, x, _y, { order }) => k.polygamma(x, order + 1),
  smooth: { args: { order: 1 }, domain: [positive], reference: [[0.75, 2.5418796476716063]] },
})
