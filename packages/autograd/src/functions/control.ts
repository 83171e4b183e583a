/** Which value, and which gradient, goes on. */
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * a where the condition is not 0, else b; the three broadcast. No gradient flows to the branch that was not taken, so
 * that one may be NaN or infinite there.
 * @throws ShapeError when the shapes do not broadcast.
 * @example where(gt([0, 2], 0), log([0, 2]), 0) // [0, 0.6931471805599453]
 */
export function where(condition: Operand, a: Operand, b: Operand): Value {
  return readOperand('where', condition).where(a, b)
}

/** The same numbers as a constant: no gradient flows back through. As a method: `x.detach()`. */
export function stopGradient(x: Operand): Value {
  return readOperand('stopGradient', x).detach()
}
