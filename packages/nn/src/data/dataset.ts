/** Examples: inputs and targets, row by row. */
import { type DType, type Operand, ShapeError, type Value } from '@adjoint/autograd'
import { readInput } from '../input.ts'

/** Inputs and targets as a user has them: anything that fits where a Value does, one row an example. */
export interface Dataset {
  readonly x: Operand
  readonly y: Operand
}

/** The same as Values. */
export interface Examples {
  readonly x: Value
  readonly y: Value
}

/** @throws DTypeError for what is no array; ShapeError unless x and y have the same number of rows, at least one. */
export function readExamples(name: string, x: Operand, y: Operand, dtype?: DType): Examples {
  const examples = { x: readInput(x, dtype, `${name}, x`), y: readInput(y, dtype, `${name}, y`) }
  const [inputs, targets] = [countRows(name, 'x', examples.x), countRows(name, 'y', examples.y)]
  if (inputs !== targets) {
    throw new ShapeError(`${name}: x has ${inputs} rows, y has ${targets}. Give one target for each example.`)
  }
  return examples
}

function countRows(name: string, what: string, { shape }: Value): number {
  const [rows] = shape
  if (rows === undefined || rows === 0) {
    throw new ShapeError(
      `${name}: ${what} has ${rows === undefined ? 'no rows: it is a scalar' : '0 rows'}. Give at least one example, one a row.`,
    )
  }
  return rows
}

export function rowCount({ x }: Examples): number {
  return x.shape[0] as number
}

/** The rows at these indices. */
export function takeRows({ x, y }: Examples, indices: Operand): Examples {
  return { x: x.take(indices, 0), y: y.take(indices, 0) }
}
