/**
 * Tiles that read the padded image in place. Under each tap of a kernel the places of a band of results are a row of the
 * image, moved by the tap's offset: what im2col would write out is a table of offsets.
 */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine } from './routine.ts'
import { eachHeight, inTiles, Tile, VECTORS } from './tile.ts'

/** Bytes of an entry of the table. */
const ENTRY = 4
/** Vectors of a tile whose columns are channels, of which there may be few. */
export const GATHERED = 2
/** Bytes of its rows. */
const WIDTH = 16 * GATHERED

/** Adds a function (a, b, c, tiles, k, rowA, table, rowC, accumulate): row p of B is at b + table[p]. */
function addShiftedTile(module: WasmModule, lanes: Lanes, rows: number): number {
  const r = new Routine(module, ['a', 'b', 'c', 'tiles', 'k', 'rowA', 'table', 'rowC', 'accumulate'])
  const { a, b, c, tiles, k, rowA, table, rowC, accumulate } = r.params
  const { row, left, entry } = r.variables('row', 'left', 'entry')
  const tile = new Tile(r, lanes, rows, VECTORS)
  r.times(tiles, () => {
    tile.clear()
    tile.point(a, rowA)
    r.set(entry, table)
    r.set(left, k)
    r.times(left, () => {
      r.set(row, r.sum(b, r.load('i32.load', entry)))
      tile.multiply(row, lanes.bytes)
      r.advance(entry, ENTRY)
    })
    tile.write(c, row, rowC, accumulate)
    r.advance(a, r.product(rowA, rows))
  })
  return r.index
}

/**
 * Adds a function (a, b, c, m, k, rowA, table, rowC, accumulate): m rows of the widest tile, C = A·B (+ C), where row
 * p of B is at b + table[p].
 */
export function addShifted(module: WasmModule, lanes: Lanes): number {
  const kernels = eachHeight(VECTORS, (rows) => addShiftedTile(module, lanes, rows))
  const r = new Routine(module, ['a', 'b', 'c', 'm', 'k', 'rowA', 'table', 'rowC', 'accumulate'])
  const { a, b, c, m, k, rowA, table, rowC, accumulate } = r.params
  inTiles(
    r,
    m,
    kernels,
    (kernel, tiles) => r.call(kernel, a, b, c, tiles, k, rowA, table, rowC, accumulate),
    (rows) => {
      r.advance(a, r.product(rows, rowA))
      r.advance(c, r.product(rows, rowC))
    },
  )
  return r.index
}

/** Adds a function (a, b, c, tiles, lines, k, gap, table): row i of A is at a + table[i]. */
function addGatheredTile(module: WasmModule, lanes: Lanes, rows: number): number {
  const r = new Routine(module, ['a', 'b', 'c', 'tiles', 'lines', 'k', 'gap', 'table'])
  const { a, b, c, tiles, lines, k, gap, table } = r.params
  const { row, left, lower } = r.variables('row', 'left', 'lower')
  const tile = new Tile(r, lanes, rows, GATHERED)
  r.times(tiles, () => {
    tile.clear()
    for (const [i, { from }] of tile.lines.entries()) {
      r.set(from, r.sum(a, r.load('i32.load', table, i * ENTRY)))
    }
    r.set(row, b)
    r.set(lower, lines)
    r.times(lower, () => {
      r.set(left, k)
      r.times(left, () => {
        tile.multiply(row, lanes.bytes)
        r.advance(row, WIDTH)
      })
      for (const { from } of tile.lines) r.advance(from, gap)
    })
    tile.write(c, row, WIDTH, 1)
    r.advance(table, rows * ENTRY)
  })
  return r.index
}

/**
 * Adds a function (a, b, c, m, lines, k, gap, table): C += A·B for m rows of one tile's width, one after the other in
 * memory as the rows of B are. Row i of A is at a + table[i]: `lines` pieces of k elements with `gap` bytes between.
 */
export function addGathered(module: WasmModule, lanes: Lanes): number {
  const kernels = eachHeight(GATHERED, (rows) => addGatheredTile(module, lanes, rows))
  const r = new Routine(module, ['a', 'b', 'c', 'm', 'lines', 'k', 'gap', 'table'])
  const { a, b, c, m, lines, k, gap, table } = r.params
  inTiles(
    r,
    m,
    kernels,
    (kernel, tiles) => r.call(kernel, a, b, c, tiles, lines, k, gap, table),
    (rows) => {
      r.advance(table, r.product(rows, ENTRY))
      r.advance(c, r.product(rows, WIDTH))
    },
  )
  return r.index
}
