/** The strips of columns of a block, each as wide as a tile, the last one as wide as what is left. */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Whole } from './routine.ts'
import { addStrip, addTile, VECTORS, WIDTH } from './tile.ts'

/** Vectors of a tile of one row, which shares no vector of B with another. */
const LONG = 4

/**
 * Adds a function (a, b, c, m, n, k, rowA, stepA, tileA, ldb, packed, ldc, accumulate, end, spare). B is `packed` in
 * panels, or lies in rows `ldb` bytes apart. There is room for a panel at `end`, for m rows of a tile at `spare`.
 */
export function addStrips(module: WasmModule, lanes: Lanes, merge: number, pack: number): number {
  const wide = addStrip(module, lanes, VECTORS)
  const slim = addStrip(module, lanes, 1)
  const long = addTile(module, lanes, 1, LONG)
  const width = VECTORS * lanes.count
  const r = new Routine(module, [
    ...(['a', 'b', 'c', 'm', 'n', 'k', 'rowA', 'stepA', 'tileA', 'ldb', 'packed', 'ldc', 'accumulate'] as const),
    ...(['end', 'spare'] as const),
  ])
  const { a, b, c, m, n, k, rowA, stepA, tileA, ldb, packed, ldc, accumulate, end, spare } = r.params
  const { j, left, to, from, stepB } = r.variables('j', 'left', 'to', 'from', 'stepB')
  const run = (kernel: number, target: Whole, distance: Whole, adds: Whole): void => {
    r.call(kernel, a, from, target, m, k, rowA, stepA, tileA, stepB, distance, adds)
  }
  /** Tiles that reach past the last column go to spare rows. */
  const last = (): void => {
    r.if(r.not(packed), () => {
      r.call(pack, from, end, left, k, ldb)
      r.set(from, end)
      r.set(stepB, WIDTH)
    })
    r.if(
      r.whole('i32.gt_u', left, lanes.count),
      () => run(wide, spare, WIDTH, 0),
      () => run(slim, spare, WIDTH, 0),
    )
    r.call(merge, spare, to, m, left, ldc, accumulate)
  }
  r.each(j, n, width, () => {
    r.set(left, r.difference(n, j))
    r.set(to, r.sum(c, r.product(j, lanes.bytes)))
    r.set(from, r.sum(b, r.product(j, lanes.bytes, r.select(packed, k, 1))))
    r.set(stepB, r.select(packed, WIDTH, ldb))
    const single = r.and(r.whole('i32.eq', m, 1), r.not(packed), r.whole('i32.ge_u', left, LONG * lanes.count))
    r.if(
      single,
      () => {
        run(long, to, ldc, accumulate)
        r.advance(j, LONG * lanes.count - width)
      },
      () =>
        r.if(
          r.whole('i32.ge_u', left, width),
          () => run(wide, to, ldc, accumulate),
          () => r.if(r.whole('i32.eq', left, lanes.count), () => run(slim, to, ldc, accumulate), last),
        ),
    )
  })
  return r.index
}
