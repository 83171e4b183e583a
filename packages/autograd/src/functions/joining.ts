/** Arrays laid together, and cut apart. Negative axes count from the end. */
import * as join from '../compose/join.ts'
import { type Operand, readOperand, type Value, values } from '../value.ts'
import { readAll } from './operands.ts'

/**
 * End to end along an axis that they have; all other sizes agree.
 * @throws ShapeError for an empty list, for scalars, or when the other sizes differ.
 * @example concat([[1, 2], [3]]) // [1, 2, 3]
 */
export function concat(list: readonly Operand[], axis?: number): Value {
  return join.concat(values, readAll('concat', list), axis)
}

/**
 * Side by side along a new axis, at place `axis` of the result.
 * @throws ShapeError for an empty list, or when the shapes differ.
 * @example stack([[1, 2], [3, 4]], 1) // [[1, 3], [2, 4]]
 */
export function stack(list: readonly Operand[], axis?: number): Value {
  return join.stack(values, readAll('stack', list), axis)
}

/**
 * `parts` equal parts along the axis, or parts of the given sizes.
 * @throws ShapeError when they do not cover the axis exactly.
 * @example split([1, 2, 3], [1, 2]) // [1] and [2, 3]
 */
export function split(x: Operand, parts: number | readonly number[], axis?: number): Value[] {
  return readOperand('split', x).split(parts, axis)
}
