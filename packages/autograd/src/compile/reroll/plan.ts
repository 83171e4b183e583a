/**
 * Where the loops of a trace are: the period that makes the program shortest, then the same inside its body and in what
 * is left. Only guesses about operands are made here; classification proves them.
 */
import type { Chained } from './chains.ts'
import { NONE, usedColumns } from './flat.ts'
import { type Pattern, patternOf } from './pattern.ts'
import { candidates } from './periods.ts'
import { type Phase, phaseOf } from './phase.ts'
import { type Piece, piecesOf, REPEATS } from './pieces.ts'

/** A loop of `count` times `period` nodes from `start` on. Inner loops lie in its first iteration. */
export interface PlanLoop {
  readonly start: number
  readonly period: number
  readonly count: number
  readonly body: readonly PlanLoop[]
}

/** What a loop costs beside its body, in nodes. */
const LOOP_COST = 8
/** Fewer nodes stay straight: inside a loop, and outside. */
const SMALLEST_INSIDE = 64
const SMALLEST_OUTSIDE = 24
const CANDIDATES = 12
const DEEPEST = 6
const MULTIPLE = 0.7
const SAMPLES = 512

interface Plan {
  readonly loops: readonly PlanLoop[]
  /** Nodes of code. */
  readonly cost: number
}

export class Planner {
  private readonly trace: Chained
  private readonly pattern: Pattern
  /** Nodes that may still be looked at: random graphs end here. */
  private budget: number

  private readonly phase: Phase
  /** Plans of ranges that were looked at before. */
  private readonly plans: Map<number, Plan> = new Map()

  constructor(trace: Chained, phase: Phase = phaseOf) {
    this.trace = trace
    this.phase = phase
    this.pattern = patternOf(trace)
    this.budget = 60 * trace.count + 10000
  }

  /** The loops of the trace; of the period, if that is known, and what is left beside these. */
  plan(period?: number): Plan {
    const { inputs, count } = this.trace
    if (period === undefined) return this.within(inputs, count, 0)
    const pieces = piecesOf(this.pattern, period, inputs, count, true)
    const long = pieces.filter(({ start, end }) => end - start >= SMALLEST_OUTSIDE)
    return this.place(long, period, inputs, count, 0)
  }

  private within(low: number, high: number, depth: number): Plan {
    const key = (low * this.trace.count + high) * DEEPEST + depth
    const known = this.plans.get(key)
    if (known !== undefined) return known
    const made = this.search(low, high, depth)
    this.plans.set(key, made)
    return made
  }

  private search(low: number, high: number, depth: number): Plan {
    const size = high - low
    const straight: Plan = { loops: [], cost: size }
    const smallest = depth === 0 ? SMALLEST_OUTSIDE : SMALLEST_INSIDE
    if (size < smallest || depth >= DEEPEST) return straight
    this.budget -= 2 * size
    if (this.budget < 0) return straight
    const queue = candidates(this.pattern, low, high, CANDIDATES)
    let best = straight
    let found: readonly Piece[] = []
    let period = 0
    const known = new Set(queue)
    for (let q = 0; q < queue.length && q < 2 * CANDIDATES; q++) {
      const p = queue[q] as number
      // All that a multiple can do is to join pieces.
      if (period > 0 && p % period === 0 && found.length === 1) continue
      if (this.leavesOut(p, low, high, (2 * best.cost) / MULTIPLE)) continue
      this.budget -= size
      if (this.budget < 0) break
      const all = piecesOf(this.pattern, p, low, high, depth === 0)
      // The distance between two breaks is the period of a loop around this one.
      for (let k = 0; k < Math.min(3, all.length - 1); k++) {
        const middle = Math.floor(all.length / 2)
        const from = all[Math.max(0, middle - 1 - k)] as Piece
        const distance = (all[middle] as Piece).start - from.start
        if (distance > 0 && 3 * distance <= size && !known.has(distance)) {
          known.add(distance)
          queue.push(distance)
        }
      }
      const pieces = all.filter(({ start, end }) => end - start >= smallest)
      if (pieces.length === 0) continue
      const covered = pieces.reduce((sum, { start, end }) => sum + end - start, 0)
      const least = size - covered + pieces.length * (LOOP_COST + 1)
      if (least >= best.cost / MULTIPLE) continue
      if (period > 0 && p % period === 0 && pieces.length >= found.length) continue
      const body = p > SMALLEST_INSIDE ? this.bodyCost(pieces, p, depth) : p
      const cost = size - covered + pieces.length * (LOOP_COST + body)
      // A multiple of a period that serves is not worth a little less code.
      const bar = period === 0 ? 1 : p % period === 0 ? MULTIPLE : period % p === 0 ? 1 / MULTIPLE : 1
      if (cost < bar * best.cost && cost < size) {
        best = { loops: [], cost }
        found = pieces
        period = p
      }
    }
    if (period === 0) return straight
    return this.place(found, period, low, high, depth)
  }

  /** Whether the period leaves out more nodes than `most`, by samples. */
  private leavesOut(period: number, low: number, high: number, most: number): boolean {
    const { sign } = this.pattern
    const step = Math.max(1, Math.floor((high - low - period) / SAMPLES)) | 1
    const samples = Math.ceil((high - low - period) / step)
    let left = (most * Math.max(1, samples)) / (high - low)
    for (let i = low + period; i < high && left >= 0; i += step) if (sign[i] !== sign[i - period]) left--
    return left < 0
  }

  private bodyCost(pieces: readonly Piece[], period: number, depth: number): number {
    const longest = pieces.reduce((x, y) => (y.end - y.start > x.end - x.start ? y : x))
    const start = this.phase(this.pattern, longest, period, longest.start)
    return this.within(start + period, start + 2 * period, depth + 1).cost
  }

  /** The loops of the pieces, and those of what lies between them. */
  private place(pieces: readonly Piece[], period: number, low: number, high: number, depth: number): Plan {
    const loops: PlanLoop[] = []
    let cost = 0
    let from = low
    const rest = (to: number) => {
      if (to <= from) return
      const plan = this.within(from, to, depth)
      loops.push(...plan.loops)
      cost += plan.cost
    }
    for (const piece of pieces) {
      let start = this.phase(this.pattern, piece, period, Math.max(piece.start, from))
      let count = Math.floor((piece.end - start) / period)
      if (count < REPEATS) continue
      const inner = this.within(start + period, start + 2 * period, depth + 1)
      const template = inner.loops.map((loop) => move(loop, -period))
      let body = template
      if (start - period >= from && this.reachesBack(start, period, template)) {
        start -= period
        count++
        body = template.map((loop) => move(loop, -period))
      }
      rest(start)
      loops.push({ start, period, count, body })
      cost += LOOP_COST + inner.cost
      from = start + count * period
    }
    if (from === low) return { loops: [], cost: high - low }
    rest(high)
    return { loops, cost }
  }

  /** Whether the iteration before `start` is one of the loop: its carried operands alone may be anything before it. */
  private reachesBack(start: number, period: number, body: readonly PlanLoop[]): boolean {
    const { kind, sum } = this.trace
    for (let i = start - period; i < start; i++) {
      if (kind[i] !== kind[i + period]) return false
      const end = sum[i + period] as number
      if (end - (sum[i] as number) !== (sum[i + 2 * period] as number) - end) return false
    }
    return usedColumns(this.trace).every((column) => this.leadsIn(column, start, period, body))
  }

  /** The same for one column of operands. */
  private leadsIn(column: Int32Array, start: number, period: number, body: readonly PlanLoop[]): boolean {
    const { inputs } = this.trace
    const first = start - period
    const inside = (id: number) => body.some((loop) => id >= loop.start && id < loop.start + loop.period * loop.count)
    for (let i = start; i < start + period; i++) {
      const u = column[i - period] as number
      const v = column[i] as number
      const w = column[i + period] as number
      if (v < 0) {
        if (u >= 0 || (u === NONE) !== (v === NONE)) return false
        continue
      }
      if (u >= 0 && u < inputs === v < inputs && v - u === w - v) continue
      const carried = v >= first && v < start && w - v === period && u < first
      if (!carried || inside(v + period) || inside(i)) return false
    }
    return true
  }
}

/** The loop with those in it, elsewhere. */
export function move(loop: PlanLoop, by: number): PlanLoop {
  return { ...loop, start: loop.start + by, body: loop.body.map((inner) => move(inner, by)) }
}
