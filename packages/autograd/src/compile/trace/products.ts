/** Matrix products of all steps at once: those that no carry has a part in before the loop, those of a sum after it. */
import type { MatmulArgs, Op } from '../../op.ts'
import { NN, TN } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sameShape, sizeOf } from '../../shape.ts'
import type { Builder } from '../graph/builder.ts'
import type { Expression, Leaf, Operation } from '../graph/expression.ts'
import { partOf } from '../graph/scan.ts'
import { inOrder } from '../lower/arrays.ts'
import { dependsOn, rewritten, type Walk } from './rewrite.ts'

function isProduct(x: Expression | undefined): x is Operation {
  return x !== undefined && x.op === (table.matmul as Op) && [x, ...x.inputs].every(({ shape }) => shape.length === 2)
}

function shaped(build: Builder, x: Expression, shape: Shape): Expression {
  return build.apply(table.reshape as Op, [x], { shape }, shape, x.dtype)
}

function product(build: Builder, a: Expression, b: Expression, args: MatmulArgs): Expression {
  const rows = a.shape[args.transposeA ? 1 : 0] as number
  const columns = b.shape[args.transposeB ? 0 : 1] as number
  return build.apply(table.matmul as Op, [a, b], args, [rows, columns], a.dtype)
}

/** What the expression is but for its shape. */
function unshaped(x: Expression): Expression {
  let found = x
  while (found.op === (table.reshape as Op)) found = found.inputs[0] as Expression
  return found
}

/** A row times a matrix that is the same in each step: the rows of one product of them all. */
export function productsAhead(build: Builder, walk: Walk, length: number, first: number): Walk {
  const { rows, walked } = walk
  const known = new Map<Expression, boolean>()
  const made = rewritten(build, walk.made, first, (x) => {
    if (!isProduct(x)) return undefined
    const [a, b] = x.inputs as readonly [Expression, Expression]
    const { transposeA, transposeB } = x.args as MatmulArgs
    const whole = walked[rows.indexOf(unshaped(a) as Leaf)]
    // A carry that another loop kept: that loop has computed what is computed from it.
    if (whole === undefined || partOf(whole)?.part === 'carries' || transposeA || dependsOn(b, first, known))
      return undefined
    const [m, k] = a.shape as readonly [number, number]
    const all = product(build, shaped(build, whole, [length * m, k]), b, { ...NN, transposeB })
    const row = build.bound(x.shape, x.dtype)
    rows.push(row)
    walked.push(shaped(build, all, [length, ...x.shape]))
    return row
  })
  return { rows, walked, made }
}

/** An operand with the dimension that is summed over in front, as it lies in memory: for a product TN. */
function summedFirst(
  x: Expression,
  isFirst: boolean,
): { readonly of: Expression; readonly columns: number } | undefined {
  const turned = x.op === (table.transpose as Op)
  const of = turned ? (x.inputs[0] as Expression) : x
  const [rows, columns] = of.shape as readonly [number, number]
  if (isFirst !== turned) return { of: unshaped(of), columns }
  return columns === 1 ? { of: unshaped(of), columns: rows } : undefined
}

/**
 * What a carry is at the end that a step only adds a product to: what it was, and one product over all steps. `rowsOf`
 * gives what an expression is in all steps. Undefined for any other carry.
 */
export function productBehind(
  build: Builder,
  {
    init,
    carry,
    next,
    made,
    first,
    rowsOf,
  }: {
    readonly init: Expression
    readonly carry: Expression
    readonly next: Expression
    /** All results of a step. */
    readonly made: readonly Expression[]
    readonly first: number
    rowsOf(x: Expression): Expression
  },
): Expression | undefined {
  if (next.op !== (table.add as Op) || next.dtype !== carry.dtype || !sameShape(next.shape, carry.shape))
    return undefined
  const term = next.inputs.find((input) => input !== carry)
  if (term === undefined || !next.inputs.includes(carry)) return undefined
  const found = unshaped(term)
  if (!isProduct(found) || found.dtype !== carry.dtype || sizeOf(found.shape) !== sizeOf(carry.shape)) return undefined
  const uses = inOrder(made).flatMap((x) => (x.op === null || x.id < first ? [] : x.inputs))
  const counts = [carry, next, found].map((x) => [...uses, ...made].filter((input) => input === x).length)
  if (counts.join() !== '1,1,1') return undefined
  const { transposeA, transposeB } = found.args as MatmulArgs
  const [a, b] = found.inputs as readonly [Expression, Expression]
  const [left, right] = [summedFirst(a, transposeA), summedFirst(b, !transposeB)]
  const known = new Map<Expression, boolean>()
  if (left === undefined || right === undefined) return undefined
  if (!dependsOn(left.of, first, known) || !dependsOn(right.of, first, known)) return undefined
  const [x, y] = [left, right].map(({ of, columns }) => {
    const all = rowsOf(of)
    return shaped(build, all, [sizeOf(all.shape) / columns, columns])
  }) as [Expression, Expression]
  const sum = shaped(build, product(build, x, y, TN), carry.shape)
  return build.apply(table.add, [init, sum], undefined, carry.shape, carry.dtype)
}
