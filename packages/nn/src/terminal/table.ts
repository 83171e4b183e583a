/** Tables of numbers as text. */
import { DomainError } from '@adjoint/autograd'

/**
 * A confusion matrix with its labels: a row for each true class, a column for each predicted one.
 * @param matrix What `confusionMatrix` returned.
 * @param labels A name for each class; default: its index.
 * @throws DomainError for what is no matrix, or when there are more or fewer labels than classes.
 * @example confusionTable([[9, 1], [0, 10]], ['cat', 'dog'])
 */
export function confusionTable(matrix: readonly (readonly number[])[], labels?: readonly string[]): string {
  if (!Array.isArray(matrix) || !matrix.every(Array.isArray)) {
    throw new DomainError('confusionTable: the matrix is no list of rows. Give what confusionMatrix returned.')
  }
  const names: readonly string[] = labels ?? matrix.map((_, i) => String(i))
  if (names.length !== matrix.length) {
    throw new DomainError(
      `confusionTable: ${names.length} labels for ${matrix.length} classes. Give one label for each class.`,
    )
  }
  const corner = 'true \\ predicted'
  const first = Math.max(corner.length, ...names.map((name) => name.length))
  const widths = names.map((name, j) => Math.max(name.length, ...matrix.map((row) => String(row[j]).length)))
  const line = (head: string, cells: readonly (string | number)[]): string =>
    [head.padEnd(first), ...cells.map((cell, j) => String(cell).padStart(widths[j] as number))].join('  ').trimEnd()
  return [line(corner, names), ...matrix.map((row, i) => line(names[i] as string, row))].join('\n')
}
