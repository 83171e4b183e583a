/** Exponentials and logarithms, elementwise. Logarithms are NaN below their domain and −Infinity at its border. */
import { table } from '../ops/table.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { applyPair } from './operands.ts'

/** eˣ. @example exp([0, 1]) // [1, 2.718281828459045] */
export function exp(x: Operand): Value {
  return readOperand('exp', x).exp()
}

/** 2ˣ. @example exp2([3, -1]) // [8, 0.5] */
export function exp2(x: Operand): Value {
  return readOperand('exp2', x).exp2()
}

/** eˣ − 1, with all its digits for small x. @example expm1(1e-10) // 1.00000000005e-10 */
export function expm1(x: Operand): Value {
  return readOperand('expm1', x).expm1()
}

/** The natural logarithm, x > 0. @example log(Math.E) // 1 */
export function log(x: Operand): Value {
  return readOperand('log', x).log()
}

/** The logarithm to base 2, x > 0. @example log2(8) // 3 */
export function log2(x: Operand): Value {
  return readOperand('log2', x).log2()
}

/** The logarithm to base 10, x > 0. @example log10(1000) // 3 */
export function log10(x: Operand): Value {
  return readOperand('log10', x).log10()
}

/** log(1 + x), with all its digits for small x; x > −1. @example log1p(1e-20) // 1e-20 */
export function log1p(x: Operand): Value {
  return readOperand('log1p', x).log1p()
}

/**
 * log(eᵃ + eᵇ) without overflow: the larger one, plus log1p(e^(−|a − b|)).
 * @throws ShapeError when the shapes do not broadcast.
 * @example logaddexp(1000, 1000) // 1000.6931471805599
 */
export function logaddexp(a: Operand, b: Operand): Value {
  return applyPair(table.logaddexp, a, b)
}
