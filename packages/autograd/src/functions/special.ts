/** The error function and the gamma function, with their families, elementwise. */
import { type Operand, readOperand, type Value } from '../value.ts'

/** The error function 2/√π·∫₀ˣ e^(−t²) dt, in (−1, 1); DLMF 7.2.1. @example erf(0.75) // 0.7111556336535151 */
export function erf(x: Operand): Value {
  return readOperand('erf', x).erf()
}

/** 1 − erf(x), with all its digits in the tail; DLMF 7.2.2. @example erfc(10) // 2.09e-45; 1 − erf(10) would be 0 */
export function erfc(x: Operand): Value {
  return readOperand('erfc', x).erfc()
}

/** log|Γ(x)|; +Infinity at 0, −1, −2, …; DLMF 5.2. @example lgamma(5) // 3.1780538303479458, which is log 24 */
export function lgamma(x: Operand): Value {
  return readOperand('lgamma', x).lgamma()
}

/** ψ(x) = Γ′(x)/Γ(x), the slope of lgamma; DLMF 5.2.2. @example digamma(1) // -0.5772156649015329, which is −γ */
export function digamma(x: Operand): Value {
  return readOperand('digamma', x).digamma()
}
