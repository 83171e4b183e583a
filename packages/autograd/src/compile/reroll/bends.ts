/** Where numbers in a column cease to move by the same step from one repetition to the next. */

/** The first bend on the way from `from` to before `to`, forwards or backwards; `to` where there is none. */
export function bendFrom(column: Int32Array, period: number, from: number, to: number, step: 1 | -1): number {
  let i = from
  for (; i !== to; i += step) {
    const before = column[i - period] as number
    // Modulo 2³², as sums with weights are. Differences of ids stay small, which keeps the code fast.
    if ((((column[i] as number) - before) | 0) !== ((before - (column[i - 2 * period] as number)) | 0)) break
  }
  return i
}

/** How often the step changes in [low, high), for each place of the period. */
export function bendsOf(column: Int32Array, period: number, low: number, high: number): Int32Array {
  const bends = new Int32Array(period)
  for (let i = low + 2 * period; i < high; i++) {
    i = bendFrom(column, period, i, high, 1)
    if (i < high) (bends[(i - low) % period] as number)++
  }
  return bends
}
