/** A table in plain text: the first column to the left, the others to the right, each as wide as its widest cell. */
export function tableOf(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map(String))
  const widths = (cells[0] ?? []).map((_, j) => Math.max(...cells.map((row) => row[j]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, j) => (j === 0 ? cell.padEnd(widths[j] ?? 0) : cell.padStart(widths[j] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
