/**
 * Convolutions that keep channels apart, average pooling among them, and their adjoints in the images: too few products
 * an element for a matrix product, so taps are written out, with lanes along the rows.
 */
import type { ConvArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Loop, loop, type Statement, type Term } from '../program/program.ts'
import { elementOf, type FloatType, type Memory, memoryOf, Site, typeOf } from './elements.ts'
import { type Affine, along, combined, ORIGIN, placed, scaled, spanOf } from './index.ts'
import { nestLoops } from './nest.ts'
import { isSmall, type Range, rangesOf } from './ranges.ts'

export function isDepthwise(x: Operation): boolean {
  if (x.op !== table.conv && x.op !== table.convInput) return false
  const args = x.args as ConvArgs
  const [outs, perGroup] = (x.inputs[1] as Expression).shape
  return perGroup === 1 && outs === args.groups && isSmall(args) && x.inputs.every(({ shape }) => sizeOf(shape) > 0)
}

/** Whether no element of an image is in two windows, and all lie inside. */
function areApart({ kernel, stride, padding, dilation }: ConvArgs): boolean {
  return ([0, 1] as const).every((d) => padding[d] === 0 && dilation[d] * (kernel[d] - 1) < stride[d])
}

export function depthwiseLoops(memory: Memory, x: Operation): Statement[] {
  const args = x.args as ConvArgs
  const nests = rangesOf(args, 0).flatMap((rows) =>
    rangesOf(args, 1).map((columns) => windows(memory, x, rows, columns)),
  )
  if (x.op === table.conv) return nests
  return [{ kind: 'clear', span: spanOf(memoryOf(memory, x), sizeOf(x.shape)) }, ...nests]
}

/** One nest of loops, over places whose windows have the same taps inside the image. */
function windows(memory: Memory, x: Operation, rows: Range, columns: Range): Loop {
  const { input, output, stride, padding, dilation } = x.args as ConvArgs
  const [given, weights] = x.inputs as readonly [Expression, Expression]
  const [batch = 1, channels = 1] = given.shape
  const type = typeOf(x.dtype)
  const loops = [batch, channels, rows.count, columns.count].map((n, i) => loop(n, { parallel: true, vector: i === 3 }))
  const [each, channel, down, right] = loops as [Loop, Loop, Loop, Loop]
  const site = new Site(nestLoops(loops)?.body ?? [])
  const plane = combined([along(each), along(channel)], [channels, 1])
  const [row, column] = [scaled(along(down), 1, rows.first), scaled(along(right), 1, columns.first)]
  const place = combined([plane, row, column], [output[0] * output[1], output[1], 1])
  const pixel = (y: number, x: number): Affine =>
    combined(
      [
        plane,
        scaled(row, stride[0], y * dilation[0] - padding[0]),
        scaled(column, stride[1], x * dilation[1] - padding[1]),
      ],
      [input[0] * input[1], input[1], 1],
    )
  const times = (element: Term, y: number, x: number): Term => {
    const [down, right] = [y, x].map((base): Affine => ({ base, terms: [] })) as [Affine, Affine]
    const weight = elementOf(memory, site, weights, [along(channel), ORIGIN, down, right])
    return weight.kind === 'constant' && weight.value === 1 ? element : binary(site, type, table.mul, element, weight)
  }
  const region = memoryOf(memory, given)
  const target = memoryOf(memory, x)
  const taps = rows.taps.flatMap((y) => columns.taps.map((x) => [y, x] as const))

  if (x.op === table.conv) {
    const products = taps.map(([y, x]) => times(site.load(region, pixel(y, x)), y, x))
    const zero: Term = { kind: 'constant', type, value: 0 }
    const value = products.length === 0 ? zero : products.reduce((a, b) => binary(site, type, table.add, a, b))
    site.statements.push({ kind: 'store', address: placed(target, place), value })
  } else {
    const kind = areApart(x.args as ConvArgs) ? 'store' : 'accumulate'
    const element = site.load(region, place)
    for (const [y, x] of taps) {
      site.statements.push({ kind, address: placed(target, pixel(y, x)), value: times(element, y, x) })
    }
  }
  return loops[0] as Loop
}

function binary(site: Site, type: FloatType, op: typeof table.mul, a: Term, b: Term): Term {
  return site.add({ kind: 'apply', type, op, inputs: [a, b], args: undefined })
}
