/** Where cotangents are added: gathered iteration by iteration, handed outwards as sums, written at the end of a loop. */
import type { Accumulate, Address, Buffer, Carry, Statement, Term } from '../program/program.ts'
import { eachIteration, entryOf } from './fit.ts'
import { sumOver } from './forward.ts'
import type { Code, Frame } from './frame.ts'
import { type Carried, countsOf, type Group, type LoopNode, type Place, type Producer } from './rolled.ts'

/** A share for memory, not written yet. */
interface Waiting {
  readonly target: Target
  readonly place: Place
  term: Term
}

/** Memory of cotangents, in the iteration of the loops of `path` that it belongs to. */
export interface Target {
  readonly buffer: Buffer
  readonly path: readonly LoopNode[]
  /** Cell 0 of the buffer is this one. */
  readonly first: number
  readonly group: Group | null
  /** For each cell: 0 untouched, 1 written to. */
  readonly touched: Uint8Array
  /** For each cell whether it has to be 0 first. */
  readonly unclean: Uint8Array
  readonly records: Written[]
}

interface Written {
  readonly list: Statement[]
  readonly statement: Accumulate
  readonly cells: Int32Array
  /** Whether no cell is reached in all iterations of a loop. */
  readonly once: boolean
  /** The loops around, inside those of the target. */
  readonly path: readonly LoopNode[]
}

/** Shares of the frame's iteration. */
export interface Shares {
  /** For values made in this frame. */
  readonly own: Map<Producer | Carried, Term>
  /** For values of frames outside. */
  readonly outer: Map<Producer | Carried, Term>
  /** For what loops of this frame hand on in their last iteration, and for that of frames outside. */
  readonly lasts: Map<Carried, Term>
  readonly outerLasts: Map<Carried, Term>
  readonly waiting: Map<string, Waiting>
}

/** A cotangent written into memory more often than this is summed in memory, not in registers. */
const MOST_SUMS = 24
/** How many iterations apart neighbours may be whose shares meet in registers. */
const FARTHEST = 4
/** More runs of zeros are written as one. */
const MOST_RUNS = 4

export class Adjoints {
  private readonly code: Code
  private readonly shares: Map<Frame, Shares>

  constructor(code: Code) {
    this.code = code
    this.shares = new Map()
  }

  of(frame: Frame): Shares {
    const known = this.shares.get(frame)
    if (known !== undefined) return known
    const made: Shares = {
      own: new Map(),
      outer: new Map(),
      lasts: new Map(),
      outerLasts: new Map(),
      waiting: new Map(),
    }
    this.shares.set(frame, made)
    return made
  }

  /** Adds to the cotangent of a value that the frame of the depth makes. */
  toValue(target: Producer | Carried, depth: number, term: Term): void {
    const { frame, terms } = this.code
    const shares = this.of(frame)
    const list = frame.depth === depth ? shares.own : shares.outer
    list.set(target, terms.add(list.get(target), term))
  }

  /** Adds to the cotangent of what the loop of the slot made in its last iteration. */
  toLast(slot: Carried, term: Term): void {
    const { frame, terms } = this.code
    const shares = this.of(frame)
    const list = frame.depth === slot.loop.path.length - 1 ? shares.lasts : shares.outerLasts
    list.set(slot, terms.add(list.get(slot), term))
  }

  toMemory(target: Target, place: Place, term: Term): void {
    const { frame, terms } = this.code
    const { waiting } = this.of(frame)
    const key = `${terms.idOf(target)}:${place.base}:${place.strides.join()}:${place.table === null ? '' : terms.idOf(place.table)}`
    const known = waiting.get(key)
    if (known === undefined) waiting.set(key, { target, place, term })
    else known.term = terms.add(known.term, term)
  }

  /** Writes what waits for cells of the group in the present frame. */
  flush(group: Group): void {
    const { waiting } = this.of(this.code.frame)
    for (const [key, each] of waiting) {
      if (each.target.group !== group) continue
      waiting.delete(key)
      this.write(each)
    }
  }

  flushAll(): void {
    const { waiting } = this.of(this.code.frame)
    for (const each of waiting.values()) this.write(each)
    waiting.clear()
  }

  /** Ends the shares of a loop's iteration; what is returned hands on the rest behind the loop. */
  end(frame: Frame): () => void {
    const { code } = this
    const level = frame.depth - 1
    const { outer, outerLasts, waiting } = this.of(frame)
    const behind: (() => void)[] = []
    for (const [target, term] of outer) {
      const total = sumOver(code, frame, term)
      const depth = target.kind === 'carried' ? target.loop.path.length : target.path.length
      behind.push(() => this.toValue(target, depth, total))
    }
    for (const [slot, term] of outerLasts) {
      const total = sumOver(code, frame, term)
      behind.push(() => this.toLast(slot, total))
    }
    let sums = 0
    const here: Waiting[] = []
    for (const each of waiting.values()) {
      const { strides } = each.place
      const inside = each.target.path.length >= frame.depth
      if (strides[level] !== 0 || inside || ++sums > MOST_SUMS) {
        here.push(each)
        continue
      }
      const total = sumOver(code, frame, each.term)
      behind.push(() => this.toMemory(each.target, { ...each.place, strides: strides.slice(0, level) }, total))
    }
    for (const each of this.meet(frame, here, behind)) this.write(each)
    waiting.clear()
    return () => {
      for (const hand of behind) hand()
    }
  }

  /**
   * Shares for neighbours, where cell i gets one in iteration i, another in iteration i − 1 and so on: each is handed to
   * the next iteration in a register, so that one write is left.
   */
  private meet(frame: Frame, list: readonly Waiting[], behind: (() => void)[]): Waiting[] {
    if (frame.node === null || frame.node.sequential) return [...list]
    const { code } = this
    const level = frame.depth - 1
    const rows = new Map<string, Waiting[]>()
    const left: Waiting[] = []
    for (const each of list) {
      const { base, strides, table } = each.place
      const stride = strides[level] as number
      if (table !== null || stride <= 0 || each.target.path.length >= frame.depth) {
        left.push(each)
        continue
      }
      const key = `${code.terms.idOf(each.target)}:${strides.join()}:${((base % stride) + stride) % stride}`
      rows.set(key, [...(rows.get(key) ?? []), each])
    }
    for (const row of rows.values()) {
      row.sort((x, y) => x.place.base - y.place.base)
      while (row.length > 0) left.push(this.chain(frame, row, behind))
    }
    return left
  }

  /** Takes neighbours from the front of the row and makes one share of them. */
  private chain(frame: Frame, row: Waiting[], behind: (() => void)[]): Waiting {
    const { code } = this
    const first = row.shift() as Waiting
    const level = frame.depth - 1
    const { base, strides } = first.place
    const stride = strides[level] as number
    const count = (frame.node as LoopNode).count
    const near: Waiting[] = []
    while (row[0] !== undefined && row[0].place.base - base <= FARTHEST * stride) near.push(row.shift() as Waiting)
    const farthest = near.at(-1)
    if (farthest === undefined || count <= FARTHEST) {
      row.unshift(...near)
      return first
    }
    let passed: Term | undefined
    for (let k = (farthest.place.base - base) / stride; k > 0; k--) {
      const own = near.find(({ place }) => place.base === base + k * stride)?.term
      const next = own === undefined ? (passed as Term) : code.terms.add(passed, own)
      const carry: Carry = code.carry(frame, code.terms.constant(0), 'shift')
      carry.next = next
      passed = carry
      const rest = { base: base + (count - 1 + k) * stride, strides: strides.slice(0, level), table: null }
      behind.push(() => this.toMemory(first.target, rest, code.result(carry)))
    }
    return { ...first, term: code.terms.add(passed, first.term) }
  }

  private write({ target, place, term }: Waiting): void {
    const { code } = this
    const to: Address = code.address(target.buffer, place, target.first)
    const statement: Accumulate = { kind: 'accumulate', address: to, value: term }
    const list = code.terms.at.statements
    list.push(statement)
    target.records.push({ list, statement, ...reachOf(target, place, code.frame) })
  }

  /**
   * To be called when the loops inside the target's iteration are closed: cells that one share alone reaches for the
   * first time are stored, all others are added to, and have to be 0 before.
   */
  settle(target: Target): void {
    const { records, touched, unclean } = target
    if (records.length === 0) return
    // Beside sums in memory a store would keep the emitter from summing in registers.
    const first = records.every(({ once }) => once) ? firstWriters(records, touched.length) : null
    for (const [i, { list, statement, cells }] of records.entries()) {
      if (first !== null && cells.every((cell) => first[cell] === i && touched[cell] === 0)) {
        list[list.indexOf(statement)] = { kind: 'store', address: statement.address, value: statement.value }
        continue
      }
      for (const cell of cells) {
        // Who stores comes before, in this call or an earlier one.
        if (touched[cell] === 0 && (first === null || first[cell] === i)) unclean[cell] = 1
      }
    }
    for (const { cells } of records) for (const cell of cells) touched[cell] = 1
    records.length = 0
  }
}

/** The cells that a place may reach in one iteration of the target's loops; `once`: each in one iteration of the others. */
function reachOf(target: Target, place: Place, frame: Frame): Pick<Written, 'cells' | 'once' | 'path'> {
  const depth = target.path.length
  const inner = (frame.node?.path ?? []).slice(depth)
  if (place.table !== null) return { cells: place.table.map((cell) => cell - target.first), once: false, path: inner }
  // Another cell in each iteration of the target's own loops: each of them may be met.
  if (place.strides.slice(0, depth).some((stride) => stride !== 0)) {
    return { cells: Int32Array.from(target.touched, (_, i) => i), once: false, path: inner }
  }
  const own: Place = { ...place, strides: place.strides.slice(depth) }
  const cells = new Int32Array(inner.reduce((size, { count }) => size * count, 1))
  eachIteration(countsOf(inner), (index, at) => {
    cells[index] = entryOf(own, at) - target.first
  })
  const once = inner.every(({ count }, level) => count === 1 || own.strides[level] !== 0)
  return { cells, once, path: inner }
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

/** The runs of cells that have to be 0 first: those that are added to, and those that nobody writes. */
export function unclean({ unclean: cells, touched }: Target): (readonly [start: number, size: number])[] {
  const runs: [number, number][] = []
  const isOpen = (i: number) => i < cells.length && (cells[i] === 1 || touched[i] === 0)
  for (let i = 0; i < cells.length; i++) {
    const start = i
    while (isOpen(i)) i++
    if (i > start) runs.push([start, i - start])
  }
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined || runs.length <= MOST_RUNS) return runs
  return [[first[0], last[0] + last[1] - first[0]]]
}
