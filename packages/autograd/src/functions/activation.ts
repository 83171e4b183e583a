/** Activation functions, elementwise. */
import { type Operand, readOperand, type Value } from '../value.ts'

/** The logistic function 1/(1 + e⁻ˣ), in (0, 1). @example sigmoid(0) // 0.5 */
export function sigmoid(x: Operand): Value {
  return readOperand('sigmoid', x).sigmoid()
}

/** log(sigmoid(x)), without overflow for large −x. @example logSigmoid(-1000) // -1000 */
export function logSigmoid(x: Operand): Value {
  return readOperand('logSigmoid', x).logSigmoid()
}

/** log(1 + eˣ), without overflow: a smooth relu. @example softplus(1000) // 1000 */
export function softplus(x: Operand): Value {
  return readOperand('softplus', x).softplus()
}

/** max(x, 0), with slope 0 at 0. @example relu([-1, 2]) // [0, 2] */
export function relu(x: Operand): Value {
  return readOperand('relu', x).relu()
}

/** min(max(x, 0), 6). @example relu6([-1, 2, 9]) // [0, 2, 6] */
export function relu6(x: Operand): Value {
  return readOperand('relu6', x).relu6()
}

/** x where x > 0, else slope·x. @example leakyRelu([-1, 2]) // [-0.01, 2] */
export function leakyRelu(x: Operand, slope = 0.01): Value {
  return readOperand('leakyRelu', x).leakyRelu(slope)
}

/**
 * x where x > 0, else α·(eˣ − 1). Clevert et al., Exponential Linear Units, 2015.
 * @example elu([-1, 2]) // [-0.6321205588285577, 2]
 */
export function elu(x: Operand, alpha = 1): Value {
  return readOperand('elu', x).elu(alpha)
}

/**
 * λ·elu(x, α), with λ = 1.0507… and α = 1.6733… of Klambauer et al., Self-Normalizing Neural Networks, 2017: it keeps
 * mean 0 and variance 1.
 * @example selu(1) // 1.0507009873554805
 */
export function selu(x: Operand): Value {
  return readOperand('selu', x).selu()
}

/**
 * x·Φ(x), with Φ the normal distribution function; or, with `approximate: 'tanh'`, the approximation
 * ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))). Hendrycks & Gimpel, Gaussian Error Linear Units, 2016.
 * @example gelu(1) // 0.8413447460685429
 */
export function gelu(x: Operand, options?: { readonly approximate?: 'none' | 'tanh' }): Value {
  return readOperand('gelu', x).gelu(options)
}

/** x·sigmoid(x), also called swish. @example silu(1) // 0.7310585786300049 */
export function silu(x: Operand): Value {
  return readOperand('silu', x).silu()
}

/** x·tanh(softplus(x)). Misra, Mish, 2019. @example mish(1) // 0.8650983882673103 */
export function mish(x: Operand): Value {
  return readOperand('mish', x).mish()
}

/** x/(1 + |x|), in (−1, 1). @example softsign([-1, 3]) // [-0.5, 0.75] */
export function softsign(x: Operand): Value {
  return readOperand('softsign', x).softsign()
}

/** x kept between min and max. @example hardtanh([-3, 0.5]) // [-1, 0.5] */
export function hardtanh(x: Operand, min = -1, max = 1): Value {
  return readOperand('hardtanh', x).hardtanh(min, max)
}

/** relu6(x + 3)/6: a sigmoid of straight lines. @example hardSigmoid([-4, 0, 4]) // [0, 0.5, 1] */
export function hardSigmoid(x: Operand): Value {
  return readOperand('hardSigmoid', x).hardSigmoid()
}

/** x·relu6(x + 3)/6. Howard et al., MobileNetV3, 2019. @example hardSwish([-4, 3]) // [0, 3] */
export function hardSwish(x: Operand): Value {
  return readOperand('hardSwish', x).hardSwish()
}

/** 1 where x > 0, else 0: a perceptron's output. Its slope is 0. @example step([-1, 0, 2]) // [0, 0, 1] */
export function step(x: Operand): Value {
  return readOperand('step', x).step()
}
