/** Comparisons (1 where true, else 0; without gradient), and the choices that rest on them. All broadcast. */
import { table } from '../ops/table.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { applyPair } from './operands.ts'

/**
 * a > b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example gt([1, 3], 2) // [0, 1]
 */
export function gt(a: Operand, b: Operand): Value {
  return applyPair(table.gt, a, b)
}

/**
 * a ≥ b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example ge([1, 2], 2) // [0, 1]
 */
export function ge(a: Operand, b: Operand): Value {
  return applyPair(table.ge, a, b)
}

/**
 * a < b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example lt([1, 3], 2) // [1, 0]
 */
export function lt(a: Operand, b: Operand): Value {
  return applyPair(table.lt, a, b)
}

/**
 * a ≤ b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example le([2, 3], 2) // [1, 0]
 */
export function le(a: Operand, b: Operand): Value {
  return applyPair(table.le, a, b)
}

/**
 * a = b; NaN equals nothing.
 * @throws ShapeError when the shapes do not broadcast.
 * @example eq([1, 2], 2) // [0, 1]
 */
export function eq(a: Operand, b: Operand): Value {
  return applyPair(table.eq, a, b)
}

/**
 * a ≠ b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example ne([1, 2], 2) // [1, 0]
 */
export function ne(a: Operand, b: Operand): Value {
  return applyPair(table.ne, a, b)
}

/**
 * The larger of a and b, elementwise; NaN wins. On a tie each gets half of the gradient.
 * @throws ShapeError when the shapes do not broadcast.
 * @example maximum([1, 5], 3) // [3, 5]
 */
export function maximum(a: Operand, b: Operand): Value {
  return applyPair(table.maximum, a, b)
}

/**
 * The smaller of a and b, elementwise; NaN wins. On a tie each gets half of the gradient.
 * @throws ShapeError when the shapes do not broadcast.
 * @example minimum([1, 5], 3) // [1, 3]
 */
export function minimum(a: Operand, b: Operand): Value {
  return applyPair(table.minimum, a, b)
}

/** x kept between two bounds, numbers or arrays; slope 1 from min to max, 0 outside. @example clamp([-3, 0.5, 9], 0, 1) // [0, 0.5, 1] */
export function clamp(x: Operand, min?: Operand, max?: Operand): Value {
  return readOperand('clamp', x).clamp(min, max)
}
