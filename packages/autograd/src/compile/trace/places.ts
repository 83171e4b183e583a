/** Indices that are only known when the program runs: checked then, as the eager operation checks them. */
import { compact, NdArray, toNdArray } from '../../data.ts'
import { placeOf } from '../../kernels/indexing.ts'
import { type AxisArgs, type Op, op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Shape } from '../../shape.ts'
import type { Builder } from '../graph/builder.ts'
import type { Expression } from '../graph/expression.ts'

interface PlaceArgs {
  readonly name: string
  /** How many places there are. */
  readonly count: number
}

/** Whole numbers from 0, negatives counted from the end. @throws ShapeError for what is out of range. */
const PLACES: Op<PlaceArgs> = op({
  name: 'places',
  forward: (indices, _, { name, count }) => {
    const { shape, data } = toNdArray(indices)
    return compact(
      new NdArray(
        shape,
        data.map((index) => placeOf(name, index, count)),
      ),
    )
  },
})

/** What yields places that are right by themselves. */
const trusted: ReadonlySet<Op> = new Set<Op>([
  table.argmax as Op,
  table.argsort as Op,
  table.argmaxWindow as Op,
  table.cumargmax as Op,
])

/** Operations that only move places. */
const moving: ReadonlySet<Op> = new Set<Op>([
  table.reshape as Op,
  table.broadcastTo as Op,
  table.transpose as Op,
  table.slice as Op,
])

function isTrusted(indices: Expression): boolean {
  let x = indices
  while (x.op !== null && (isWidened(x) || moving.has(x.op))) x = x.inputs[0] as Expression
  return x.op !== null && trusted.has(x.op)
}

/** A cast that keeps every number. */
function isWidened({ op, dtype }: Expression): boolean {
  return op === table.cast && dtype === 'float64'
}

/** The places before they were widened. */
function narrow(x: Expression): Expression {
  return x.op !== null && isWidened(x) ? (x.inputs[0] as Expression) : x
}

/** The indices of a gather, take or one of their adjoints, as places. */
export function checkedPlaces(
  build: Builder,
  by: Op,
  from: Expression,
  indices: Expression,
  args: unknown,
): Expression {
  if (isTrusted(indices)) return narrow(indices)
  const { axis, shape = from.shape } = args as AxisArgs & { readonly shape?: Shape }
  const name = by === table.scatter ? 'scatterAdd' : by === table.untake ? 'take' : by.name
  const places: PlaceArgs = { name, count: shape[axis] ?? 0 }
  return build.apply(PLACES as Op, [indices], places, indices.shape, indices.dtype)
}
