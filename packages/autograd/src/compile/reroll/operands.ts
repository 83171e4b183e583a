/**
 * The ids that stand in a column, an iteration each. A column is compared as a whole, each node of an outermost loop with
 * those one and two periods before: where an operand moves evenly there, the first iteration tells all.
 */
import { bendsOf } from './bends.ts'
import { fit, grid, instances, pick, rangeOf, sizeOf } from './fit.ts'
import { countsOf, type Item, type LoopNode, type Place } from './rolled.ts'

/** For each node of the first iteration of an outermost loop: the step to the second one, and how often it changes. */
interface Rows {
  readonly steps: Int32Array
  readonly bends: Int32Array
}

export class Column {
  readonly ids: Int32Array
  private readonly rows: Map<LoopNode, Rows>

  constructor(ids: Int32Array, items: readonly Item[]) {
    this.ids = ids
    this.rows = new Map()
    for (const item of items) {
      if (item.kind !== 'loop') continue
      const { start, period, count } = item
      const steps = new Int32Array(period)
      for (let k = 0; k < period; k++) steps[k] = (ids[start + period + k] as number) - (ids[start + k] as number)
      this.rows.set(item, { steps, bends: bendsOf(ids, period, start, start + period * count) })
    }
  }

  /** What stands at the node, in all iterations of the path. */
  at(id: number, path: readonly LoopNode[]): Operands {
    return new Operands(path, this.affine(id, path), () => pick(this.ids, instances(id, path)))
  }

  private affine(id: number, path: readonly LoopNode[]): Place | null {
    const { ids } = this
    const [outer, ...inner] = path
    const base = ids[id] as number
    if (outer === undefined) return { base, strides: [], table: null }
    const { steps, bends } = this.rows.get(outer) as Rows
    const own = id - outer.start
    const step = steps[own] as number
    if (bends[own] !== 0) return null
    if (inner.length === 0) return { base, strides: [step], table: null }
    const around = instances(own, inner)
    for (let i = 0; i < around.length; i++) {
      const k = around[i] as number
      if (bends[k] !== 0 || steps[k] !== step) return null
    }
    const first = fit(pick(ids, instances(id, inner)), countsOf(inner))
    return first === null ? null : { base, strides: [step, ...first.strides], table: null }
  }
}

/** An id for each iteration of the path. */
export class Operands {
  readonly path: readonly LoopNode[]
  readonly counts: readonly number[]
  /** The place that gives all of them, if there is one. */
  readonly affine: Place | null
  private readonly make: () => Int32Array
  private known: Int32Array | undefined

  constructor(path: readonly LoopNode[], affine: Place | null, make: () => Int32Array) {
    this.path = path
    this.counts = countsOf(path)
    this.affine = affine
    this.make = make
  }

  static of(table: Int32Array, path: readonly LoopNode[]): Operands {
    return new Operands(path, fit(table, countsOf(path)), () => table)
  }

  get table(): Int32Array {
    this.known ??= this.affine === null ? this.make() : grid(this.affine.base, this.affine.strides, this.counts)
    return this.known
  }

  /** The id in the first iteration. */
  get first(): number {
    return this.affine === null ? (this.table[0] as number) : this.affine.base
  }

  /** The id in the first iteration but the second one of the loop at the level. */
  second(level: number): number {
    if (this.affine !== null) return this.affine.base + (this.affine.strides[level] as number)
    return this.table[sizeOf(this.counts.slice(level + 1))] as number
  }

  /** The ids in the first iteration of the outer loops. */
  inside(depth: number): Int32Array {
    const { affine, counts } = this
    if (affine !== null) return grid(affine.base, affine.strides.slice(depth), counts.slice(depth))
    return this.table.subarray(0, sizeOf(counts.slice(depth)))
  }

  /** In the own iteration of how many outer loops all ids lie, as far as that is plain to see. */
  ownDepth(): number {
    const { affine, path, counts } = this
    if (affine === null) return 0
    const { base, strides } = affine
    const depth = path.findIndex(({ start, period }, level) => {
      const inner: Place = { base, strides: strides.slice(level + 1), table: null }
      const [low, high] = rangeOf(inner, counts.slice(level + 1))
      return strides[level] !== period || low < start || high >= start + period
    })
    return depth < 0 ? path.length : depth
  }

  /** Whether each id is one from `low` to before `high`. */
  areWithin(low: number, high: number): boolean {
    if (this.affine !== null) {
      const [least, most] = rangeOf(this.affine, this.counts)
      return least >= low && most < high
    }
    return this.table.every((id) => id >= low && id < high)
  }
}
