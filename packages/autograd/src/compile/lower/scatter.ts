/** Kernels whose elements do not lie where the loops go: parts of arrays, computed places, running sums. */
import type { AxisArgs, ConcatArgs, SliceArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf, stridesOf } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Carry, loop, type Statement } from '../program/program.ts'
import { elementOf, type Memory, memoryOf, Site, typeOf } from './elements.ts'
import { along, combined, linear, ORIGIN, placed, scaled, spanOf } from './index.ts'
import { mapLoops } from './map.ts'
import { nestLoops } from './nest.ts'

function cleared(memory: Memory, x: Operation): Statement {
  return { kind: 'clear', span: spanOf(memoryOf(memory, x), sizeOf(x.shape)) }
}

/** Each part is written to its place along the axis. */
export function concatLoops(memory: Memory, x: Operation): Statement[] {
  const { axis, starts } = x.args as ConcatArgs
  const region = memoryOf(memory, x)
  return x.inputs.flatMap((part, i) =>
    mapLoops(memory, part.shape, [
      {
        value: part,
        region,
        place: (index) =>
          linear(
            index.map((form, d) => (d === axis ? scaled(form, 1, starts[i] ?? 0) : form)),
            x.shape,
          ),
      },
    ]),
  )
}

/** Zeros, with the input written where the slice was read. */
export function unsliceLoops(memory: Memory, x: Operation): Statement[] {
  const { start, step } = x.args as SliceArgs
  const value = x.inputs[0] as Expression
  const region = memoryOf(memory, x)
  const written = mapLoops(memory, value.shape, [
    {
      value,
      region,
      place: (index) =>
        linear(
          index.map((form, d) => scaled(form, step[d] ?? 1, start[d] ?? 0)),
          x.shape,
        ),
    },
  ])
  return [cleared(memory, x), ...written]
}

/** Zeros, with the elements of the source added at the places that the indices name. */
export function scatterLoops(memory: Memory, x: Operation): Statement[] {
  const [src, indices] = x.inputs as readonly [Expression, Expression]
  const { axis } = x.args as AxisArgs
  const rank = x.op === table.untake ? indices.shape.length : 1
  const strides = stridesOf(x.shape)
  const loops = src.shape.map((n) => loop(n))
  const index = loops.map(along)
  const site = new Site(nestLoops(loops)?.body ?? [])
  const own = x.op === table.untake ? index.slice(axis, axis + rank) : index
  const place = site.convert(elementOf(memory, site, indices, own), 'i32')
  const value = site.convert(elementOf(memory, site, src, index), typeOf(x.dtype))
  const rest = combined([...index.slice(0, axis), ORIGIN, ...index.slice(axis + rank)], strides)
  const to = placed(memoryOf(memory, x), rest, place, strides[axis] ?? 1)
  site.statements.push({ kind: 'accumulate', address: to, value })
  return [cleared(memory, x), ...(loops[0] === undefined ? site.statements : [loops[0]])]
}

/** Running sums along one axis, which is walked in order; lanes run along another one. */
export function cumsumLoops(memory: Memory, x: Operation): Statement[] {
  const { axis, reverse } = x.args as AxisArgs & { readonly reverse: boolean }
  // Running sums of float32 are kept in double precision.
  const type = 'f64'
  const n = x.shape[axis] as number
  const vector = x.shape.findLastIndex((size, d) => d !== axis && size > 1)
  const loops = x.shape.map((size, d) => loop(size, { parallel: d !== axis, vector: d === vector }))
  const order = [...loops.filter((_, d) => d !== axis), loops[axis] as (typeof loops)[number]]
  const index = loops.map((each, d) => (d === axis && reverse ? scaled(along(each), -1, n - 1) : along(each)))
  const site = new Site(nestLoops(order)?.body ?? [])
  const carry: Carry = { kind: 'carry', type, init: { kind: 'constant', type, value: 0 }, next: null, join: null }
  loops[axis]?.carries.push(carry)
  const element = site.convert(elementOf(memory, site, x.inputs[0] as Expression, index), type)
  carry.next = site.add({ kind: 'apply', type, op: table.add, inputs: [carry, element], args: undefined })
  site.statements.push({
    kind: 'store',
    address: placed(memoryOf(memory, x), linear(index, x.shape)),
    value: site.convert(carry.next, typeOf(x.dtype)),
  })
  return sizeOf(x.shape) === 0 || order[0] === undefined ? [] : [order[0]]
}
