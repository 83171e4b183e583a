/** Rounding and the sign, elementwise: constant between their jumps, connected to their input with gradient 0. */
import { type Operand, readOperand, type Value } from '../value.ts'

/** −1, 0 or 1. @example sign([-2, 0, 3]) // [-1, 0, 1] */
export function sign(x: Operand): Value {
  return readOperand('sign', x).sign()
}

/** The largest whole number not above x. @example floor([-0.5, 2.7]) // [-1, 2] */
export function floor(x: Operand): Value {
  return readOperand('floor', x).floor()
}

/** The smallest whole number not below x. @example ceil([0.5, 2.1]) // [1, 3] */
export function ceil(x: Operand): Value {
  return readOperand('ceil', x).ceil()
}

/**
 * The nearest whole number, halves to the even one, as NumPy and PyTorch round.
 * @example round([0.5, 1.5, 2.6]) // [0, 2, 3]
 */
export function round(x: Operand): Value {
  return readOperand('round', x).round()
}

/** x without its fraction. @example trunc([-1.5, 2.7]) // [-1, 2] */
export function trunc(x: Operand): Value {
  return readOperand('trunc', x).trunc()
}
