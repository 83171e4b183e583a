/** w = y·xᵀ, summed over the batch: each tap's element of the planes times the results at that place. */
import type { WasmModule } from '../module.ts'
import { CONV_PARAMS, fields } from './convFrame.ts'
import { addGathered, GATHERED } from './convTile.ts'
import type { Lanes } from './lanes.ts'
import { addPackTransposed } from './pack.ts'
import { Routine } from './routine.ts'

/**
 * Adds the adjoint of the convolution in its weights. The sums have the results' channels in their lanes and the taps as
 * rows; they stay in the workspace over the whole batch, and are transposed at the end.
 */
export function addByWeight(module: WasmModule, lanes: Lanes, toPlanes: number, copy: number): number {
  const gathered = addGathered(module, lanes)
  const pack = addPackTransposed(module, lanes)
  const { bytes } = lanes
  const tile = GATHERED * lanes.count
  const r = new Routine(module, CONV_PARAMS)
  const { images, weights, results, batch, plan, workspace } = r.params
  const { groups, channels, outs, taps, image, imagePlane, result, resultPlane, resultRow, ...others } = fields(
    r,
    plan,
    [
      ...(['groups', 'channels', 'outs', 'taps', 'image', 'imagePlane', 'result', 'resultPlane', 'resultRow'] as const),
      ...(['rows', 'columns', 'band', 'pitch', 'products', 'tapTable'] as const),
    ],
  )
  const { rows, columns, band, pitch, products, tapTable } = others
  const { i, g, row, count, k, o, padded } = r.variables('i', 'g', 'row', 'count', 'k', 'o', 'padded')
  const { packed, sums, x, y } = r.variables('packed', 'sums', 'x', 'y')

  const multiply = (): void => {
    r.call(toPlanes, x, workspace, row, count, plan)
    r.call(pack, r.sum(y, r.product(row, resultRow)), packed, outs, k, resultPlane, 16 * GATHERED)
    r.each(o, outs, tile, () => {
      const [b, c] = [r.sum(packed, r.product(o, k, bytes)), r.sum(sums, r.product(o, taps, bytes))]
      const gap = r.difference(pitch, resultRow)
      r.call(gathered, workspace, b, c, taps, count, columns, gap, r.sum(plan, tapTable))
    })
  }
  const write = (): void => {
    r.each(o, outs, 1, () => {
      const lane = r.whole('i32.rem_u', o, tile)
      const from = r.sum(sums, r.product(r.difference(o, lane), taps, bytes), r.product(lane, bytes))
      r.call(copy, from, weights, 1, taps, 0, 0, 16 * GATHERED, bytes)
      r.advance(weights, r.product(taps, bytes))
    })
  }
  r.set(padded, r.and(r.sum(outs, tile - 1), -tile))
  r.set(packed, r.sum(workspace, products))
  r.set(sums, r.sum(packed, r.product(padded, band, columns, bytes)))
  r.each(g, groups, 1, () => {
    r.push(sums, 0, r.product(padded, taps, bytes))
    r.code.fill()
    r.set(x, images)
    r.set(y, results)
    r.each(i, batch, 1, () => {
      r.each(row, rows, band, () => {
        r.set(count, r.min(r.difference(rows, row), band))
        r.set(k, r.product(count, columns))
        multiply()
      })
      r.advance(x, image)
      r.advance(y, result)
    })
    write()
    r.advance(images, r.product(channels, imagePlane))
    r.advance(results, r.product(outs, resultPlane))
  })
  return r.index
}
