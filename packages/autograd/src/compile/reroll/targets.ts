/** Memory of cotangents: which of its cells are stored by the first who writes there, and which have to be 0 before. */
import type { Accumulate, Buffer, Statement, Term } from '../program/program.ts'
import { grid } from './fit.ts'
import type { Code, Frame } from './frame.ts'
import { countsOf, type Group, type LoopNode, type Place } from './rolled.ts'

/** An addition to memory. */
interface Written {
  readonly list: Statement[]
  readonly statement: Accumulate
  readonly cells: Int32Array
  /** Whether no cell is reached in all iterations of a loop. */
  readonly once: boolean
  /** The loops around, inside those of the target. */
  readonly path: readonly LoopNode[]
}

/** More runs of zeros are written as one. */
const MOST_RUNS = 4

export class Target {
  readonly buffer: Buffer
  /** The loops in each iteration of which it begins anew. */
  readonly path: readonly LoopNode[]
  /** Whose cotangents these are; null for those of inputs. */
  readonly group: Group | null
  /** Cell 0 of the buffer is this one. */
  private readonly first: number
  /** For each cell whether it was written to. */
  private readonly touched: Uint8Array
  /** For each cell whether it has to be 0 first. */
  private readonly unclean: Uint8Array
  private readonly records: Written[] = []

  constructor(buffer: Buffer, path: readonly LoopNode[], { group, first }: { group: Group | null; first: number }) {
    this.buffer = buffer
    this.path = path
    this.group = group
    this.first = first
    this.touched = new Uint8Array(buffer.size)
    this.unclean = new Uint8Array(buffer.size)
  }

  /** Writes an addition to the cells of the place, into the code as it is now. */
  add(code: Code, place: Place, value: Term): void {
    const statement: Accumulate = { kind: 'accumulate', address: code.address(this.buffer, place, this.first), value }
    const list = code.terms.at.statements
    list.push(statement)
    this.records.push({ list, statement, ...this.reachOf(place, code.frame) })
  }

  /**
   * To be called when the loops inside the target's iteration are closed: cells that one share alone reaches for the
   * first time are stored, all others are added to, and have to be 0 before.
   */
  settle(): void {
    const { records, touched, unclean } = this
    if (records.length === 0) return
    // Beside sums in memory a store would keep the emitter from summing in registers.
    const first = records.every(({ once }) => once) ? firstWriters(records, touched.length) : null
    for (const [i, { list, statement, cells }] of records.entries()) {
      if (first !== null && isFirst(cells, i, first, touched)) {
        list[list.indexOf(statement)] = { kind: 'store', address: statement.address, value: statement.value }
        continue
      }
      for (let k = 0; k < cells.length; k++) {
        const cell = cells[k] as number
        // Who stores comes before, in this call or an earlier one.
        if (touched[cell] === 0 && (first === null || first[cell] === i)) unclean[cell] = 1
      }
    }
    for (const { cells } of records) touch(cells, touched)
    records.length = 0
  }

  /** The runs of cells that have to be 0 first: those that are added to, and those that nobody writes. */
  open(): (readonly [start: number, size: number])[] {
    const { unclean, touched } = this
    const runs: [number, number][] = []
    for (let i = 0; i < unclean.length; i++) {
      const start = i
      while (i < unclean.length && (unclean[i] === 1 || touched[i] === 0)) i++
      if (i > start) runs.push([start, i - start])
    }
    const [first] = runs
    const last = runs.at(-1)
    if (first === undefined || last === undefined || runs.length <= MOST_RUNS) return runs
    return [[first[0], last[0] + last[1] - first[0]]]
  }

  /** The cells that a place may reach in one iteration of the target's loops. */
  private reachOf(place: Place, frame: Frame): Pick<Written, 'cells' | 'once' | 'path'> {
    const depth = this.path.length
    const path = (frame.node?.path ?? []).slice(depth)
    if (place.table !== null) return { cells: place.table.map((cell) => cell - this.first), once: false, path }
    // Another cell in each iteration of the target's own loops: each of them may be met.
    if (place.strides.slice(0, depth).some((stride) => stride !== 0)) {
      return { cells: grid(0, [1], [this.touched.length]), once: false, path }
    }
    const strides = path.map((_, level) => place.strides[depth + level] ?? 0)
    const once = path.every(({ count }, level) => count === 1 || strides[level] !== 0)
    return { cells: grid(place.base - this.first, strides, countsOf(path)), once, path }
  }
}

/** Whether all of the cells are written for the first time, and by this writer. */
function isFirst(cells: Int32Array, writer: number, first: Int32Array, touched: Uint8Array): boolean {
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k] as number
    if (first[cell] !== writer || touched[cell] !== 0) return false
  }
  return true
}

function touch(cells: Int32Array, touched: Uint8Array): void {
  for (let k = 0; k < cells.length; k++) touched[cells[k] as number] = 1
}

/**
 * For each cell the number of the first to write there, or −1; null where someone writes twice, or where it depends on the
 * order of iterations that may run in any order. Loops in order run from the last iteration to the first.
 */
function firstWriters(records: readonly Written[], size: number): Int32Array | null {
  const first = new Int32Array(size).fill(-1)
  const iteration = new Int32Array(size)
  for (const [i, { cells, path }] of records.entries()) {
    const [outer, inner] = path
    const part = cells.length / (outer?.count ?? 1)
    for (let k = 0; k < cells.length; k++) {
      const cell = cells[k] as number
      const now = Math.floor(k / part)
      const known = first[cell] as number
      if (known >= 0) {
        const before = (records[known] as Written).path
        if (known === i) return null
        // One behind the other: the records are in that order.
        if (outer === undefined || before[0] !== outer) continue
        const ahead = now - (iteration[cell] as number)
        if (ahead === 0 ? inner !== undefined && before[1] === inner : !outer.sequential) return null
        if (ahead <= 0) continue
      }
      first[cell] = i
      iteration[cell] = now
    }
  }
  return first
}
