/** Where cotangents are added: gathered iteration by iteration, handed outwards as sums, written at the end of a loop. */
import type { Carry, Term } from '../program/program.ts'
import { sumOver } from './forward.ts'
import type { Code, Frame } from './frame.ts'
import type { Carried, Group, LoopNode, Place, Producer } from './rolled.ts'
import type { Target } from './targets.ts'

/** A share for memory, not written yet. */
interface Waiting {
  readonly target: Target
  readonly place: Place
  term: Term
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
      each.target.add(this.code, each.place, each.term)
    }
  }

  flushAll(): void {
    const { waiting } = this.of(this.code.frame)
    for (const each of waiting.values()) each.target.add(this.code, each.place, each.term)
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
    for (const each of this.meet(frame, here, behind)) each.target.add(this.code, each.place, each.term)
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
}
