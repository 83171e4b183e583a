/**
 * Packing: a block of a matrix copied into panels, so that what a tile reads next lies next. A panel holds `width` rows
 * or columns of the matrix, for k = 0, 1, …: width·k elements in the order that the tile takes them. The last panel is
 * filled up with what comes handy: nobody reads its products.
 */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Variable } from './routine.ts'
import { VECTORS, WIDTH } from './tile.ts'
import { pointBelow, rowsBelow, transpose } from './transpose.ts'

const params = ['from', 'to', 'n', 'k', 'stride'] as const

/**
 * Adds a function (from, to, n, k, stride): k rows of n elements, `stride` bytes apart, in panels of a tile's width.
 */
export function addPack(module: WasmModule, lanes: Lanes): number {
  const r = new Routine(module, params)
  const { from, to, n, k, stride } = r.params
  const { row, left, at, whole, j } = r.variables('row', 'left', 'at', 'whole', 'j')
  const width = VECTORS * lanes.count
  const eachRow = (copy: () => void): void => {
    r.set(row, from)
    r.set(left, k)
    r.times(left, () => {
      copy()
      r.advance(row, stride)
      r.advance(to, WIDTH)
    })
  }
  r.set(whole, r.difference(n, r.whole('i32.rem_u', n, width)))
  r.each(j, whole, width, () => {
    eachRow(() => {
      for (let v = 0; v < VECTORS; v++) r.store('v128.store', to, r.load('v128.load', row, 16 * v), 16 * v)
    })
    r.advance(from, WIDTH)
  })
  r.set(n, r.product(r.difference(n, whole), lanes.bytes))
  r.if(n, () => {
    eachRow(() => {
      for (let v = 0; v < VECTORS; v++) r.store('v128.store', to, r.zero(), 16 * v)
      r.each(at, n, lanes.bytes, () => r.store(lanes.store, r.sum(to, at), r.load(lanes.load, r.sum(row, at))))
    })
  })
  return r.index
}

/**
 * Adds a function (from, to, n, k, stride, width): n rows of k elements, `stride` bytes apart, in panels of `width`
 * bytes, a multiple of 16. The panels run along n, so the block is transposed on the way.
 */
export function addPackTransposed(module: WasmModule, lanes: Lanes): number {
  const r = new Routine(module, [...params, 'width'])
  const { from, to, n, k, stride, width } = r.params
  const { left, at, j, offset } = r.variables('left', 'at', 'j', 'offset')
  const rows = rowsBelow(r, lanes.count)
  const [square, spare] = [r.vectors(lanes.count), r.vectors(lanes.count)]
  r.each(j, n, lanes.count, () => {
    pointBelow(r, rows, from, stride, r.difference(n, j))
    // A panel for each whole width, then what is left of the way within its first row.
    r.set(offset, r.product(j, lanes.bytes))
    r.set(at, r.whole('i32.rem_u', offset, width))
    r.set(at, r.sum(to, at, r.product(r.difference(offset, at), k)))
    r.set(left, r.whole('i32.div_u', k, lanes.count))
    r.times(left, () => {
      for (const [i, line] of square.entries()) r.set(line, r.load('v128.load', rows[i] as Variable))
      transpose(r, square, spare)
      for (const line of square) {
        r.store('v128.store', at, line)
        r.advance(at, width)
      }
      for (const row of rows) r.advance(row, 16)
    })
    r.set(left, r.whole('i32.rem_u', k, lanes.count))
    r.times(left, () => {
      for (const [i, row] of rows.entries()) r.store(lanes.store, at, r.load(lanes.load, row), i * lanes.bytes)
      for (const row of rows) r.advance(row, lanes.bytes)
      r.advance(at, width)
    })
    r.advance(from, r.product(stride, lanes.count))
  })
  return r.index
}
