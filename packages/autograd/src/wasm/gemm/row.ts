/**
 * One row times a transposed matrix, c[j] = Σₖ a[k]·B[j, k]: small squares of B are transposed in registers, so that
 * the lanes are columns of the result and each sum runs in the order of k, as in a tile.
 */
import type { WasmModule } from '../module.ts'
import { type Lanes, multiplyAdd } from './lanes.ts'
import { Routine, type Variable } from './routine.ts'
import { type Moves, move } from './rows.ts'
import { pointBelow, rowsBelow, transpose } from './transpose.ts'

/** Vectors of columns at a time: each needs as many addresses of rows as it has lanes. */
const VECTORS = 2

/**
 * Adds a function (a, b, c, n, k, stepA, rowB, accumulate, spare), n at least 1, distances in bytes; `spare` has room
 * for two vectors.
 */
export function addRow(module: WasmModule, lanes: Lanes, moves: Moves): number {
  const r = new Routine(module, ['a', 'b', 'c', 'n', 'k', 'stepA', 'rowB', 'accumulate', 'spare'])
  const { a, b, c, n, k, stepA, rowB, accumulate, spare } = r.params
  const { from, left } = r.variables('from', 'left')
  const width = VECTORS * lanes.count
  const rows = rowsBelow(r, width)
  const sums = Array.from(r.vectors(VECTORS), (sum, v) => ({
    sum,
    rows: rows.slice(v * lanes.count, (v + 1) * lanes.count),
  }))
  const [square, turned, elements] = [r.vectors(lanes.count), r.vectors(lanes.count), r.vectors(lanes.count)]
  const [column, element] = [square[0] as Variable, elements[0] as Variable]
  const next = (to: Variable): void => {
    r.set(to, r.load(lanes.splat, from))
    r.advance(from, stepA)
  }
  const start = (): void => {
    pointBelow(r, rows, b, rowB, n)
    for (const { sum } of sums) r.set(sum, r.zero())
    r.set(from, a)
  }
  const squares = (): void => {
    elements.forEach(next)
    for (const { sum, rows: own } of sums) {
      for (const [i, line] of square.entries()) r.set(line, r.load('v128.load', own[i] as Variable))
      transpose(r, square, turned)
      for (const [i, line] of square.entries()) multiplyAdd(r, lanes, sum, elements[i] as Variable, line)
    }
    for (const row of rows) r.advance(row, 16)
  }
  const columns = (): void => {
    next(element)
    for (const { sum, rows: own } of sums) {
      r.set(column, r.zero())
      for (const [i, row] of own.entries()) {
        r.push(row, column)
        r.code.laneMem(lanes.loadLane, i).set(column.local)
      }
      multiplyAdd(r, lanes, sum, element, column)
    }
    for (const row of rows) r.advance(row, lanes.bytes)
  }
  r.code.loop(() => {
    start()
    r.set(left, r.whole('i32.div_u', k, lanes.count))
    r.times(left, squares)
    r.set(left, r.whole('i32.rem_u', k, lanes.count))
    r.times(left, columns)
    for (const [v, { sum }] of sums.entries()) r.store('v128.store', spare, sum, 16 * v)
    move(r, lanes, moves, accumulate, [spare, c, 1, r.min(n, width), 0, 0])
    r.advance(c, 16 * VECTORS)
    r.advance(b, r.product(rowB, width))
    r.push(r.whole('i32.gt_u', n, width))
    r.set(n, r.difference(n, width))
    r.code.brIf(0)
  })
  return r.index
}
