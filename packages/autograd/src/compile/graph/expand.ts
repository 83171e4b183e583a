/** Reductions of several steps, written in those that loops are made of: elementwise operations, sum and max. */
import type { AxesArgs, Carrier, Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { reducedShape, sizeOf } from '../../shape.ts'

/** The parts of Σ exp(x): the largest x, how often it is there, and the sum of the others relative to it. */
interface Parts<T> {
  readonly top: T
  readonly isTop: T
  /** At least 1, also where every x is −∞. */
  readonly count: T
  /** exp(x − top); ∞ − ∞ counts as 0, and −∞ has no share, also where there is no other. */
  readonly relative: T
  readonly rest: T
}

const NONE = Number.NEGATIVE_INFINITY

function partsOf<T>(k: Carrier<T>, x: T, axes: readonly number[]): Parts<T> {
  const top = k.max(x, axes, true)
  const isTop = k.where(k.eq(x, NONE), 0, k.eq(x, top))
  const relative = k.where(k.eq(x, NONE), 0, k.exp(k.gap(x, top)))
  const count = k.apply(table.maximum, k.sum(isTop, axes, true), 1, undefined)
  return { top, isTop, count, relative, rest: k.sum(k.where(isTop, 0, relative), axes, true) }
}

/** log Σ exp(x) − top = log(count) + log1p(rest/count): one dominant element and many equal ones keep their digits. */
function logTotal<T>(k: Carrier<T>, { count, rest }: Parts<T>): T {
  return k.add(k.log(count), k.apply(table.log1p, k.div(rest, count), 0, undefined))
}

type Expansion = { expand<T>(k: Carrier<T>, x: T, args: AxesArgs): T }['expand']

const expansions: ReadonlyMap<string, Expansion> = new Map<string, Expansion>([
  [
    'mean',
    (k, x, { axes, keepDims }) => k.div(k.sum(x, axes, keepDims), sizeOf(axes.map((axis) => k.shape(x)[axis] ?? 1))),
  ],
  [
    'logSumExp',
    (k, x, { axes, keepDims }) => {
      const parts = partsOf(k, x, axes)
      return shaped(k, k.add(parts.top, logTotal(k, parts)), x, axes, keepDims)
    },
  ],
  [
    'softmax',
    (k, x, { axes }) => {
      const { relative, count, rest } = partsOf(k, x, axes)
      return k.div(relative, k.add(count, rest))
    },
  ],
  [
    'softmaxComplement',
    (k, x, { axes }) => {
      const { isTop, relative, count, rest } = partsOf(k, x, axes)
      const others = k.where(isTop, k.add(k.sub(count, 1), rest), k.add(count, k.sub(rest, relative)))
      return k.div(others, k.add(count, rest))
    },
  ],
  [
    'logSoftmax',
    (k, x, { axes }) => {
      const parts = partsOf(k, x, axes)
      return k.sub(k.where(k.eq(x, NONE), NONE, k.gap(x, parts.top)), logTotal(k, parts))
    },
  ],
  [
    'norm',
    (k, x, { axes, keepDims }) => {
      // 0 where there is no element; ∞ where one is infinite, whatever the others are.
      const size = k.abs(x)
      const infinite = k.sum(k.eq(size, Number.POSITIVE_INFINITY), axes, true)
      const top = k.apply(table.maximum, k.max(size, axes, true), 0, undefined)
      const scaled = k.divNoNan(x, top)
      const root = k.apply(table.sqrt, k.sum(k.square(scaled), axes, true), 0, undefined)
      return shaped(k, k.where(infinite, Number.POSITIVE_INFINITY, k.mul(top, root)), x, axes, keepDims)
    },
  ],
])

function shaped<T>(k: Carrier<T>, y: T, x: T, axes: readonly number[], keepDims: boolean): T {
  return keepDims ? y : k.reshape(y, reducedShape(k.shape(x), axes, false))
}

/** How the operation is written in others, if it is. */
export function expansionOf(op: Op): Expansion | undefined {
  return table[op.name as keyof typeof table] === op ? expansions.get(op.name) : undefined
}
