/** x = wᵀ·y: the columns under each tap, as a product, are added to the planes and these to the image. */
import type { WasmModule } from '../module.ts'
import { TRANSPOSE_A } from './block.ts'
import { CONV_PARAMS, fields } from './convFrame.ts'
import type { Lanes } from './lanes.ts'
import { Routine } from './routine.ts'

/** Adds the adjoint of the convolution in its images. */
export function addByInput(module: WasmModule, lanes: Lanes, fromPlanes: number, add: number, gemm: number): number {
  const { bytes, shift } = lanes
  const r = new Routine(module, CONV_PARAMS)
  const { images, weights, results, batch, plan, workspace } = r.params
  const { groups, channels, outs, taps, image, imagePlane, resultPlane, resultRow, rows, columns, ...others } = fields(
    r,
    plan,
    [
      ...(['groups', 'channels', 'outs', 'taps', 'image', 'imagePlane', 'resultPlane', 'resultRow'] as const),
      ...(['rows', 'columns', 'band', 'pitch', 'planes', 'products', 'gemm', 'tapTable'] as const),
    ],
  )
  const { band, pitch, planes, tapTable } = others
  const { i, g, row, count, n, t, from, w } = r.variables('i', 'g', 'row', 'count', 'n', 't', 'from', 'w')
  const products = r.sum(workspace, others.products)

  const fold = (): void => {
    r.push(workspace, 0, planes)
    r.code.fill()
    r.set(from, products)
    r.each(t, taps, 1, () => {
      const offset = r.load('i32.load', r.sum(plan, tapTable, r.product(t, 4)))
      r.call(add, from, r.sum(workspace, offset), count, columns, resultRow, pitch, bytes, bytes)
      r.advance(from, r.product(n, bytes))
    })
  }
  r.each(i, batch, 1, () => {
    r.push(images, 0, image)
    r.code.fill()
    r.set(w, weights)
    r.each(g, groups, 1, () => {
      r.each(row, rows, band, () => {
        r.set(count, r.min(r.difference(rows, row), band))
        r.set(n, r.product(count, columns))
        const y = r.sum(results, r.product(row, resultRow))
        const between = r.whole('i32.shr_u', resultPlane, shift)
        const spare = r.sum(workspace, others.gemm)
        r.call(gemm, w, y, products, taps, n, outs, taps, between, n, TRANSPOSE_A, spare)
        fold()
        r.call(fromPlanes, images, workspace, row, count, plan)
      })
      r.advance(images, r.product(channels, imagePlane))
      r.advance(results, r.product(outs, resultPlane))
      r.advance(w, r.product(outs, taps, bytes))
    })
  })
  return r.index
}
