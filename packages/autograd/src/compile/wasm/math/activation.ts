/** Activation functions, from exponentials that cannot overflow. */
import { exp, expm1, sigmoid } from './exponential.ts'
import { type Formulas, inDoublePrecision } from './formula.ts'
import type { Lanes, Operand, Vector } from './lanes.ts'

const GELU_1 = 2 * Math.sqrt(2 / Math.PI)
const GELU_3 = 0.044715 * GELU_1
// Klambauer et al., Self-Normalizing Neural Networks, 2017.
const SELU_ALPHA = 1.6732632423543772
const SELU_SCALE = 1.0507009873554805

/** x·factor, where a factor of 0 wins. */
function decaying(f: Lanes, x: Vector, factor: Vector): Vector {
  return f.select(f.eq(factor, 0), 0, f.mul(x, factor))
}

/** alpha·(exp(x) − 1) below 0. */
function exponentialBelow(f: Lanes, x: Vector, alpha: Operand): Vector {
  return f.select(f.lt(0, x), x, f.mul(alpha, f.copySign(expm1(f, f.min(x, 0)), x)))
}

/**
 * x·tanh(log(1 + eˣ)) = x·n/(n + 2), n = eˣ·(eˣ + 2). With e = exp(−|x|) that is e·(e + 2) below 0; above, n and n + 2
 * times e²: 1 + 2e and 1 + 2e + 2e².
 */
function mish(f: Lanes, x: Vector): Vector {
  const e = exp(f, f.neg(f.abs(x)))
  const below = f.lt(x, 0)
  const n = f.select(below, f.mul(e, f.add(e, 2)), f.add(1, f.add(e, e)))
  const more = f.select(below, 2, f.mul(2, f.mul(e, e)))
  return decaying(f, x, f.div(n, f.add(n, more)))
}

/** ½x·(1 + tanh u) = x·σ(2u). */
function geluTanh(f: Lanes, x: Vector): Vector {
  return decaying(f, x, sigmoid(f, f.mul(x, f.add(GELU_1, f.mul(f.mul(GELU_3, x), x)))))
}

export const activation: Formulas = {
  silu: (f, x) => decaying(f, x, sigmoid(f, x)),
  mish,
  // The rounding of a large u would show in f32
  ...inDoublePrecision({ geluTanh }),
  elu: (f, x, _, args) => exponentialBelow(f, x, (args as { readonly alpha: number }).alpha),
  selu: (f, x) => f.mul(SELU_SCALE, exponentialBelow(f, x, SELU_ALPHA)),
  softsign: (f, x) => {
    const size = f.abs(x)
    const limit = f.copySign(1, x)
    return f.select(f.eq(size, Number.POSITIVE_INFINITY), limit, f.div(x, f.add(1, size)))
  },
}
