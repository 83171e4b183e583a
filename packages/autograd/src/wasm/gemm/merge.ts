/** The end of a strip that is narrower than its tiles: what is valid of the tiles is copied to C, or added to it. */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine } from './routine.ts'
import { WIDTH } from './tile.ts'

/** Adds a function (from, to, rows, n, rowTo, accumulate): the first n elements of each row of a tile. */
export function addMerge(module: WasmModule, lanes: Lanes): number {
  const r = new Routine(module, ['from', 'to', 'rows', 'n', 'rowTo', 'accumulate'])
  const { from, to, rows, n, rowTo, accumulate } = r.params
  const { row, at, end } = r.variables('row', 'at', 'end')
  const { code } = r
  const read = (x: () => void): (() => void) => {
    return () => {
      x()
      code.mem(lanes.read)
    }
  }
  r.set(end, r.product(n, lanes.bytes))
  r.each(row, rows, 1, () => {
    r.each(at, end, lanes.bytes, () => {
      const [source, target] = [r.sum(from, at), r.sum(to, at)]
      r.if(
        accumulate,
        () => {
          r.push(target, read(source), read(target))
          code.op(lanes.plus).mem(lanes.write)
        },
        () => {
          r.push(target, read(source))
          code.mem(lanes.write)
        },
      )
    })
    r.advance(from, WIDTH)
    r.advance(to, rowTo)
  })
  return r.index
}
