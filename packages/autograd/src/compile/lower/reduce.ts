/** Kernels that add up elements, or choose the largest. */
import { table } from '../../ops/table.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Carry, type Loop, loop, type Statement, type Term } from '../program/program.ts'
import { elementOf, type FloatType, type Memory, memoryOf, Site, typeOf } from './elements.ts'
import { type Affine, type Index, linear, ORIGIN, placed } from './index.ts'
import { chooseVector, type Group, groupAxes, indexOver, nestLoops, trialLoops } from './nest.ts'
import type { Kernel } from './plan.ts'

/** From here on the lanes run along what is reduced. */
const LONG = 8

/** From so many float32 numbers on they are added up in double precision. */
const PRECISE = 1024

/** What the partial results of a reduction are. */
function partialType(x: Operation, count: number): FloatType {
  return x.op === table.sum && count >= PRECISE ? 'f64' : typeOf(x.dtype)
}

/** The carries that hand a partial result through the loops, outermost first. Only the innermost may have lanes. */
function carriesThrough(loops: readonly Loop[], x: Operation, type: FloatType): Carry[] {
  const join = x.op === table.sum ? 'sum' : 'max'
  const carries: Carry[] = []
  loops.forEach((each, i) => {
    const outer = carries.at(-1)
    const start: Term = { kind: 'constant', type, value: join === 'sum' ? 0 : Number.NEGATIVE_INFINITY }
    const carry: Carry = {
      kind: 'carry',
      type,
      init: outer ?? start,
      next: null,
      join: i === loops.length - 1 ? join : null,
    }
    if (outer !== undefined) outer.next = { kind: 'result', type, carry }
    each.carries.push(carry)
    carries.push(carry)
  })
  return carries
}

/** Where the result of the element at an index is written. */
function placeOf(x: Operation, axes: readonly number[], index: Index): Affine {
  const keepsDims = x.shape.length === index.length
  const own = keepsDims
    ? index.map((form, axis) => (axes.includes(axis) ? ORIGIN : form))
    : index.filter((_, axis) => !axes.includes(axis))
  return linear(own, x.shape)
}

/** The loops over what is kept, and inside them those over what is reduced; one of them has lanes. */
function makeLoops(
  kept: readonly Group[],
  reduced: readonly Group[],
  lastIsReduced: boolean,
  lanes: number,
): { outer: Loop[]; inner: Loop[] } {
  const chosen = chooseVector(
    kept.map(({ count }) => count),
    lanes,
  )
  const along = lastIsReduced && (reduced.at(-1)?.count ?? 0) >= LONG
  const across = !along && (kept[chosen]?.count ?? 0) >= lanes
  return {
    outer: kept.map(({ count }, i) => loop(count, { parallel: true, vector: across && i === chosen })),
    inner: reduced.map(({ count }, i) => {
      const innermost = i === reduced.length - 1
      return loop(count, { parallel: innermost, vector: innermost && !across })
    }),
  }
}

export function reduceLoops(memory: Memory, { shape, axes, members }: Kernel): Statement[] {
  const isReduced = (axis: number): boolean => axes.includes(axis)
  const trial = trialLoops(shape)
  const look = new Site([])
  for (const x of members) elementOf(memory, look, x.inputs[0] as Expression, trial.index)
  const groups = groupAxes(shape, trial.loops, look.reads, (a, b) => isReduced(a) !== isReduced(b))
  const kept = groups.filter((group) => !isReduced(group.axes[0] as number))
  const reduced = groups.filter((group) => isReduced(group.axes[0] as number))
  const lanes = members.some((x) => x.dtype === 'float64') ? 2 : 4
  const { outer, inner } = makeLoops(kept, reduced, reduced.includes(groups.at(-1) as Group), lanes)
  const index = indexOver(shape.length, [...kept, ...reduced], [...outer, ...inner])

  const top: Statement[] = []
  const outside = nestLoops(outer)?.body ?? top
  const inside = nestLoops(inner)?.body ?? outside
  if (inner[0] !== undefined) outside.push(inner[0])
  const site = new Site(inside)
  for (const x of members) {
    const type = partialType(
      x,
      reduced.reduce((n, { count }) => n * count, 1),
    )
    const element = site.convert(elementOf(memory, site, x.inputs[0] as Expression, index), type)
    const carries = carriesThrough(inner, x, type)
    const [first] = carries
    const last = carries.at(-1)
    if (last !== undefined) {
      const op = x.op === table.sum ? table.add : table.maximum
      last.next = site.add({ kind: 'apply', type, op, inputs: [last, element], args: undefined })
    }
    const total: Term = first === undefined ? element : { kind: 'result', type, carry: first }
    const value = new Site(outside).convert(total, typeOf(x.dtype))
    outside.push({ kind: 'store', address: placed(memoryOf(memory, x), placeOf(x, axes, index)), value })
  }
  return outer[0] === undefined ? top : [outer[0]]
}
