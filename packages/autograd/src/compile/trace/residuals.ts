/**
 * What a loop over the steps of another one computes again, kept from the first time where that is cheaper: the gradient
 * of a scan runs each step again from its carries, and its products and transcendental functions need not.
 */
import type { Op } from '../../op.ts'
import type { Builder } from '../graph/builder.ts'
import type { Expression, Leaf, Operation } from '../graph/expression.ts'
import { bodyOf, partOf, SCAN_PART, type ScanArgs, type ScanBody } from '../graph/scan.ts'
import { costOf, inOrder, LIMIT } from '../lower/arrays.ts'
import { rewritten, type Walk } from './rewrite.ts'

class Keeper {
  private readonly build: Builder
  private readonly walk: Walk
  private readonly body: ScanBody
  /** The inputs of the other loop. */
  private readonly inputs: readonly Expression[]
  private readonly inside: ReadonlySet<Expression>
  /** What an expression of this body is in that of the other loop; undefined where it is nothing there. */
  private readonly images: Map<Expression, Expression | undefined>
  private readonly costs: Map<Expression, number>
  private readonly first: number

  constructor(build: Builder, walk: Walk, other: Operation, first: number) {
    const { body } = other.args as ScanArgs
    this.build = build
    this.walk = walk
    this.body = body
    this.inputs = other.inputs
    this.inside = new Set(inOrder([...body.nexts, ...body.ys], body.invariants))
    this.images = new Map(walk.rows.map((leaf, i) => [leaf, this.rowImage(walk.walked[i] as Expression)]))
    this.costs = new Map()
    this.first = first
    // Each after its inputs, so that neither goes deep.
    for (const x of inOrder(walk.made)) {
      this.image(x)
      this.cost(x)
    }
  }

  private rowImage(whole: Expression): Expression | undefined {
    const { body, inputs } = this
    const part = partOf(whole)
    if (part?.body === body) return part.part === 'carries' ? body.carries[part.index] : body.ys[part.index]
    const start = body.carries.length
    return body.rows[inputs.slice(start, start + body.rows.length).indexOf(whole)]
  }

  private image(x: Expression): Expression | undefined {
    if (this.images.has(x)) return this.images.get(x)
    const found = this.findImage(x)
    this.images.set(x, found)
    return found
  }

  private findImage(x: Expression): Expression | undefined {
    if (x.op === null) return x.source.kind === 'bound' && x.id >= this.first ? undefined : x
    if (x.id < this.first) return x
    const inputs = x.inputs.map((input) => this.image(input))
    if (inputs.every((input, i) => input === x.inputs[i])) return x
    if (bodyOf(x) !== undefined || !inputs.every((input) => input !== undefined)) return undefined
    return this.build.apply(x.op, inputs, x.args, x.shape, x.dtype)
  }

  private cost(x: Expression): number {
    if (x.op === null || x.id < this.first) return 0
    const known = this.costs.get(x)
    if (known !== undefined) return known
    const cost = x.inputs.reduce((sum, input) => sum + this.cost(input), costOf(x))
    this.costs.set(x, cost)
    return cost
  }

  /** A row of what the other loop then keeps of each step. */
  private keep(x: Operation, image: Expression): Leaf {
    const { body, build, inputs, walk } = this
    const known = body.ys.indexOf(image)
    const index = known >= 0 ? known : body.ys.push(image) - 1
    const args: ScanArgs = { body, part: 'ys', index }
    const leaf = build.bound(x.shape, x.dtype)
    walk.rows.push(leaf)
    walk.walked.push(build.operation(SCAN_PART as Op, inputs, args, [body.length, ...x.shape], x.dtype))
    return leaf
  }

  /** What stands for an expression that the other loop computes, where to compute it again would cost more. */
  replacement(x: Operation): Expression | undefined {
    const image = this.image(x)
    if (image === undefined || image === x || image.op === null || !this.inside.has(image)) return undefined
    return this.cost(x) > LIMIT ? this.keep(x, image) : undefined
  }
}

/** The walk with rows instead of what other loops of as many steps have computed already; `first` is its lowest number. */
export function withResiduals(build: Builder, walk: Walk, length: number, first: number): Walk {
  const others = new Map<ScanBody, Operation>()
  for (const whole of walk.walked) {
    const body = bodyOf(whole)
    if (body?.length === length && whole.op !== null && partOf(whole)?.part !== 'end') others.set(body, whole)
  }
  let { made } = walk
  const { rows, walked } = walk
  for (const other of others.values()) {
    const keeper = new Keeper(build, { rows, walked, made }, other, first)
    made = rewritten(build, made, first, (x) => keeper.replacement(x))
  }
  return { rows, walked, made }
}
