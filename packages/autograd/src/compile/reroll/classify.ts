/**
 * Where each operand comes from, compared over all iterations: the proof of the plan. What is neither constant, input,
 * of the same iteration, nor of the one before, is read from memory; places there are found last, since they depend on
 * which values share memory.
 */
import { Memory, type OpenCarried, type OpenLast, type OpenSlot } from './cells.ts'
import type { Chained } from './chains.ts'
import { grid, periodsOf, placeOf, sizeOf, tabulate } from './fit.ts'
import { NONE, operandsOf, usedColumns } from './flat.ts'
import { Column, Operands } from './operands.ts'
import type { Last, LoopNode, Place, Producer, Rolled } from './rolled.ts'
import { makersOf } from './sums.ts'
import type { Tree } from './tree.ts'

/** The plan was wrong about operands. */
export class Irregular extends Error {
  override name = 'Irregular'
}

export function classify(trace: Chained, tree: Tree): Rolled {
  const makers = makersOf(trace, tree)
  const memory = new Memory(trace, tree, makers)
  const columns = usedColumns(trace).map((column) => new Column(column, tree.items))
  const classifier = new Classifier(trace, memory)
  const open = tree.leaves.map((leaf) => {
    const operands = leaf.term === null ? operandsOf(leaf.op.op) : 1
    return columns.slice(0, operands).map((column) => classifier.slot(column.at(leaf.id, leaf.path)))
  })
  const outputs = trace.outputs.map((id) => classifier.slot(Operands.of(Int32Array.of(id), [])))
  memory.shareSums()
  const groups = memory.place()
  for (const [i, leaf] of tree.leaves.entries()) leaf.slots = open[i]?.map((slot) => memory.resolve(slot)) ?? []
  return {
    trace,
    items: tree.items,
    leaves: tree.leaves,
    sums: makers.sums,
    groups,
    lasts: classifier.lasts.map((slot) => memory.resolve(slot) as Last),
    outputs: outputs.map((slot) => memory.resolve(slot)),
  }
}

class Classifier {
  readonly lasts: OpenLast[] = []
  private readonly trace: Chained
  private readonly memory: Memory
  private readonly carried: Map<string, OpenCarried>
  /** What is read of the last iteration, by who makes it and hands it on. */
  private readonly ends: Map<Producer, OpenLast>

  constructor(trace: Chained, memory: Memory) {
    this.trace = trace
    this.memory = memory
    this.carried = new Map()
    this.ends = new Map()
  }

  /** The source of the operands. */
  slot(operands: Operands): OpenSlot {
    const { inputs } = this.trace
    const { first, affine } = operands
    if (first < 0) {
      const slot = operands.areWithin(NONE + 1, 0) ? this.constants(operands) : this.carry(operands)
      if (slot === null) throw new Irregular('constants and values in one place')
      return slot
    }
    if (first < inputs) {
      if (operands.areWithin(0, inputs)) {
        return { kind: 'input', place: affine ?? placeOf(operands.table, operands.counts) }
      }
    } else if (affine !== null) {
      const from = this.memory.producerOf(first)
      if (isLocal(from, affine, operands.path)) return { kind: 'local', from }
    }
    const carried = this.carry(operands) ?? (affine === null ? null : this.last(affine, operands.path))
    if (carried !== null) return carried
    if (!operands.areWithin(inputs, this.trace.count)) throw new Irregular('inputs and values in one place')
    return this.memory.read(operands)
  }

  private constants({ table, counts }: Operands): OpenSlot {
    const { constants } = this.trace.flat
    const values = new Float64Array(table.length)
    for (let i = 0; i < table.length; i++) values[i] = constants[-1 - (table[i] as number)] as number
    const first = values[0] ?? 0
    if (values.every((value) => Object.is(value, first))) return { kind: 'constant', value: first }
    return { kind: 'table', ...tabulate(values, counts) }
  }

  /** A value that the body of one of the loops made in its iteration before. */
  private carry(operands: Operands): OpenSlot | null {
    const { path } = operands
    for (let level = path.length - 1; level >= 0; level--) {
      const loop = path[level] as LoopNode
      const id = operands.second(level)
      if (loop.count === 1 || id < this.trace.inputs) continue
      const from = this.memory.producerOf(id)
      const scoped = from.path.length === level + 1 && from.path[level] === loop && from.id === id
      if (!scoped || (from.kind === 'sum' && from.inMemory)) continue
      const init = initials(operands, level, from.id)
      if (init !== null) return this.once(from, loop, init, path.slice(0, level))
    }
    return null
  }

  /** Readers of one carried value share it. */
  private once(from: Producer, loop: LoopNode, init: Int32Array, path: readonly LoopNode[]): OpenCarried {
    const key = `${from.kind}${from.id},${loop.start},${loop.path.length}:${init.join()}`
    const known = this.carried.get(key)
    if (known !== undefined) return known
    const made: OpenCarried = { kind: 'carried', from, loop, init: this.slot(Operands.of(init, path)) }
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

/** Whether the operands are made in the reader's own iteration of the loops around their producer. */
function isLocal(from: Producer, { base, strides }: Place, path: readonly LoopNode[]): boolean {
  if (from.path.length > path.length || from.id !== base || (from.kind === 'sum' && from.inMemory)) return false
  return path.every((loop, level) => {
    const stride = strides[level] as number
    if (level >= from.path.length) return stride === 0
    return from.path[level] === loop && (stride === loop.period || loop.count === 1)
  })
}

/**
 * The operands in the first iteration of the loop at `level`, if the others are what the iteration before made and
 * nothing depends on the loops inside.
 */
function initials({ table, path, counts }: Operands, level: number, id: number): Int32Array | null {
  const loop = path[level] as LoopNode
  const inside = sizeOf(counts.slice(level + 1))
  // Σ period·iteration of the loops around.
  const shifts = grid(0, periodsOf(path).slice(0, level), counts.slice(0, level))
  const init = new Int32Array(shifts.length)
  let at = 0
  for (let o = 0; o < shifts.length; o++) {
    const shift = shifts[o] as number
    const first = table[at] as number
    init[o] = first
    // It is made before the loop.
    if (first >= loop.start + shift) return null
    for (let i = 0; i < loop.count; i++) {
      const expected = i === 0 ? first : id + shift + (i - 1) * loop.period
      for (let k = 0; k < inside; k++) if (table[at++] !== expected) return null
    }
  }
  return init
}
