/**
 * The register tile: `rows` times `vectors` sums of C, held in registers while k runs. Every element of A that is
 * loaded meets all vectors, every vector of B all rows.
 *
 * Measured on x86-64 with V8, whose 16 registers hold the operands too: 8 sums in 2 rows of 4 vectors, or in 4 of 2, run
 * at the speed of its adders. With 9 or more V8 spills, and two k written out one after the other run at 0.6 of that,
 * since it loads the operands of both first. Two rows read half as much of A as four do, leave more of the registers
 * for addresses to other things, and write whole cache lines.
 */
import type { WasmModule } from '../module.ts'
import { type Lanes, multiplyAdd } from './lanes.ts'
import { Routine, type Variable, type Whole } from './routine.ts'

/** Vectors of the widest tile. */
export const VECTORS = 4

/** Bytes of a row of the widest tile: a cache line. */
export const WIDTH: number = 16 * VECTORS

/** Rows of a tile of so many vectors. */
export function heightOf(vectors: number): number {
  return Math.min(4, Math.floor(8 / vectors))
}

/** The sums of a tile, and what it needs to add to them. */
export class Tile {
  private readonly r: Routine<string>
  private readonly lanes: Lanes
  /** Where each row reads A, and its sums. */
  readonly lines: readonly { readonly from: Variable; readonly sums: readonly Variable[] }[]
  private readonly columns: readonly Variable[]
  private readonly element: Variable

  constructor(r: Routine<string>, lanes: Lanes, rows: number, vectors: number) {
    this.r = r
    this.lanes = lanes
    this.lines = Array.from({ length: rows }, () => ({ from: r.variables('a').a, sums: r.vectors(vectors) }))
    this.columns = r.vectors(vectors)
    this.element = r.vectors(1)[0] as Variable
  }

  clear(): void {
    for (const { sums } of this.lines) for (const sum of sums) this.r.set(sum, this.r.zero())
  }

  /** The rows of A one below the other, from an address on. */
  point(a: Whole, rowA: Whole): void {
    let above: Variable | undefined
    for (const { from } of this.lines) {
      this.r.set(from, above === undefined ? a : this.r.sum(above, rowA))
      above = from
    }
  }

  /** Adds the products of one k, B read at `row`; all rows of A move on. */
  multiply(row: Variable, stepA: Whole): void {
    const { r, lanes, columns, element } = this
    for (const [v, column] of columns.entries()) r.set(column, r.load('v128.load', row, 16 * v))
    for (const { from, sums } of this.lines) {
      r.set(element, r.load(lanes.splat, from))
      for (const [v, column] of columns.entries()) multiplyAdd(r, lanes, sums[v] as Variable, element, column)
    }
    for (const { from } of this.lines) r.advance(from, stepA)
  }

  /** Stores the sums at `to`, or adds them to what is there; moves `to` on to the row below the tile. */
  write(to: Variable, at: Variable, rowC: Whole, accumulate: Whole): void {
    const { r, lanes } = this
    const eachVector = (write: (sum: Variable, offset: number) => void): void => {
      r.set(at, to)
      for (const [i, { sums }] of this.lines.entries()) {
        if (i > 0) r.advance(at, rowC)
        for (const [v, sum] of sums.entries()) write(sum, 16 * v)
      }
    }
    r.if(accumulate, () => {
      eachVector((sum, offset) => {
        r.push(r.load('v128.load', at, offset), sum)
        r.code.op(lanes.add).set(sum.local)
      })
    })
    eachVector((sum, offset) => r.store('v128.store', at, sum, offset))
    r.set(to, r.sum(at, rowC))
  }
}

/**
 * Adds a function (a, b, c, tiles, k, rowA, stepA, stepB, rowC, accumulate) for `tiles` tiles one below the other, k at
 * least 1. Addresses and distances are in bytes: from row to row of A and C, from k to k + 1 in A and B. B is read at
 * full vectors; the sums are stored, or added to C where `accumulate` is 1.
 */
export function addTile(module: WasmModule, lanes: Lanes, rows: number, vectors: number): number {
  const r = new Routine(module, ['a', 'b', 'c', 'tiles', 'k', 'rowA', 'stepA', 'stepB', 'rowC', 'accumulate'])
  const { a, b, c, tiles, k, rowA, stepA, stepB, rowC, accumulate } = r.params
  const { row, left } = r.variables('row', 'left')
  const tile = new Tile(r, lanes, rows, vectors)
  r.times(tiles, () => {
    tile.clear()
    tile.point(a, rowA)
    r.set(row, b)
    r.set(left, k)
    r.times(left, () => {
      tile.multiply(row, stepA)
      r.advance(row, stepB)
    })
    tile.write(c, row, rowC, accumulate)
    r.advance(a, r.product(rowA, rows))
  })
  return r.index
}

/**
 * Runs m rows in tiles: those of full height in one call, then one lower tile for what is left.
 * @param kernels The kernels of 1, 2, … rows, up to the full height.
 * @param call Calls a kernel for a number of tiles.
 * @param advance Moves on by a number of rows.
 */
export function inTiles(
  r: Routine<string>,
  m: Variable,
  kernels: readonly number[],
  call: (kernel: number, tiles: Whole) => void,
  advance: (rows: Whole) => void,
): void {
  const { tiles } = r.variables('tiles')
  const height = kernels.length
  r.set(tiles, r.whole('i32.div_u', m, height))
  r.if(tiles, () => {
    call(kernels[height - 1] as number, tiles)
    advance(r.product(tiles, height))
  })
  r.set(m, r.whole('i32.rem_u', m, height))
  for (const [i, kernel] of kernels.slice(0, -1).entries()) {
    r.if(r.whole('i32.eq', m, i + 1), () => call(kernel, 1))
  }
}

/** The kernels of 1, 2, … rows, up to the height of tiles of so many vectors. */
export function eachHeight(vectors: number, add: (rows: number) => number): number[] {
  return Array.from({ length: heightOf(vectors) }, (_, i) => add(i + 1))
}

/** Adds a function (a, b, c, m, k, rowA, stepA, stepB, rowC, accumulate): all m rows of `vectors` vectors of columns. */
export function addStrip(module: WasmModule, lanes: Lanes, vectors: number): number {
  const kernels = eachHeight(vectors, (height) => addTile(module, lanes, height, vectors))
  const r = new Routine(module, ['a', 'b', 'c', 'm', 'k', 'rowA', 'stepA', 'stepB', 'rowC', 'accumulate'])
  const { a, b, c, m, k, rowA, stepA, stepB, rowC, accumulate } = r.params
  inTiles(
    r,
    m,
    kernels,
    (kernel, tiles) => r.call(kernel, a, b, c, tiles, k, rowA, stepA, stepB, rowC, accumulate),
    (rows) => {
      r.advance(a, r.product(rows, rowA))
      r.advance(c, r.product(rows, rowC))
    },
  )
  return r.index
}
