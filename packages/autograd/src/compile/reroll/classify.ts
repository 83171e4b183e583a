/**
 * Where each operand comes from, compared over all iterations: the proof of the plan. What is neither constant, input,
 * of the same iteration, nor of the one before, is read from memory; places there are found last, since they depend on
 * which values share memory.
 */
import { Memory, type OpenCarried, type OpenLast, type OpenSlot } from './cells.ts'
import type { Chained } from './chains.ts'
import { fit, gather, placeOf, tabulate } from './fit.ts'
import { columns, NONE, operandsOf } from './flat.ts'
import { countsOf, type Last, type Leaf, type LoopNode, type Place, type Producer, type Rolled } from './rolled.ts'
import { type Sums, sumsOf } from './sums.ts'
import type { Tree } from './tree.ts'

/** The plan was wrong about operands. */
export class Irregular extends Error {
  override name = 'Irregular'
}

export function classify(trace: Chained, tree: Tree): Rolled {
  const sums = sumsOf(trace, tree)
  const classifier = new Classifier(trace, tree, sums)
  const open = tree.leaves.map((leaf) => classifier.leaf(leaf))
  const outputs = trace.outputs.map((id) => classifier.slot(Int32Array.of(id), []))
  const { memory } = classifier
  memory.shareSums()
  const groups = memory.place()
  for (const [i, leaf] of tree.leaves.entries()) leaf.slots = open[i]?.map((slot) => memory.resolve(slot)) ?? []
  return {
    trace,
    items: tree.items,
    leaves: tree.leaves,
    sums: sums.sums,
    groups,
    lasts: classifier.lasts.map((slot) => memory.resolve(slot) as Last),
    outputs: outputs.map((slot) => memory.resolve(slot)),
  }
}

class Classifier {
  readonly memory: Memory
  private readonly trace: Chained
  readonly lasts: OpenLast[] = []
  private readonly carried: Map<string, OpenCarried>
  /** What is read of the last iteration, by who makes it and hands it on. */
  private readonly ends: Map<Producer, OpenLast>

  constructor(trace: Chained, tree: Tree, sums: Sums) {
    this.trace = trace
    this.memory = new Memory(trace, tree, sums)
    this.carried = new Map()
    this.ends = new Map()
  }

  leaf(leaf: Leaf): OpenSlot[] {
    const { trace } = this
    const operands = leaf.term === null ? operandsOf(leaf.op.op) : 1
    return columns(trace)
      .slice(0, operands)
      .map((column) => this.slot(gather(column, leaf.id, leaf.path), leaf.path))
  }

  /** The source of the operands in the table, one an iteration of the path. */
  slot(table: Int32Array, path: readonly LoopNode[]): OpenSlot {
    const counts = countsOf(path)
    const first = table[0] ?? NONE
    const { inputs } = this.trace
    if (first < 0) {
      const slot = table.every((id) => id < 0 && id !== NONE) ? this.constants(table, counts) : null
      const carried = slot ?? this.carry(table, path)
      if (carried === null) throw new Irregular('constants and values in one place')
      return carried
    }
    const affine = fit(table, counts)
    if (first < inputs) {
      if (table.every((id) => id >= 0 && id < inputs)) {
        return { kind: 'input', place: affine ?? placeOf(table, counts) }
      }
    } else if (affine !== null) {
      const from = this.memory.producerOf(first)
      const own = from.path.length <= path.length && from.id === first
      const same = path.every((loop, level) => {
        const stride = affine.strides[level] as number
        if (level >= from.path.length) return stride === 0
        return from.path[level] === loop && (stride === loop.period || loop.count === 1)
      })
      if (own && same && !(from.kind === 'sum' && from.inMemory)) return { kind: 'local', from }
    }
    const carried = this.carry(table, path) ?? (affine === null ? null : this.last(affine, path))
    if (carried !== null) return carried
    if (table.some((id) => id < inputs)) throw new Irregular('inputs and values in one place')
    return this.memory.read(table, path)
  }

  private constants(table: Int32Array, counts: readonly number[]): OpenSlot {
    const { constants } = this.trace.flat
    const values = new Float64Array(table.length)
    for (let i = 0; i < table.length; i++) values[i] = constants[-1 - (table[i] as number)] as number
    const first = values[0] ?? 0
    if (values.every((value) => Object.is(value, first))) return { kind: 'constant', value: first }
    return { kind: 'table', ...tabulate(values, counts) }
  }

  /** A value that the body of one of the loops made in its iteration before. */
  private carry(table: Int32Array, path: readonly LoopNode[]): OpenSlot | null {
    let row = 1
    for (let level = path.length - 1; level >= 0; level--) {
      const loop = path[level] as LoopNode
      const id = table[row] as number
      if (loop.count > 1 && id >= this.trace.inputs) {
        const from = this.memory.producerOf(id)
        const scoped = from.path.length === level + 1 && from.path[level] === loop && from.id === id
        if (scoped && !(from.kind === 'sum' && from.inMemory)) {
          const init = initials(table, path, level, from.id)
          if (init !== null) return this.once(from, loop, init, path.slice(0, level))
        }
      }
      row *= loop.count
    }
    return null
  }

  /** Readers of one carried value share it. */
  private once(from: Producer, loop: LoopNode, init: Int32Array, path: readonly LoopNode[]): OpenCarried {
    const key = `${from.kind}${from.id},${loop.start},${loop.path.length}:${init.join()}`
    const known = this.carried.get(key)
    if (known !== undefined) return known
    const made: OpenCarried = { kind: 'carried', from, loop, init: this.slot(init, path) }
    this.carried.set(key, made)
    if (!this.ends.has(from)) this.ends.set(from, { kind: 'last', of: made })
    return made
  }

  /** What the last iteration of a loop handed on, in the iteration of the loops around it that the reader is in. */
  private last({ base, strides }: Place, path: readonly LoopNode[]): OpenLast | null {
    const from = base < this.trace.inputs ? null : this.memory.producerOf(base)
    const slot = from === null ? undefined : this.ends.get(from)
    if (from === null || slot === undefined) return null
    const { loop } = slot.of
    const around = from.path.slice(0, -1)
    if (base !== from.id + (loop.count - 1) * loop.period || path[around.length] === loop) return null
    if (!around.every((outer, level) => path[level] === outer)) return null
    const same = path.every(({ period, count }, level) => {
      return count === 1 || strides[level] === (level < around.length ? period : 0)
    })
    if (!same) return null
    if (!this.lasts.includes(slot)) this.lasts.push(slot)
    return slot
  }
}

/**
 * The operands in the first iteration of the loop at `level`, if the others are what the iteration before made and
 * nothing depends on the loops inside.
 */
function initials(table: Int32Array, path: readonly LoopNode[], level: number, id: number): Int32Array | null {
  const counts = countsOf(path)
  const loop = path[level] as LoopNode
  const outside = counts.slice(0, level).reduce((x, y) => x * y, 1)
  const inside = counts.slice(level + 1).reduce((x, y) => x * y, 1)
  const init = new Int32Array(outside)
  const shifts = gatherShifts(path.slice(0, level))
  let at = 0
  for (let o = 0; o < outside; o++) {
    init[o] = table[at] as number
    // It is made before the loop.
    if ((init[o] as number) >= loop.start + (shifts[o] as number)) return null
    for (let i = 0; i < loop.count; i++) {
      const expected = i === 0 ? init[o] : id + (shifts[o] as number) + (i - 1) * loop.period
      for (let k = 0; k < inside; k++) if (table[at++] !== expected) return null
    }
  }
  return init
}

/** Σ period·iteration for each iteration of the path. */
function gatherShifts(path: readonly LoopNode[]): Float64Array {
  let shifts = Float64Array.of(0)
  for (const { count, period } of path) {
    const next = new Float64Array(shifts.length * count)
    for (let s = 0; s < shifts.length; s++) {
      for (let i = 0; i < count; i++) next[s * count + i] = (shifts[s] as number) + i * period
    }
    shifts = next
  }
  return shifts
}
