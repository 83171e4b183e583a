/** What a loop carries while its iterations run side by side: partial results in lanes, and neighbours. */
import type { Carry } from '../../program/program.ts'
import { joinLanes } from './access.ts'
import type { Frame } from './frame.ts'
import { nextOf } from './nest.ts'

const identities = { sum: -0, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY } as const
const joins = { sum: 'add', max: 'max', min: 'min' } as const

/** The carries of one vector loop: each has a plain local around the loop, and vectors in it. */
export class LaneCarries {
  private readonly f: Frame
  private readonly all: readonly Carry[]
  private readonly plain: Map<Carry, number> = new Map()
  private readonly vectors: Map<Carry, readonly number[]> = new Map()

  /** Fills them with the initial values. Call it before the loop, outside of lanes. */
  constructor(f: Frame, all: readonly Carry[], unroll: number) {
    this.f = f
    this.all = all
    for (const carry of all) {
      const local = f.take(carry.type)
      f.push(carry.init, 0)
      f.code.set(local)
      this.plain.set(carry, local)
      this.vectors.set(
        carry,
        Array.from({ length: carry.join === 'shift' ? 1 : unroll }, () => this.first(carry, local)),
      )
    }
  }

  private first({ join, type }: Carry, plain: number): number {
    const { f } = this
    const vector = f.take('v128')
    if (join === null) throw new Error('a recurrence cannot run in lanes')
    if (join === 'shift') f.code.get(plain).op(type === 'f64' ? 'f64x2.splat' : 'f32x4.splat')
    else f.numbers(type, true).constant(identities[join])
    f.code.set(vector)
    return vector
  }

  /** The carries that are partial results. */
  get joined(): readonly Carry[] {
    return this.all.filter(({ join }) => join !== 'shift')
  }

  /** What the body sees in a part with this many vectors side by side. */
  enter(copies: number): void {
    for (const carry of this.all) {
      const locals = this.vectors.get(carry) ?? []
      if (carry.join === 'shift') this.f.previous.set(carry, locals[0] as number)
      else this.f.hold(carry, { shape: 'lanes', type: 'v128', locals: locals.slice(0, copies), mask: false })
    }
  }

  /** Joins what the lanes have, the initial value first, and goes on with plain numbers. */
  leave(): void {
    const { f } = this
    for (const carry of this.all) {
      const { type, join } = carry
      const plain = this.plain.get(carry) as number
      const [first, ...others] = this.vectors.get(carry) as readonly [number, ...number[]]
      if (join === 'shift') {
        f.code.get(first)
        f.extract(type, f.mode.lanes - 1)
      } else {
        const word = joins[join ?? 'sum']
        f.code.get(plain).get(first)
        for (const other of others) {
          f.code.get(other)
          f.numbers(type, true).join(word)
        }
        joinLanes(f, type, word)
        f.code.op(`${type}.${word}`)
      }
      f.code.set(plain)
      for (const local of [first, ...others]) f.give(local)
      f.hold(carry, { shape: 'one', type, locals: [plain], mask: false })
    }
    f.previous.clear()
  }
}

/** The carry in each lane is the next value of the lane before: the vectors moved on by one lane. */
export function emitShift(f: Frame, carry: Carry): void {
  if (!f.vector) return
  const { lanes, unroll } = f.mode
  const { type } = carry
  const previous = f.previous.get(carry)
  if (previous === undefined) throw new Error('a shifted carry is used outside of its loop')
  const size = type === 'f64' ? 8 : 4
  // The last of the lanes in use, then all but the last.
  const from = (lanes - 1) * size
  const bytes = Array.from({ length: 16 }, (_, i) => (i < size ? from + i : 16 + i - size))
  const next = nextOf(carry)
  f.define(carry, true, (copy) => {
    if (copy === 0) f.code.get(previous)
    else f.push(next, copy - 1)
    f.push(next, copy)
    f.code.shuffle(bytes)
  })
  f.push(next, unroll - 1)
  f.code.set(previous)
}
