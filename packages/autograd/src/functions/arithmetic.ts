/** Sums, products, powers and roots, elementwise; those of two operands broadcast. */
import { table } from '../ops/table.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { applyPair } from './operands.ts'

/**
 * a + b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example add([1, 2], 10) // [11, 12]
 */
export function add(a: Operand, b: Operand): Value {
  return applyPair(table.add, a, b)
}

/**
 * a − b.
 * @throws ShapeError when the shapes do not broadcast.
 * @example sub(2, [1, 5]) // [1, -3]
 */
export function sub(a: Operand, b: Operand): Value {
  return applyPair(table.sub, a, b)
}

/**
 * a·b, elementwise (see `matmul` for the product of matrices).
 * @throws ShapeError when the shapes do not broadcast.
 * @example mul([1, 2], [3, 4]) // [3, 8]
 */
export function mul(a: Operand, b: Operand): Value {
  return applyPair(table.mul, a, b)
}

/**
 * a/b; ±Infinity or NaN where b is 0, as everywhere in JavaScript.
 * @throws ShapeError when the shapes do not broadcast.
 * @example div([1, 3], 2) // [0.5, 1.5]
 */
export function div(a: Operand, b: Operand): Value {
  return applyPair(table.div, a, b)
}

/**
 * aᵇ; NaN for a < 0 with a fraction in the exponent. x⁰ is 1 with slope 0 for every x, and at a = 0 the slope along
 * b ≥ 0 is 0.
 * @throws ShapeError when the shapes do not broadcast.
 * @example pow([2, 3], 2) // [4, 9]
 */
export function pow(a: Operand, b: Operand): Value {
  return applyPair(table.pow, a, b)
}

/**
 * The remainder a − b·floor(a/b), with the divisor's sign as in Python (JavaScript's `%` has the dividend's).
 * @throws ShapeError when the shapes do not broadcast.
 * @example mod([-1, 7], 3) // [2, 1]
 */
export function mod(a: Operand, b: Operand): Value {
  return applyPair(table.mod, a, b)
}

/**
 * √(a² + b²) without overflow or underflow of the squares; slope 0 where both are 0.
 * @throws ShapeError when the shapes do not broadcast.
 * @example hypot(3, 4) // 5
 */
export function hypot(a: Operand, b: Operand): Value {
  return applyPair(table.hypot, a, b)
}

/**
 * a·b where a factor of 0 wins, even over NaN and ±Infinity: for masks over terms that may not be finite.
 * @throws ShapeError when the shapes do not broadcast.
 * @example mulNoNan([0, 2], [NaN, 3]) // [0, 6]
 */
export function mulNoNan(a: Operand, b: Operand): Value {
  return applyPair(table.mulNoNan, a, b)
}

/** −x. @example neg([1, -2]) // [-1, 2] */
export function neg(x: Operand): Value {
  return readOperand('neg', x).neg()
}

/** |x|, with slope 0 at 0. @example abs([-2, 3]) // [2, 3] */
export function abs(x: Operand): Value {
  return readOperand('abs', x).abs()
}

/** x². @example square([2, -3]) // [4, 9] */
export function square(x: Operand): Value {
  return readOperand('square', x).square()
}

/** √x; NaN for x < 0, slope +Infinity at 0. @example sqrt([4, 9]) // [2, 3] */
export function sqrt(x: Operand): Value {
  return readOperand('sqrt', x).sqrt()
}

/** 1/√x; NaN for x < 0. @example rsqrt(4) // 0.5 */
export function rsqrt(x: Operand): Value {
  return readOperand('rsqrt', x).rsqrt()
}

/** The real cube root, of negative numbers too. @example cbrt(-8) // -2 */
export function cbrt(x: Operand): Value {
  return readOperand('cbrt', x).cbrt()
}

/** 1/x. @example reciprocal([2, 4]) // [0.5, 0.25] */
export function reciprocal(x: Operand): Value {
  return readOperand('reciprocal', x).reciprocal()
}
