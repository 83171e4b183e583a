/** Turns a recorded loop into expressions: its step is read once, with expressions bound to its stand-ins. */
import { dtypeOf, shapeOf } from '../../data.ts'
import { TraceError } from '../../errors.ts'
import type { Node } from '../../node.ts'
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import type { LoopArgs } from '../../transforms/scanLoop.ts'
import type { Builder } from '../graph/builder.ts'
import { type Expression, type Leaf, uniformOf } from '../graph/expression.ts'
import { SCAN_PART, type ScanArgs, ScanBody } from '../graph/scan.ts'
import { productBehind, productsAhead } from './products.ts'
import { withResiduals } from './residuals.ts'
import { dependsOn } from './rewrite.ts'

/** What reads nodes. */
export interface NodeReader {
  readonly build: Builder
  bind(node: Node, x: Expression): void
  expression(node: Node): Expression
  /** What a node was when another one was computed from it. */
  numbersAt(node: Node, by: Node): Expression
}

/** What an expression is computed from without the loop: the largest parts, and nothing that is only looked at. */
function invariantsOf(results: readonly Expression[], first: number): Set<Expression> {
  const found = new Set<Expression>()
  const seen = new Set<Expression>()
  const stack = [...results]
  const inside = new Map<Expression, boolean>()
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if (x.op === null) {
      if (x.source.kind === 'bound' ? x.id < first : uniformOf(x) === undefined) found.add(x)
    } else if (dependsOn(x, first, inside) || x.op === table.transpose || x.op === table.broadcastTo) {
      stack.push(...x.inputs)
    } else found.add(x)
  }
  return found
}

/** The results of a loop as they are packed in its node: carries at the end, ys, carries as each step found them. */
export function scanExpression(reader: NodeReader, node: Node): Expression {
  const { build } = reader
  const { body, carries: count, length, reverse, results } = (node.args as LoopArgs).loop
  if (body === undefined) throw new TraceError('compile: a scan from before the call is read inside of it.')
  const given = (node.a as readonly Node[]).map((input) => reader.numbersAt(input, node))
  const carries: Leaf[] = []
  const rows: Leaf[] = []
  const walked: Expression[] = []
  body.inputs.forEach((standIn, i) => {
    const [shape, dtype] = [shapeOf(standIn.raw), dtypeOf(standIn.raw)]
    const whole = given[i] as Expression
    const value = i < count ? undefined : uniformOf(whole)
    if (value !== undefined) {
      reader.bind(standIn, build.uniform(value, shape, dtype))
      return
    }
    const leaf = build.bound(shape, dtype)
    reader.bind(standIn, leaf)
    if (i < count) carries.push(leaf)
    else {
      rows.push(leaf)
      walked.push(whole)
    }
  })
  const read = body.results.map((result) => reader.expression(result))
  const first = Math.min(...[...carries, ...rows].map(({ id }) => id))
  const ahead = productsAhead(build, { rows, walked, made: read }, length, first)
  const { made } = withResiduals(build, ahead, length, first)
  const invariants = invariantsOf(made, first)
  const [nexts, ys] = [made.slice(0, count), made.slice(count)]
  const scan = new ScanBody({ length, reverse, carries, rows, nexts, ys: [...ys], invariants })
  const inputs = [...given.slice(0, count), ...walked, ...invariants]
  const part = (name: ScanArgs['part'], index: number, { shape, dtype }: Expression): Expression => {
    const args: ScanArgs = { body: scan, part: name, index }
    return build.operation(SCAN_PART as Op, inputs, args, name === 'end' ? shape : [length, ...shape], dtype)
  }
  const rowsOf = (x: Expression): Expression => {
    const whole = walked[rows.indexOf(x as Leaf)]
    if (whole !== undefined) return whole
    const known = scan.ys.indexOf(x)
    return part('ys', known >= 0 ? known : scan.ys.push(x) - 1, x)
  }
  const end = (next: Expression, i: number): Expression => {
    const [init, carry] = [given[i], carries[i]] as [Expression, Expression]
    return productBehind(build, { init, carry, next, made, first, rowsOf }) ?? part('end', i, next)
  }
  const parts = [
    ...nexts.map(end),
    ...ys.map((x, i) => part('ys', i, x)),
    ...nexts.map((x, i) => part('carries', i, x)),
  ]
  const [only] = parts
  if (results === 1 && only !== undefined) return only
  return packed(build, parts, node)
}

function packed(build: Builder, parts: readonly Expression[], { raw }: Node): Expression {
  const dtype = dtypeOf(raw)
  const flat = parts.map((x) => {
    const row = build.apply(table.reshape as Op, [x], { shape: [sizeOf(x.shape)] }, [sizeOf(x.shape)], x.dtype)
    return build.apply(table.cast as Op, [row], { dtype }, row.shape, dtype)
  })
  let end = 0
  const starts = flat.map(({ shape: [size = 0] }) => {
    end += size
    return end - size
  })
  return build.apply(table.concat as Op, flat, { axis: 0, starts }, shapeOf(raw), dtype)
}
