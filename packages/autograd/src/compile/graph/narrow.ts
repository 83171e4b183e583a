/**
 * Numbers of float64 beside numbers of float32, where the result is rounded to float32: what can be done in float32,
 * with twice the lanes. Eager operations compute in float64 and round once. Comparisons and choices give the same here;
 * sums, products and quotients with a number that float32 does not have are off by a rounding of the result at most.
 */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Shape } from '../../shape.ts'
import { ceiling32, floor32 } from './bounds.ts'
import { type Expression, type Maker, uniformOf } from './expression.ts'

/** An operation of two, one of them a number that float32 does not have. */
interface Meeting {
  readonly c: number
  /** Whether the number is the first of the two. */
  readonly isFirst: boolean
  /** The operation with another number in its place. */
  put(c: number): Expression
  /** The sum or difference of what was made and a number. */
  join(op: Op, y: Expression, c: number): Expression
  /** One number throughout. */
  all(y: number): Expression
}

type Rule = (m: Meeting) => Expression | undefined

/** Neither vanishes nor overflows in float32, nor loses digits. */
function isNormal(c: number): boolean {
  const size = Math.abs(Math.fround(c))
  return size >= 2 ** -126 && size < Number.POSITIVE_INFINITY
}

const product: Rule = ({ c, put }) => (isNormal(c) ? put(c) : undefined)

/** The number in two parts: where the first cancels with x, the second one makes the digits. */
function sum(rest: (m: Meeting) => Op): Rule {
  return (m) => {
    const { c, put, join } = m
    const small = Math.fround(c - Math.fround(c))
    return isNormal(c) && small !== 0 ? join(rest(m), put(c), small) : undefined
  }
}

const nearest: Rule = ({ c, put }) => put(c)
/** x < c says that x is less than the first number of float32 behind c; x > c the other way round. */
const below: Rule = ({ c, isFirst, put }) => put(isFirst ? floor32(c) : ceiling32(c))
const above: Rule = ({ c, isFirst, put }) => put(isFirst ? ceiling32(c) : floor32(c))

/** What to do about such a number; without it these operations give in float32 what they give in float64, rounded. */
const rules: ReadonlyMap<Op, Rule> = new Map<Op, Rule>([
  [table.mul as Op, product],
  [table.mulNoNan as Op, product],
  [table.div as Op, product],
  [table.divNoNan as Op, product],
  [table.add as Op, sum(() => table.add)],
  [table.sub as Op, sum(({ isFirst }) => (isFirst ? table.add : table.sub))],
  [table.maximum as Op, nearest],
  [table.minimum as Op, nearest],
  [table.lt as Op, below],
  [table.ge as Op, below],
  [table.gt as Op, above],
  [table.le as Op, above],
  [table.eq as Op, ({ all }) => all(0)],
  [table.ne as Op, ({ all }) => all(1)],
])

/** The number that each element is, where float32 does not have it. */
function wideOf(x: Expression): number | undefined {
  const c = x.dtype === 'float64' ? uniformOf(x) : undefined
  return c === undefined || Object.is(Math.fround(c), c) ? undefined : c
}

/** The operation in float32; undefined where that would give something else, or where there are other numbers. */
function inFloat32(build: Maker, { op, inputs, args }: Applied, shape: Shape): Expression | undefined {
  const single = (x: Expression): Expression =>
    x.dtype === 'float32' ? x : build.uniform(uniformOf(x) ?? Number.NaN, x.shape, 'float32')
  const apply = (op: Op, list: readonly Expression[]): Expression => build.apply(op, list, args, shape, 'float32')
  const at = inputs.findIndex((x) => wideOf(x) !== undefined)
  const c = inputs.map(wideOf)[at]
  if (c === undefined) return apply(op, inputs.map(single))
  return rules.get(op)?.({
    c,
    isFirst: at === 0,
    put: (n) =>
      apply(
        op,
        inputs.map((x, i) => (i === at ? build.uniform(Math.fround(n), x.shape, 'float32') : single(x))),
      ),
    join: (op, y, n) => apply(op, [y, build.uniform(n, [], 'float32')]),
    all: (y) => build.uniform(y, shape, 'float32'),
  })
}

interface Applied {
  readonly op: Op
  readonly inputs: readonly Expression[]
  readonly args: unknown
}

/** The cast of the expression to float32 as an operation in float32, or undefined. */
export function narrowed(build: Maker, x: Expression, shape: Shape): Expression | undefined {
  if (x.op === null || !(rules.has(x.op) || x.op === table.neg)) return undefined
  const isSingle = x.inputs.some(({ dtype }) => dtype === 'float32')
  const isKnown = x.inputs.every((input) => input.dtype === 'float32' || uniformOf(input) !== undefined)
  return isSingle && isKnown ? inFloat32(build, x, shape) : undefined
}

/** The operation in float32, where a number that float32 does not have is among its inputs; undefined where none is. */
export function beside(build: Maker, applied: Applied, shape: Shape): Expression | undefined {
  const { op, inputs, args } = applied
  if (inputs.every((x) => wideOf(x) === undefined) || inputs.every((x) => uniformOf(x) !== undefined)) return undefined
  if (op === table.where) {
    // Such a number is not 0, so as a condition it is true.
    const chosen = inputs.map((x, i) => {
      const c = wideOf(x)
      return c === undefined ? x : build.uniform(i === 0 ? 1 : Math.fround(c), x.shape, 'float32')
    })
    return build.apply(op, chosen, args, shape, 'float32')
  }
  const narrow = rules.has(op) ? inFloat32(build, applied, shape) : undefined
  if (narrow !== undefined) return narrow
  const wide = build.apply(op, inputs, args, shape, 'float64')
  return build.apply(table.cast as Op, [wide], { dtype: 'float32' }, shape, 'float32')
}
