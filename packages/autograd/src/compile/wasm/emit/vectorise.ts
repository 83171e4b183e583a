/** Decides along which loops lanes run, and readies their bodies for it. */
import { VECTOR } from '../../program/plan.ts'
import {
  type Accumulate,
  address,
  type Carry,
  type Load,
  type Loop,
  type NumberType,
  type Term,
} from '../../program/program.ts'
import { joinNeighbours } from './neighbours.ts'
import { isTerm, type Nest, nextOf, type Spread, type Step, strideAlong, termsOf } from './nest.ts'
import type { Schedule } from './schedule.ts'
import { gains } from './unroll.ts'

/** Bytes of an area of lane-wise sums that still fit the first-level cache beside the data. */
const AREA_BYTES = 65536

export interface VectorOptions {
  /** Vectors side by side in small loops. */
  readonly unroll: number
  /** Whether to use vectors at all. */
  readonly simd: boolean
}

/**
 * Chooses lanes and unrolling for the loops marked `vector`; loops whose meaning does not allow it stay scalar.
 * @returns The steps, with what has to follow the loops.
 */
export function vectorise(steps: readonly Step[], order: Schedule, options: VectorOptions): Step[] {
  if (!options.simd) return [...steps]
  const all: Step[] = []
  for (const step of steps) {
    all.push(step)
    if (step.kind !== 'nest') continue
    const after = step.loop.vector ? prepare(step, order, options) : null
    if (after === null) step.body = vectorise(step.body, order, options)
    else all.push(...after)
  }
  return all
}

/** Readies a loop for lanes and returns what follows it; null where it has to stay scalar. */
function prepare(nest: Nest, order: Schedule, { unroll }: VectorOptions): readonly Step[] | null {
  const all = [...walk(nest.body)]
  const lanes = lanesOf(nest, all)
  if (nest.loop.count < lanes) return null
  if (nest.carries.some(({ join }) => join === null)) return null
  if (all.some(staysOutside)) return null
  const joined = joinNeighbours(nest, order)
  const shifted = joined === null ? null : shiftFirst(nest, joined.body, [...nest.carries, ...joined.carries], order)
  const body = shifted ?? shiftFirst(nest, nest.body, nest.carries, order)
  if (body === null) return null
  nest.body = body
  if (joined !== null && shifted !== null) nest.carries.push(...joined.carries)
  nest.lanes = lanes
  nest.unroll = nest.loop.count >= lanes * unroll && gains(nest, [...walk(body)], order) ? unroll : 1
  if (nest.loop.count >= 4 * lanes * nest.unroll) spreadSums(nest, nest, order)
  return shifted === null ? [] : (joined?.after ?? [])
}

function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step
    if (step.kind === 'nest') yield* walk(step.body)
  }
}

/** Lanes of the widest float type in the loop. */
function lanesOf(nest: Nest, all: readonly Step[]): number {
  const types = new Set<NumberType>(nest.carries.map((carry) => carry.type))
  for (const step of all) {
    if (isTerm(step)) types.add(step.type)
    for (const term of termsOf(step)) types.add(term.type)
  }
  return types.has('f64') ? 2 : 4
}

/** Calls work on memory, not on lanes; cells of a private buffer can be cleared for all lanes at once. */
function staysOutside(step: Step): boolean {
  if (step.kind === 'clear') return step.span.address.buffer.kind !== 'private'
  return step.kind === 'gemm' || step.kind === 'conv' || step.kind === 'host'
}

/**
 * The body with what the `shift` carries need moved to the front, each carry right behind its next value; null where a
 * load would move over a store, or the carries depend on each other in a circle.
 */
function shiftFirst(nest: Nest, body: Step[], carries: readonly Carry[], order: Schedule): Step[] | null {
  const shifts = carries.filter(({ join }) => join === 'shift')
  if (shifts.length === 0) return body
  const own = new Map<Term, Step>()
  for (const step of body) if (isTerm(step)) own.set(step, step)
  const front: Step[] = []
  const state = new Map<Term, 'open' | 'done'>()
  const { stores, adds } = nest.effects
  const moves = ({ address: { buffer } }: Load): boolean => !stores.has(buffer) && !adds.has(buffer)

  const visit = (raw: Term): boolean => {
    const term = order.resolve(raw)
    if (state.has(term)) return state.get(term) === 'done'
    if (term.kind === 'carry' && carries.includes(term)) {
      if (term.join !== 'shift') return false
      state.set(term, 'open')
      if (!visit(nextOf(term))) return false
      front.push({ kind: 'shift', carry: term })
    } else if (term.kind !== 'constant' && term.kind !== 'counter' && order.depthOf(raw) >= nest.depth) {
      const step = own.get(term)
      if (step === undefined || (step.kind === 'load' && !moves(step))) return false
      state.set(term, 'open')
      if (!termsOf(step).every(visit)) return false
      front.push(step)
    }
    state.set(term, 'done')
    return true
  }
  if (!shifts.every((carry: Carry) => visit(carry))) return null
  const moved = new Set(front)
  return [...front, ...body.filter((step) => !moved.has(step))]
}

/** Turns accumulations into cells that all lanes share, and inner loops run over, into sums lane by lane. */
function spreadSums(vector: Nest, nest: Nest, order: Schedule): void {
  const { reads, stores } = vector.effects
  nest.body = nest.body.map((step) => {
    if (step.kind === 'nest') spreadSums(vector, step, order)
    if (step.kind !== 'accumulate' || step.address.index !== null || step.value.type === 'i32') return step
    const { buffer } = step.address
    if (buffer.kind === 'private' || reads.has(buffer) || stores.has(buffer)) return step
    if (strideAlong(step.address, vector.loop) !== 0) return step
    return spread(step, (loop) => order.depthOfLoop(loop) > vector.depth) ?? step
  })
}

function spread(step: Accumulate, isInside: (loop: Loop) => boolean): Spread | null {
  const { buffer, base, terms } = step.address
  const inside = terms.filter(({ loop }) => isInside(loop))
  let [low, high, points] = [0, 0, 1]
  for (const { loop, stride } of inside) {
    const reach = stride * (loop.count - 1)
    low += Math.min(reach, 0)
    high += Math.max(reach, 0)
    points *= loop.count
  }
  const size = high - low + 1
  if (size > 2 * points || size * VECTOR > AREA_BYTES) return null
  const outside = terms.filter(({ loop }) => !isInside(loop))
  return {
    kind: 'spread',
    accumulate: step,
    size,
    cell: address(buffer, -low, inside),
    first: address(buffer, base + low, outside),
  }
}
