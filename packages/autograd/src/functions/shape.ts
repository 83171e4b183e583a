/** The same elements under another shape or in another order. Negative axes count from the end. */
import type { PadMode, PadPairs } from '../compose/pad.ts'
import type { Axes, Shape } from '../shape.ts'
import { type Operand, readOperand, type Value } from '../value.ts'

/**
 * The elements in row-major order under another shape; one size may be −1, and follows from the others.
 * @throws ShapeError when the shape holds another number of elements.
 * @example reshape([1, 2, 3, 4], [2, -1]) // [[1, 2], [3, 4]]
 */
export function reshape(x: Operand, shape: Shape): Value {
  return readOperand('reshape', x).reshape(shape)
}

/**
 * The axes in another order, reversed by default: axis d of the result is axis axes[d] of x.
 * @throws ShapeError unless `axes` names each axis once.
 * @example transpose([[1, 2], [3, 4]]) // [[1, 3], [2, 4]]
 */
export function transpose(x: Operand, axes?: readonly number[]): Value {
  return readOperand('transpose', x).transpose(axes)
}

/**
 * Without the named axes of size 1; without all of these when none is named.
 * @throws ShapeError when a named axis has another size.
 * @example squeeze([[1, 2]]) // [1, 2]
 */
export function squeeze(x: Operand, axis?: Axes): Value {
  return readOperand('squeeze', x).squeeze(axis)
}

/**
 * With a new axis of size 1 at place `axis` of the result.
 * @throws ShapeError when the result has no such axis.
 * @example unsqueeze([1, 2], -1) // [[1], [2]]
 */
export function unsqueeze(x: Operand, axis: number): Value {
  return readOperand('unsqueeze', x).unsqueeze(axis)
}

/**
 * Repeated along axes of size 1 and along new leading axes, until it has the shape.
 * @throws ShapeError when another size would change.
 * @example broadcastTo([1, 2], [2, 2]) // [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Operand, shape: Shape): Value {
  return readOperand('broadcastTo', x).broadcastTo(shape)
}

/** All elements as a vector, in row-major order. @example flatten([[1, 2], [3, 4]]) // [1, 2, 3, 4] */
export function flatten(x: Operand): Value {
  return readOperand('flatten', x).flatten()
}

/**
 * In reverse order along one axis, several, or all of them.
 * @throws ShapeError for an axis that does not exist.
 * @example flip([1, 2, 3], 0) // [3, 2, 1]
 */
export function flip(x: Operand, axis?: Axes): Value {
  return readOperand('flip', x).flip(axis)
}

/**
 * Moved `shift` places towards the end of the axis; what leaves it comes in at the start. Several shifts go with as
 * many axes; without an axis the elements move in row-major order.
 * @throws ShapeError for an axis that does not exist, or a shift that is not a whole number.
 * @example roll([1, 2, 3], 1, 0) // [3, 1, 2]
 */
export function roll(x: Operand, shift: number | readonly number[], axis?: Axes): Value {
  return readOperand('roll', x).roll(shift, axis)
}

/**
 * The whole array laid `reps` times along its last axes.
 * @throws ShapeError unless each number is whole, 0 or more.
 * @example tile([1, 2], 2) // [1, 2, 1, 2]
 */
export function tile(x: Operand, reps: number | readonly number[]): Value {
  return readOperand('tile', x).tile(reps)
}

/**
 * Each element n times in a row along the axis; of the flattened array without one.
 * @throws ShapeError for an axis that does not exist, or a negative n.
 * @example repeat([1, 2], 2, 0) // [1, 1, 2, 2]
 */
export function repeat(x: Operand, n: number, axis?: number): Value {
  return readOperand('repeat', x).repeat(n, axis)
}

/**
 * With [before, after] more elements along each leading axis: `value`, or, with another mode, the mirror image without
 * the edge ('reflect'), the edge ('replicate'), or the other end ('circular').
 * @throws ShapeError for negative margins, or more pairs than axes; DomainError for an unknown mode.
 * @example pad([1, 2], [[1, 2]]) // [0, 1, 2, 0, 0]
 */
export function pad(x: Operand, margins: PadPairs, value?: number, mode?: PadMode): Value {
  return readOperand('pad', x).pad(margins, value, mode)
}

/**
 * Of a vector the matrix with it on the diagonal, of a matrix the diagonal, `offset` places above the main one.
 * @throws ShapeError for other ranks.
 * @example diag([1, 2]) // [[1, 0], [0, 2]]
 */
export function diag(x: Operand, offset?: number): Value {
  return readOperand('diag', x).diag(offset)
}

/**
 * The sum of the diagonal of a matrix.
 * @throws ShapeError for other ranks.
 * @example trace([[1, 2], [3, 4]]) // 5
 */
export function trace(x: Operand): Value {
  return readOperand('trace', x).trace()
}

/**
 * The lower triangle of the last two axes, up to k places above the diagonal; 0 elsewhere.
 * @throws ShapeError for fewer than two axes.
 * @example tril([[1, 2], [3, 4]]) // [[1, 0], [3, 4]]
 */
export function tril(x: Operand, k?: number): Value {
  return readOperand('tril', x).tril(k)
}

/**
 * The upper triangle of the last two axes, from k places above the diagonal on; 0 elsewhere.
 * @throws ShapeError for fewer than two axes.
 * @example triu([[1, 2], [3, 4]]) // [[1, 2], [0, 4]]
 */
export function triu(x: Operand, k?: number): Value {
  return readOperand('triu', x).triu(k)
}
