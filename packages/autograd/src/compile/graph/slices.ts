/** A slice of something put together is a slice of the part that it lies in. */
import type { ConcatArgs, Op, SliceArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sameShape } from '../../shape.ts'
import type { Expression, Maker, Operation } from './expression.ts'

/** A simpler expression for the slice, or undefined. */
export function simplerSlice(build: Maker, x: Expression, range: SliceArgs): Expression | undefined {
  if (range.start.every((n) => n === 0) && sameShape(range.shape, x.shape)) return x
  if (x.op === table.concat) return ofConcat(build, x, range)
  if (x.op === table.unslice) return ofUnslice(build, x, range)
  if (x.op === table.add) return ofSum(build, x, range)
  return undefined
}

function sliceOf(build: Maker, x: Expression, range: SliceArgs): Expression {
  return build.apply(table.slice as Op, [x], range, range.shape, x.dtype)
}

function ofConcat(build: Maker, { inputs, args, dtype }: Operation, range: SliceArgs): Expression | undefined {
  const { axis, starts } = args as ConcatArgs
  const [first = 0, step = 1, count = 0] = [range.start[axis], range.step[axis], range.shape[axis]]
  const last = first + (count - 1) * step
  const at = inputs.findIndex((part, i) => {
    const start = starts[i] ?? 0
    return Math.min(first, last) >= start && Math.max(first, last) < start + (part.shape[axis] as number)
  })
  const part = inputs[at]
  if (part === undefined || part.dtype !== dtype || count === 0) return undefined
  const start = range.start.map((n, d) => (d === axis ? n - (starts[at] ?? 0) : n))
  return sliceOf(build, part, { ...range, start })
}

function ofUnslice(build: Maker, { inputs, args, dtype }: Operation, range: SliceArgs): Expression | undefined {
  const [x] = inputs as readonly [Expression]
  const { start, step } = args as SliceArgs
  const same = start.every((n, d) => n === range.start[d] && step[d] === range.step[d])
  if (same && sameShape(x.shape, range.shape)) return x
  const interval = (from: number, by: number, count: number): [number, number] => {
    const to = from + (count - 1) * by
    return [Math.min(from, to), Math.max(from, to)]
  }
  const apart = start.some((n, d) => {
    const [low, high] = interval(n, step[d] ?? 1, x.shape[d] ?? 1)
    const [from, to] = interval(range.start[d] ?? 0, range.step[d] ?? 1, range.shape[d] ?? 1)
    return high < from || to < low
  })
  return apart ? build.uniform(0, range.shape, dtype) : undefined
}

/** Gradients of parts come together as a sum of arrays that are 0 outside of their parts. */
function ofSum(build: Maker, { inputs, shape, dtype }: Operation, range: SliceArgs): Expression | undefined {
  const [a, b] = inputs as readonly [Expression, Expression]
  if (!sameShape(a.shape, shape) || !sameShape(b.shape, shape) || a.dtype !== dtype || b.dtype !== dtype) {
    return undefined
  }
  const [left, right] = [simplerSlice(build, a, range), simplerSlice(build, b, range)]
  if (left === undefined && right === undefined) return undefined
  const both = [left ?? sliceOf(build, a, range), right ?? sliceOf(build, b, range)]
  return build.apply(table.add, both, undefined, range.shape, dtype)
}
