/** The strips of columns of a block, each as wide as a tile, the last one as wide as what is left. */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Whole } from './routine.ts'
import { type Moves, move } from './rows.ts'
import { addStrip, VECTORS, WIDTH } from './tile.ts'

/**
 * Adds a function (a, b, c, m, n, k, rowA, stepA, ldb, packed, ldc, accumulate, end, spare). B is `packed` in panels, or
 * lies in rows `ldb` bytes apart. There is room for a panel at `end`, for m rows of a tile at `spare`.
 */
export function addStrips(module: WasmModule, lanes: Lanes, moves: Moves, pack: number): number {
  const kernels = Array.from({ length: VECTORS }, (_, i) => addStrip(module, lanes, i + 1))
  const width = VECTORS * lanes.count
  const r = new Routine(module, [
    ...(['a', 'b', 'c', 'm', 'n', 'k', 'rowA', 'stepA', 'ldb', 'packed', 'ldc', 'accumulate', 'end', 'spare'] as const),
  ])
  const { a, b, c, m, n, k, rowA, stepA, ldb, packed, ldc, accumulate, end, spare } = r.params
  const { j, left, to, from, stepB, vectors } = r.variables('j', 'left', 'to', 'from', 'stepB', 'vectors')
  const run = (kernel: number, target: Whole, distance: Whole, adds: Whole): void => {
    r.call(kernel, a, from, target, m, k, rowA, stepA, stepB, distance, adds)
  }
  /** As many vectors as hold the last columns; tiles that reach past them go to spare rows. */
  const last = (): void => {
    const whole = r.not(r.whole('i32.rem_u', left, lanes.count))
    r.if(r.not(r.or(whole, packed)), () => {
      r.call(pack, from, end, left, k, ldb)
      r.set(from, end)
      r.set(stepB, WIDTH)
    })
    r.set(vectors, r.whole('i32.div_u', r.sum(left, lanes.count - 1), lanes.count))
    for (const [i, kernel] of kernels.entries()) {
      r.if(r.whole('i32.eq', vectors, i + 1), () => {
        r.if(
          whole,
          () => run(kernel, to, ldc, accumulate),
          () => run(kernel, spare, WIDTH, 0),
        )
      })
    }
    r.if(r.not(whole), () => move(r, lanes, moves, accumulate, [spare, to, m, left, WIDTH, ldc]))
  }
  r.set(stepB, r.select(packed, WIDTH, ldb))
  r.each(j, n, width, () => {
    r.set(left, r.difference(n, j))
    r.set(to, r.sum(c, r.product(j, lanes.bytes)))
    r.set(from, r.sum(b, r.product(j, lanes.bytes, r.select(packed, k, 1))))
    r.if(r.whole('i32.ge_u', left, width), () => run(kernels[VECTORS - 1] as number, to, ldc, accumulate), last)
  })
  return r.index
}
