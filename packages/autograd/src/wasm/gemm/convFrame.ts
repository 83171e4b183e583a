/** What the three forms of a convolution share: the plan's fields, the planes of an image, the loops over all of it. */
import type { WasmModule } from '../module.ts'
import { FIELDS, type Field, PHASE } from './convPlan.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Variable, type Whole } from './routine.ts'

/** The parameters of the three forms. */
export const CONV_PARAMS = ['images', 'weights', 'results', 'batch', 'plan', 'workspace'] as const

const PHASE_BYTES = 4 * PHASE.length

/** Loads fields of the plan into variables. */
export function fields<F extends Field>(r: Routine<string>, plan: Whole, names: readonly F[]): Record<F, Variable> {
  const variables = r.variables(...names)
  for (const name of names) r.set(variables[name], r.load('i32.load', plan, 4 * FIELDS.indexOf(name)))
  return variables
}

/**
 * Adds a function (image, planes, row, rows, plan): between the channels of a group and the planes of a band, whose
 * results are `rows` rows from `row` on. Planes are filled, zeros in the padding; or added to the image.
 * @param move The function of rows that copies, or adds.
 */
export function addPlanes(module: WasmModule, lanes: Lanes, move: number, toPlanes: boolean): number {
  const r = new Routine(module, ['image', 'planes', 'row', 'rows', 'plan'])
  const { image, planes: place, row, rows, plan } = r.params
  const { channels, imagePlane, imageRow, extraRows, pitch, phases, plane, planes, strideY, step, phaseTable } = fields(
    r,
    plan,
    [
      ...(['channels', 'imagePlane', 'imageRow', 'extraRows', 'pitch', 'phases', 'plane', 'planes'] as const),
      ...(['strideY', 'step', 'phaseTable'] as const),
    ],
  )
  const { c, phase, at, first, last, inner, outer } = r.variables(
    ...(['c', 'phase', 'at', 'first', 'last', 'inner', 'outer'] as const),
  )
  const word = (name: (typeof PHASE)[number]): (() => void) => r.load('i32.load', at, 4 * PHASE.indexOf(name))
  const max = (a: Whole, b: Whole): (() => void) => r.select(r.whole('i32.gt_u', a, b), a, b)

  if (toPlanes) {
    r.push(place, 0, planes)
    r.code.fill()
  }
  r.each(c, channels, 1, () => {
    r.set(at, r.sum(plan, phaseTable))
    r.each(phase, phases, 1, () => {
      r.set(first, max(word('first'), row))
      r.set(last, r.min(word('end'), r.sum(row, rows, extraRows)))
      r.if(r.whole('i32.lt_u', first, last), () => {
        r.set(inner, r.sum(place, r.product(r.difference(first, row), pitch), word('margin')))
        r.set(outer, r.sum(image, r.product(first, strideY, imageRow), word('origin')))
        const [count, n, rowImage] = [r.difference(last, first), word('count'), r.product(strideY, imageRow)]
        if (toPlanes) r.call(move, outer, inner, count, n, rowImage, pitch, step, lanes.bytes)
        else r.call(move, inner, outer, count, n, pitch, rowImage, lanes.bytes, step)
      })
      r.advance(place, plane)
      r.advance(at, PHASE_BYTES)
    })
    r.advance(image, imagePlane)
  })
  return r.index
}
