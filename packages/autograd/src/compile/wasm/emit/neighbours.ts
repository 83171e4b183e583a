/**
 * Accumulations one place apart: what an iteration adds to the next one's place, it hands on to it instead. Vectors that
 * overlap in memory would have to wait for each other's stores, several times the cost of all the arithmetic.
 */
import { add } from '../../../ops/arithmetic.ts'
import type { Accumulate, Address, Apply, Buffer, Carry, Result, Term } from '../../program/program.ts'
import { type Nest, type Step, strideAlong } from './nest.ts'
import type { Schedule } from './schedule.ts'

/** A loop with such accumulations joined; `after` adds what the last iteration handed on. */
export interface Joined {
  readonly body: Step[]
  readonly carries: readonly Carry[]
  readonly after: readonly Accumulate[]
}

/** g[i] += a; g[i + 1] += b becomes g[i] += a + (b of the iteration before). Null where nothing is one place apart. */
export function joinNeighbours(nest: Nest, order: Schedule): Joined | null {
  const carries: Carry[] = []
  const after: Accumulate[] = []
  const replaced = new Map<Step, readonly Step[]>()
  for (const list of candidates(nest)) {
    const stride = strideAlong((list[0] as Accumulate).address, nest.loop)
    // From the place that is farthest ahead to the one behind.
    list.sort((a, b) => Math.sign(stride) * (b.address.base - a.address.base))
    list.forEach((step, i) => {
      const ahead = list[i - 1]
      if (ahead === undefined || !isBehind(step.address, ahead.address, stride)) return
      const [sum] = replaced.get(ahead) ?? []
      const carry: Carry = {
        kind: 'carry',
        type: ahead.value.type as 'f64' | 'f32',
        init: zero(ahead.value),
        next: null,
        join: 'shift',
      }
      carry.next = sum?.kind === 'apply' ? sum : ahead.value
      const next: Apply = { kind: 'apply', type: carry.type, op: add, inputs: [step.value, carry], args: undefined }
      order.note(carry, nest.depth)
      order.note(next, nest.depth)
      carries.push(carry)
      // The one ahead stores nothing any more; where it passes on a sum, that is still computed.
      replaced.set(ahead, sum === undefined ? [] : [sum])
      replaced.set(step, [next, { ...step, value: next }])
      after.push(handedOn(ahead.address, nest, carry, stride))
    })
  }
  if (carries.length === 0) return null
  return { body: nest.body.flatMap((step) => replaced.get(step) ?? [step]), carries, after }
}

function zero({ type }: Term): Term {
  return { kind: 'constant', type, value: -0 }
}

/** The accumulations of the body that run along the loop and that nothing else in it touches, by buffer and stride. */
function candidates(nest: Nest): Accumulate[][] {
  const found = new Map<Buffer, Map<number, Accumulate[]>>()
  for (const step of nest.body) {
    if (step.kind !== 'accumulate' || step.address.index !== null || step.value.type === 'i32') continue
    const { buffer } = step.address
    if (buffer.kind === 'private' || nest.effects.reads.has(buffer) || nest.effects.stores.has(buffer)) continue
    const stride = strideAlong(step.address, nest.loop)
    if (stride === 0) continue
    const byStride = found.get(buffer) ?? new Map<number, Accumulate[]>()
    found.set(buffer, byStride)
    byStride.set(stride, [...(byStride.get(stride) ?? []), step])
  }
  return [...found.values()].flatMap((byStride) => [...byStride.values()])
}

/** Whether the next iteration of `a` adds where this one of `b` does. */
function isBehind(a: Address, b: Address, stride: number): boolean {
  const loops = new Set([...a.terms, ...b.terms].map(({ loop }) => loop))
  return b.base - a.base === stride && [...loops].every((loop) => strideAlong(a, loop) === strideAlong(b, loop))
}

/** Behind the loop: the last iteration's share. */
function handedOn(address: Address, { loop }: Nest, carry: Carry, stride: number): Accumulate {
  const result: Result = { kind: 'result', type: carry.type, carry }
  const terms = address.terms.filter((term) => term.loop !== loop)
  return {
    kind: 'accumulate',
    address: { ...address, base: address.base + stride * (loop.count - 1), terms },
    value: result,
  }
}
