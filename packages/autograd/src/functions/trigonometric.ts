/** Circular and hyperbolic functions and their inverses, elementwise. Angles are in radians. */
import { table } from '../ops/table.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { applyPair } from './operands.ts'

/** The sine. @example sin(Math.PI / 2) // 1 */
export function sin(x: Operand): Value {
  return readOperand('sin', x).sin()
}

/** The cosine. @example cos(0) // 1 */
export function cos(x: Operand): Value {
  return readOperand('cos', x).cos()
}

/** The tangent, sin(x)/cos(x). @example tan(0) // 0 */
export function tan(x: Operand): Value {
  return readOperand('tan', x).tan()
}

/** The angle in [−π/2, π/2] whose sine is x; NaN unless |x| ≤ 1. @example asin(1) // 1.5707963267948966 */
export function asin(x: Operand): Value {
  return readOperand('asin', x).asin()
}

/** The angle in [0, π] whose cosine is x; NaN unless |x| ≤ 1. @example acos(-1) // 3.141592653589793 */
export function acos(x: Operand): Value {
  return readOperand('acos', x).acos()
}

/** The angle in [−π/2, π/2] whose tangent is x. @example atan(1) // 0.7853981633974483 */
export function atan(x: Operand): Value {
  return readOperand('atan', x).atan()
}

/** The hyperbolic sine, (eˣ − e⁻ˣ)/2. @example sinh(1) // 1.1752011936438014 */
export function sinh(x: Operand): Value {
  return readOperand('sinh', x).sinh()
}

/** The hyperbolic cosine, (eˣ + e⁻ˣ)/2. @example cosh(0) // 1 */
export function cosh(x: Operand): Value {
  return readOperand('cosh', x).cosh()
}

/** The hyperbolic tangent, sinh(x)/cosh(x), in (−1, 1). @example tanh([0, 20]) // [0, 1] */
export function tanh(x: Operand): Value {
  return readOperand('tanh', x).tanh()
}

/** The inverse of sinh, log(x + √(x² + 1)). @example asinh(0.75) // 0.6931471805599453 */
export function asinh(x: Operand): Value {
  return readOperand('asinh', x).asinh()
}

/** The inverse of cosh, log(x + √(x² − 1)); NaN for x < 1. @example acosh(1.25) // 0.6931471805599453 */
export function acosh(x: Operand): Value {
  return readOperand('acosh', x).acosh()
}

/** The inverse of tanh, ½·log((1 + x)/(1 − x)); NaN unless |x| ≤ 1. @example atanh(0.6) // 0.6931471805599453 */
export function atanh(x: Operand): Value {
  return readOperand('atanh', x).atanh()
}

/**
 * The angle of the point (x, y) in [−π, π]; y comes first.
 * @throws ShapeError when the shapes do not broadcast.
 * @example atan2(1, -1) // 2.356194490192345
 */
export function atan2(y: Operand, x: Operand): Value {
  return applyPair(table.atan2, y, x)
}
