/**
 * Where the loops of a trace are: the period that makes the program shortest, then the same inside its body and in what
 * is left. Only guesses about operands are made here; classification proves them.
 */
import type { Chained } from './chains.ts'
import { columns, NONE } from './flat.ts'
import { candidates, type Pattern } from './periods.ts'
import { type Phase, phaseOf, type Uses, usesOf } from './phase.ts'
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
  private readonly uses: Uses
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
    this.uses = usesOf(trace)
  }

  plan(): Plan {
    return this.within(this.trace.inputs, this.trace.count, 0)
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
      if (this.straightNodes(p, low, high) > (2 * best.cost) / MULTIPLE) continue
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

  /** An estimate of how many nodes the period leaves out, by samples. */
  private straightNodes(period: number, low: number, high: number): number {
    const { sign } = this.pattern
    const step = Math.max(1, Math.floor((high - low - period) / SAMPLES)) | 1
    let differ = 0
    let seen = 0
    for (let i = low + period; i < high; i += step, seen++) if (sign[i] !== sign[i - period]) differ++
    return (differ / Math.max(1, seen)) * (high - low)
  }

  private bodyCost(pieces: readonly Piece[], period: number, depth: number): number {
    const longest = pieces.reduce((x, y) => (y.end - y.start > x.end - x.start ? y : x))
    const start = this.phase(this.uses, longest, period, longest.start)
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
      let start = this.phase(this.uses, piece, period, Math.max(piece.start, from))
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
    const { trace } = this
    const first = start - period
    const inside = (id: number) => body.some((loop) => id >= loop.start && id < loop.start + loop.period * loop.count)
    for (let k = 0; k < period; k++) {
      const [i, j, l] = [first + k, start + k, start + period + k]
      if (trace.kind[i] !== trace.kind[j]) return false
      const [last, next, later] = [i, j, l].map((id) => trace.lasts[trace.chain[id] as number] ?? 0)
      if ((next as number) - (last as number) !== (later as number) - (next as number)) return false
      for (const column of columns(trace)) {
        const [u, v, w] = [column[i] as number, column[j] as number, column[l] as number]
        if (v < 0) {
          if (u >= 0 || (u === NONE) !== (v === NONE)) return false
          continue
        }
        const alike = u >= 0 && u < trace.inputs === v < trace.inputs
        if (alike && v - u === w - v) continue
        const carried = v >= first && v < start && w - v === period && u < first
        if (!carried || inside(v + period) || inside(j)) return false
      }
    }
    return true
  }
}

function move(loop: PlanLoop, by: number): PlanLoop {
  return { ...loop, start: loop.start + by, body: loop.body.map((inner) => move(inner, by)) }
}

function patternOf({ inputs, count, kind, a, b, c, chain, lasts }: Chained): Pattern {
  const sign = new Int32Array(count)
  const mix = new Int32Array(count)
  const kindOf = (id: number) => (id >= inputs ? 3 : id >= 0 ? 2 : id === NONE ? 0 : 1)
  for (let i = inputs; i < count; i++) {
    const x = a[i] as number
    const y = b[i] as number
    const z = c[i] as number
    sign[i] = (((kind[i] as number) * 4 + kindOf(x)) * 4 + kindOf(y)) * 4 + kindOf(z)
    mix[i] =
      (x > 0 ? x : 0) +
      Math.imul(y > 0 ? y : 0, 0x2c1b3c6d) +
      Math.imul(z > 0 ? z : 0, 0x297a2d39) +
      Math.imul(lasts[chain[i] as number] ?? 0, 0x1b56c4f5)
  }
  return { sign, mix }
}
