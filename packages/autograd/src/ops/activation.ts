/** Activation functions of networks. Their slopes keep their digits in the saturated tails, and have limits at ±∞. */
import { reluLoop, sigmoidLoop, stepLoop } from '../kernels/loops.ts'
import { normalCdf as cdf } from '../kernels/special/erf.ts'
import type { Op } from '../op.ts'
import { unary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]

function logistic(x: number): number {
  const e = Math.exp(x < 0 ? x : -x)
  return (x < 0 ? e : 1) / (1 + e)
}

function softPlus(x: number): number {
  return (x > 0 ? x : 0) + Math.log1p(Math.exp(x > 0 ? -x : x))
}

/** x·y where a factor of 0 wins: the limit at −∞ of x times something that decays exponentially. */
function decaying(x: number, factor: number): number {
  return factor === 0 ? 0 : x * factor
}

/** σ′(x) = σ(x)·σ(−x) = ¼·sech²(x/2), which also gives σ″ its digits at 0. */
export const sigmoid: Op = unary('sigmoid', {
  forward: logistic,
  loop: sigmoidLoop,
  derivative: (k, x) => k.mul(0.25, k.sechSquared(k.mul(0.5, x))),
  smooth: { domain: [reals], reference: [[0.75, 0.679178699175393]] },
})

export const logSigmoid: Op = unary('logSigmoid', {
  forward: (x) => -softPlus(-x),
  derivative: (k, x) => k.sigmoid(k.neg(x)),
  smooth: { domain: [reals], reference: [[-0.5, -0.9740769841801067]] },
})

export const softplus: Op = unary('softplus', {
  forward: softPlus,
  derivative: (k, x) => k.sigmoid(x),
  smooth: { domain: [reals], reference: [[-0.5, 0.4740769841801067]] },
})

/** 1 for x > 0, else 0: the output of a perceptron. Its derivative is 0. */
export const step: Op = unary('step', {
  forward: (x) => (x > 0 ? 1 : x <= 0 ? 0 : x),
  loop: stepLoop,
  derivative: () => 0,
  smooth: {
    domain: [reals],
    kinks: [0],
    reference: [
      [0.75, 1],
      [-0.5, 0],
      [0, 0],
    ],
  },
})

export const relu: Op = unary('relu', {
  forward: (x) => (x <= 0 ? 0 : x),
  loop: reluLoop,
  derivative: (k, x) => k.step(x),
  smooth: {
    domain: [reals],
    kinks: [0],
    reference: [
      [0.75, 0.75],
      [-0.5, 0],
    ],
  },
})

export const leakyRelu: Op<{ readonly slope: number }> = unary('leakyRelu', {
  forward: (x, { slope }) => (x > 0 ? x : slope * x),
  derivative: (k, x, _y, { slope }) => k.where(k.gt(x, 0), 1, slope),
  smooth: {
    args: { slope: 0.1 },
    domain: [reals],
    kinks: [0],
    reference: [
      [0.75, 0.75],
      [-0.5, -0.05],
    ],
  },
})

export const elu: Op<{ readonly alpha: number }> = unary('elu', {
  forward: (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
  derivative: (k, x, _y, { alpha }) => k.where(k.gt(x, 0), 1, k.mul(alpha, k.exp(x))),
  smooth: {
    args: { alpha: 1 },
    domain: [reals],
    kinks: [0],
    reference: [
      [0.75, 0.75],
      [-0.5, -0.3934693402873666],
    ],
  },
})

// Klambauer et al., Self-Normalizing Neural Networks, 2017.
const SELU_ALPHA = 1.6732632423543772
const SELU_SCALE = 1.0507009873554805

export const selu: Op = unary('selu', {
  forward: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  derivative: (k, x) => k.where(k.gt(x, 0), SELU_SCALE, k.mul(SELU_SCALE * SELU_ALPHA, k.exp(x))),
  smooth: {
    domain: [reals],
    kinks: [0],
    reference: [
      [-0.5, -0.6917581878028713],
      [1.5, 1.5760514810332207],
    ],
  },
})

/** x·Φ(x); slope Φ(x) + x·φ(x). Hendrycks & Gimpel, Gaussian Error Linear Units, 2016. */
export const gelu: Op = unary('gelu', {
  forward: (x) => decaying(x, cdf(x)),
  derivative: (k, x) => k.add(k.normalCdf(x), k.mulNoNan(x, k.normalPdf(x))),
  smooth: { domain: [reals], reference: [[0.75, 0.5800294857173488]] },
})

const GELU_1 = 2 * Math.sqrt(2 / Math.PI)
const GELU_3 = 0.044715 * GELU_1

/** The tanh form ½x(1 + tanh u) equals x·σ(2u), which does not cancel for negative x. */
export const geluTanh: Op = unary('geluTanh', {
  forward: (x) => decaying(x, logistic(x * (GELU_1 + GELU_3 * x * x))),
  derivative: (k, x) => {
    const squared = k.square(x)
    const z = k.mul(x, k.add(GELU_1, k.mul(GELU_3, squared)))
    const slope = k.mulNoNan(x, k.mul(0.25, k.sechSquared(k.mul(0.5, z))))
    return k.add(k.sigmoid(z), k.mulNoNan(slope, k.add(GELU_1, k.mul(3 * GELU_3, squared))))
  },
  smooth: { domain: [reals], reference: [[-0.5, -0.15428599017485609]] },
})

/** x·σ(x); slope σ(x) + x·σ′(x). */
export const silu: Op = unary('silu', {
  forward: (x) => decaying(x, logistic(x)),
  derivative: (k, x) => k.add(k.sigmoid(x), k.mulNoNan(x, k.mul(0.25, k.sechSquared(k.mul(0.5, x))))),
  smooth: { domain: [reals], reference: [[-0.5, -0.18877033439907273]] },
})

/** x·tanh(softplus(x)); Misra, Mish, 2019. */
export const mish: Op = unary('mish', {
  forward: (x) => decaying(x, Math.tanh(softPlus(x))),
  derivative: (k, x) => {
    const s = k.softplus(x)
    return k.add(k.tanh(s), k.mulNoNan(x, k.mul(k.sechSquared(s), k.sigmoid(x))))
  },
  smooth: { domain: [reals], reference: [[-0.5, -0.22074377465173]] },
})

export const softsign: Op = unary('softsign', {
  forward: (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x / (1 + Math.abs(x))),
  derivative: (k, x) => k.square(k.reciprocal(k.add(1, k.abs(x)))),
  smooth: { domain: [reals], kinks: [0], reference: [[-0.5, -0.3333333333333333]] },
})

export type Bounds = { readonly min: number; readonly max: number }

/** 1 from `min` to `max`, 0 outside: the slope of clamp (1 at the bounds, as PyTorch has it). */
export const inside: Op<Bounds> = unary('inside', {
  forward: (x, { min, max }) => (x >= min && x <= max ? 1 : x === x ? 0 : x),
  derivative: () => 0,
  smooth: {
    args: { min: -1, max: 2 },
    domain: [reals],
    kinks: [-1, 2],
    reference: [
      [0.75, 1],
      [2.5, 0],
    ],
  },
})

export const clamp: Op<Bounds> = unary('clamp', {
  forward: (x, { min, max }) => (x < min ? min : x > max ? max : x),
  derivative: (k, x, _y, { min, max }) => k.inside(x, min, max),
  smooth: {
    args: { min: -1, max: 2 },
    domain: [reals],
    kinks: [-1, 2],
    reference: [
      [0.75, 0.75],
      [2.5, 2],
    ],
  },
})

export const relu6: Op = unary('relu6', {
  forward: (x) => (x <= 0 ? 0 : x > 6 ? 6 : x),
  derivative: (k, x) => k.inside(x, 0, 6),
  smooth: {
    domain: [[-3, 9]],
    kinks: [0, 6],
    reference: [
      [0.75, 0.75],
      [7, 6],
      [-0.5, 0],
    ],
  },
})

/** relu6(x + 3)/6 */
export const hardSigmoid: Op = unary('hardSigmoid', {
  forward: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6),
  derivative: (k, x) => k.div(k.inside(x, -3, 3), 6),
  smooth: {
    domain: [[-5, 5]],
    kinks: [-3, 3],
    reference: [
      [0.75, 0.625],
      [4, 1],
      [-4, 0],
    ],
  },
})

/** x·relu6(x + 3)/6 */
export const hardSwish: Op = unary('hardSwish', {
  forward: (x) => (x <= -3 ? 0 : x >= 3 ? x : x * ((x + 3) / 6)),
  derivative: (k, x) => {
    const between = k.mulNoNan(k.inside(x, -3, 3), k.div(k.add(k.mul(2, x), 3), 6))
    return k.add(between, k.gt(x, 3))
  },
  smooth: {
    domain: [[-5, 5]],
    kinks: [-3, 3],
    reference: [
      [0.75, 0.46875],
      [4, 4],
      [-4, 0],
    ],
  },
})
