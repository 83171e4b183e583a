/** y = w·x: for each band of rows, products of the weights with the planes under each tap. */
import type { WasmModule } from '../module.ts'
import { DEPTH } from './block.ts'
import { CONV_PARAMS, fields } from './convFrame.ts'
import { addShifted } from './convTile.ts'
import type { Lanes } from './lanes.ts'
import { Routine } from './routine.ts'
import { WIDTH } from './tile.ts'

/**
 * Adds the convolution. Results are computed at the pitch of the planes, so that the places of a band are one long row;
 * what lies between two rows of results is left behind when they are copied.
 */
export function addForward(module: WasmModule, lanes: Lanes, toPlanes: number, copy: number): number {
  const shifted = addShifted(module, lanes)
  const { bytes } = lanes
  const r = new Routine(module, CONV_PARAMS)
  const { images, weights, results, batch, plan, workspace } = r.params
  const { groups, channels, outs, taps, imagePlane, resultPlane, resultRow, rows, columns, band, pitch, ...places } =
    fields(r, plan, [
      ...(['groups', 'channels', 'outs', 'taps', 'imagePlane', 'resultPlane', 'resultRow', 'rows'] as const),
      ...(['columns', 'band', 'pitch', 'products', 'tapTable'] as const),
    ])
  const { i, g, row, count, span, long } = r.variables('i', 'g', 'row', 'count', 'span', 'long')
  const { p, depth, j, o, from, w } = r.variables('p', 'depth', 'j', 'o', 'from', 'w')
  const products = r.sum(workspace, places.products)

  const multiply = (): void => {
    const table = r.sum(plan, places.tapTable, r.product(p, 4))
    r.set(depth, r.min(r.difference(taps, p), DEPTH))
    r.each(j, span, WIDTH, () => {
      const [a, b, c] = [r.sum(w, r.product(p, bytes)), r.sum(workspace, j), r.sum(products, j)]
      r.call(shifted, a, b, c, outs, depth, r.product(taps, bytes), table, long, r.whole('i32.ne', p, 0))
    })
  }
  const write = (): void => {
    r.set(from, products)
    r.each(o, outs, 1, () => {
      const to = r.sum(results, r.product(o, resultPlane), r.product(row, resultRow))
      r.call(copy, from, to, count, columns, pitch, resultRow, bytes, bytes)
      r.advance(from, long)
    })
  }
  r.each(i, batch, 1, () => {
    r.set(w, weights)
    r.each(g, groups, 1, () => {
      r.each(row, rows, band, () => {
        r.set(count, r.min(r.difference(rows, row), band))
        r.set(span, r.product(count, pitch))
        r.set(long, r.and(r.sum(span, WIDTH - 1), -WIDTH))
        r.call(toPlanes, images, workspace, row, count, plan)
        r.each(p, taps, DEPTH, multiply)
        write()
      })
      r.advance(images, r.product(channels, imagePlane))
      r.advance(results, r.product(outs, resultPlane))
      r.advance(w, r.product(outs, taps, bytes))
    })
  })
  return r.index
}
