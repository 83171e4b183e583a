/** Diagonals and triangles of matrices. */
import { NdArray } from '../data.ts'
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { checkWhole } from './parts.ts'

function lastTwo<T>(op: string, k: Carrier<T>, x: T): readonly [rows: number, columns: number] {
  const shape = k.shape(x)
  const [rows, columns] = shape.slice(-2)
  if (rows !== undefined && columns !== undefined) return [rows, columns]
  throw new ShapeError(
    `${op}: a matrix is needed, got the shape ${showShape(shape)}. Give an array of at least 2 axes.`,
  )
}

/**
 * The diagonal of the last two axes, `offset` places above the main one, as one last axis. In row-major order its
 * elements stand columns + 1 apart.
 */
export function diagonal<T>(k: Carrier<T>, x: T, offset = 0): T {
  const [rows, columns] = lastTwo('diagonal', k, x)
  const batch = k.shape(x).slice(0, -2)
  const count = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)))
  const start = offset < 0 ? -offset * columns : offset
  return k.slice(k.reshape(x, [...batch, rows * columns]), {
    start: [...batch.map(() => 0), start],
    step: [...batch.map(() => 1), columns + 1],
    shape: [...batch, count],
  })
}

/**
 * Of a vector: the square matrix with it on the diagonal `offset` places above the main one. Of a matrix: that diagonal.
 * @throws ShapeError for other ranks.
 */
export function diag<T>(k: Carrier<T>, x: T, offset = 0): T {
  checkWhole('diag', 'the offset', offset)
  const shape = k.shape(x)
  if (shape.length === 2) return diagonal(k, x, offset)
  const [n] = shape
  if (n === undefined || shape.length > 2) {
    throw new ShapeError(`diag: a vector or a matrix is needed, got the shape ${showShape(shape)}. Reshape it.`)
  }
  const side = n + Math.abs(offset)
  const start = offset < 0 ? -offset * side : offset
  return k.reshape(k.unslice(x, { start: [start], step: [side + 1], shape: [side * side] }), [side, side])
}

/** The sum of the main diagonal of a matrix. @throws ShapeError for other ranks. */
export function trace<T>(k: Carrier<T>, x: T): T {
  const shape = k.shape(x)
  if (shape.length !== 2) {
    throw new ShapeError(
      `trace: a matrix is needed, got the shape ${showShape(shape)}. For a batch use einsum('...ii').`,
    )
  }
  return k.sum(diagonal(k, x), [0])
}

/** A choice, not a product: NaN outside of the triangle stays outside. */
function triangle<T>(op: string, k: Carrier<T>, x: T, inside: (row: number, column: number) => boolean): T {
  const [rows, columns] = lastTwo(op, k, x)
  const mask = Float64Array.from({ length: rows * columns }, (_, i) =>
    inside(Math.floor(i / columns), i % columns) ? 1 : 0,
  )
  return k.where(k.constant(new NdArray([rows, columns], mask)), x, 0)
}

/** Zeros above the diagonal that is j places above the main one, over the last two axes. @throws ShapeError */
export function tril<T>(k: Carrier<T>, x: T, j = 0): T {
  checkWhole('tril', 'the diagonal', j)
  return triangle('tril', k, x, (row, column) => column - row <= j)
}

/** Zeros below the diagonal that is j places above the main one, over the last two axes. @throws ShapeError */
export function triu<T>(k: Carrier<T>, x: T, j = 0): T {
  checkWhole('triu', 'the diagonal', j)
  return triangle('triu', k, x, (row, column) => column - row >= j)
}
