/** Where the largest element of each window stands, as loops. */
import type { WindowArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Buffer, type Loop, loop, type Statement, type Term } from '../program/program.ts'
import { type FloatType, type Memory, memoryOf, Site, typeOf } from './elements.ts'
import { type Affine, along, combined, placed, regionOver, scaled } from './index.ts'
import { nestLoops } from './nest.ts'
import { isSmall, type Range, rangesOf } from './ranges.ts'

export function isSmallWindow(x: Operation): boolean {
  if (x.op !== table.argmaxWindow || sizeOf(x.shape) === 0) return false
  return isSmall(x.args as WindowArgs)
}

/** The place in the plane of the first tap of each window, in the padding or not. */
function originsOf(type: FloatType, { input, output, stride, padding }: WindowArgs, id: number): Buffer {
  const [rows, columns] = output
  const list = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return (row * stride[0] - padding[0]) * input[1] + column * stride[1] - padding[1]
  })
  const data = type === 'f32' ? Float32Array.from(list) : Float64Array.from(list)
  return { name: `windows${id}`, type, size: list.length, kind: 'constant', data }
}

/** Walks windows plane by plane; the buffers that it needs besides those of the expressions go to `buffers`. */
export function argmaxWindowLoops(memory: Memory, x: Operation, buffers: Set<Buffer>): Statement[] {
  const args = x.args as WindowArgs
  const origins = originsOf(typeOf(x.dtype), args, x.id)
  buffers.add(origins)
  return rangesOf(args, 0).flatMap((rows) =>
    rangesOf(args, 1).map((columns) => windowLoop(memory, x, origins, rows, columns)),
  )
}

function windowLoop(memory: Memory, x: Operation, origins: Buffer, rows: Range, columns: Range): Loop {
  const { input, output, stride, padding, dilation } = x.args as WindowArgs
  const images = x.inputs[0] as Expression
  const region = memoryOf(memory, images)
  const [planes, down, right] = [images.shape[0] ?? 1, rows.count, columns.count].map((count, i) =>
    loop(count, { parallel: true, vector: i === 2 }),
  ) as [Loop, Loop, Loop]
  const site = new Site(nestLoops([planes, down, right])?.body ?? [])
  const row = scaled(along(down), 1, rows.first)
  const column = scaled(along(right), 1, columns.first)
  const place = combined([row, column], [output[1], 1])
  const at = (y: number, x: number): Affine =>
    combined(
      [
        along(planes),
        scaled(row, stride[0], y * dilation[0] - padding[0]),
        scaled(column, stride[1], x * dilation[1] - padding[1]),
      ],
      [input[0] * input[1], input[1], 1],
    )

  const taps = rows.taps.flatMap((y) => columns.taps.map((x) => ({ y, x })))
  const best = largestOf(
    site,
    typeOf(images.dtype),
    typeOf(x.dtype),
    taps.map(({ y, x }) => ({
      element: site.load(region, at(y, x)),
      offset: y * dilation[0] * input[1] + x * dilation[1],
    })),
  )
  const type = typeOf(x.dtype)
  const origin = site.load(regionOver(origins), place)
  const value = site.add({ kind: 'apply', type, op: table.add, inputs: [origin, best], args: undefined })
  const to = combined([along(planes), place], [output[0] * output[1], 1])
  site.statements.push({ kind: 'store', address: placed(memoryOf(memory, x), to), value })
  return planes
}

/** The offset of the first largest element; the first NaN is larger than all others. */
function largestOf(
  site: Site,
  type: FloatType,
  placeType: FloatType,
  taps: readonly { readonly element: Term; readonly offset: number }[],
): Term {
  const offsetOf = (offset: number): Term => ({ kind: 'constant', type: placeType, value: offset })
  let [largest, best] = [taps[0]?.element as Term, offsetOf(taps[0]?.offset ?? 0)]
  const is = (op: typeof table.le, a: Term, b: Term): Term =>
    site.add({ kind: 'apply', type, op, inputs: [a, b], args: undefined })
  const choose = (of: FloatType, condition: Term, a: Term, b: Term): Term =>
    site.add({
      kind: 'apply',
      type: of,
      op: table.where,
      inputs: [site.convert(condition, of), a, b],
      args: undefined,
    })
  for (const { element, offset } of taps.slice(1)) {
    const stays = is(table.le, element, largest)
    const number = is(table.eq, largest, largest)
    best = choose(placeType, stays, best, choose(placeType, number, offsetOf(offset), best))
    largest = choose(type, stays, largest, choose(type, number, element, largest))
  }
  return best
}
