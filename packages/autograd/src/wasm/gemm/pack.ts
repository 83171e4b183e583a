/**
 * Packing: a block of a matrix copied into panels, so that what a tile reads next lies next. A panel holds `width` rows
 * or columns of the matrix, for k = 0, 1, …: width·k elements in the order that the tile takes them. The last panel is
 * filled up with what comes handy: nobody reads its products.
 */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Variable } from './routine.ts'
import { pointBelow, rowsBelow, transpose } from './transpose.ts'

const params = ['from', 'to', 'n', 'k', 'stride'] as const

/**
 * Adds a function (from, to, n, k, stride): k rows of n elements, `stride` bytes apart, in panels of `vectors` vectors.
 */
export function addPack(module: WasmModule, lanes: Lanes, vectors: number): number {
  const r = new Routine(module, params)
  const { from, to, n, k, stride } = r.params
  const { row, left, at, whole, j } = r.variables('row', 'left', 'at', 'whole', 'j')
  const size = 16 * vectors
  const width = vectors * lanes.count
  const eachRow = (copy: () => void): void => {
    r.set(row, from)
    r.set(left, k)
    r.times(left, () => {
      copy()
      r.advance(row, stride)
      r.advance(to, size)
    })
  }
  r.set(whole, r.difference(n, r.whole('i32.rem_u', n, width)))
  r.each(j, whole, width, () => {
    eachRow(() => {
      for (let v = 0; v < vectors; v++) r.store('v128.store', to, r.load('v128.load', row, 16 * v), 16 * v)
    })
    r.advance(from, size)
  })
  r.set(n, r.product(r.difference(n, whole), lanes.bytes))
  r.if(n, () => {
    eachRow(() => {
      for (let v = 0; v < vectors; v++) r.store('v128.store', to, r.zero(), 16 * v)
      r.each(at, n, lanes.bytes, () => r.store(lanes.store, r.sum(to, at), r.load(lanes.load, r.sum(row, at))))
    })
  })
  return r.index
}

/**
 * Adds a function (from, to, n, k, stride): n rows of k elements, `stride` bytes apart, in panels of `vectors` vectors;
 * the panels run along n, so the block is transposed on the way.
 */
export function addPackTransposed(module: WasmModule, lanes: Lanes, vectors: number): number {
  const r = new Routine(module, params)
  const { from, to, n, k, stride } = r.params
  const { left, j } = r.variables('left', 'j')
  const size = 16 * vectors
  const width = vectors * lanes.count
  const rows = rowsBelow(r, width)
  const [square, spare] = [r.vectors(lanes.count), r.vectors(lanes.count)]
  const next = (steps: number): void => {
    for (const row of rows) r.advance(row, steps * lanes.bytes)
    r.advance(to, steps * size)
  }
  r.each(j, n, width, () => {
    pointBelow(r, rows, from, stride, r.difference(n, j))
    r.set(left, r.whole('i32.div_u', k, lanes.count))
    r.times(left, () => {
      for (let v = 0; v < vectors; v++) {
        for (const [i, line] of square.entries()) {
          r.set(line, r.load('v128.load', rows[v * lanes.count + i] as Variable))
        }
        transpose(r, square, spare)
        for (const [i, line] of square.entries()) r.store('v128.store', to, line, i * size + 16 * v)
      }
      next(lanes.count)
    })
    r.set(left, r.whole('i32.rem_u', k, lanes.count))
    r.times(left, () => {
      for (const [i, row] of rows.entries()) r.store(lanes.store, to, r.load(lanes.load, row), i * lanes.bytes)
      next(1)
    })
    r.advance(from, r.product(stride, width))
  })
  return r.index
}
