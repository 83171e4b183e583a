/** One WebAssembly function in the making: its local variables, and which of them hold which term. */

import type { Code, WasmType } from '../../../wasm/code.ts'
import type { Carry, Constant, Loop, NumberType, Term } from '../../program/program.ts'
import type { Context } from './context.ts'
import { type Mode, SCALAR } from './mode.ts'
import { isTerm, type Spread, type Step, termsOf } from './nest.ts'
import { type FloatType, Numbers, type Push } from './numbers.ts'
import type { Pointer } from './places.ts'

/**
 * What holds a term. `one`: a plain local, the same for every lane. `splat`: a vector with the same number in every
 * lane. `lanes`: a vector for each unrolled copy; of an i32, a plain local for each lane of each copy.
 */
export interface Held {
  readonly shape: 'one' | 'splat' | 'lanes'
  readonly type: WasmType
  readonly locals: readonly number[]
  readonly mask: boolean
}

/** The function computes a part of one step, which is divided over threads. */
export interface Share {
  readonly step: Step
  /** Locals: the thread, the first element of the part, the one after its last, and how many they are. */
  readonly thread: number
  readonly first: number
  readonly end: number
  readonly count: number
  /** The end of the last part. */
  readonly total: number
}

export class Frame {
  readonly code: Code
  readonly context: Context
  mode: Mode
  readonly share: Share | null
  /** What holds each term, and the step after which nothing reads it. */
  private readonly values: Map<Term, { readonly held: Held; readonly last: Step | null }> = new Map()
  /** Vectors of the plain locals that lanes read. */
  readonly splats: Map<Term, number> = new Map()
  /** The areas of lane-wise sums of the vector loop, by byte offset. */
  readonly areas: Map<Spread, number> = new Map()
  /** The vector that the lanes before had of what a `shift` carry hands on. */
  readonly previous: Map<Carry, number> = new Map()
  readonly pointers: Map<Pointer, number> = new Map()
  readonly counters: Map<Loop, number> = new Map()
  private readonly free: Map<WasmType, number[]> = new Map()
  private readonly types: Map<number, WasmType> = new Map()

  constructor(code: Code, context: Context, share: Share | null = null) {
    this.share = share
    this.code = code
    this.context = context
    this.mode = SCALAR
  }

  take(type: WasmType): number {
    const used = this.free.get(type)?.pop()
    if (used !== undefined) return used
    const local = this.code.local(type)
    this.types.set(local, type)
    return local
  }

  give(local: number): void {
    const type = this.types.get(local)
    if (type === undefined) return
    const list = this.free.get(type)
    if (list === undefined) this.free.set(type, [local])
    else list.push(local)
  }

  get vector(): boolean {
    return this.mode.lanes > 1
  }

  numbers(type: FloatType, vector: boolean = this.vector): Numbers {
    return new Numbers(this.code, type, vector, this)
  }

  /** What holds the term; a result is held where its carry was. */
  held(term: Term): Held {
    const held = this.find(term)
    if (held === undefined) throw new Error(`a ${term.kind} is used before its statement`)
    return held
  }

  find(term: Term): Held | undefined {
    return this.values.get(this.context.order.resolve(term))?.held
  }

  hold(term: Term, held: Held): void {
    this.values.set(term, { held, last: this.context.uses.note(term)?.last ?? null })
  }

  release(term: Term): void {
    const value = this.values.get(term)
    if (value === undefined) return
    this.values.delete(term)
    for (const local of value.held.locals) this.give(local)
  }

  /** Frees the terms that nothing reads after the step. */
  releaseAfter(step: Step): void {
    if (step.kind === 'nest') {
      for (const term of this.context.uses.deathsOf(step)) this.release(term)
      return
    }
    for (const raw of termsOf(step)) {
      const term = this.context.order.resolve(raw)
      if (this.values.get(term)?.last === step) this.release(term)
    }
    if (isTerm(step) && this.values.get(step)?.last === step) this.release(step)
  }

  /** Frees what the steps of a body have made and still hold. */
  releaseBody(body: readonly Step[]): void {
    for (const step of body) {
      if (isTerm(step)) this.release(step)
      else if (step.kind === 'nest') for (const carry of step.carries) this.release(carry)
      else if (step.kind === 'shift' && this.vector) this.release(step.carry)
    }
  }

  constantOf(term: Term): Constant | null {
    const held = this.context.order.resolve(term)
    return held.kind === 'constant' ? held : null
  }

  /** Whether the term differs from lane to lane. */
  varies(term: Term): boolean {
    if (!this.vector) return false
    if (term.kind === 'counter') return term.loop === this.mode.loop
    if (this.constantOf(term) !== null) return false
    return this.held(term).shape === 'lanes'
  }

  /** Pushes a number outside of lanes, or one that is the same in all of them, as a plain number. */
  pushOne(term: Term, type: NumberType = term.type): void {
    const constant = this.constantOf(term)
    if (constant !== null) {
      if (type === 'i32') this.code.i32(constant.value)
      else this.numbers(type, false).constant(constant.value)
      return
    }
    if (term.kind === 'counter') {
      this.code.get(this.counterOf(term.loop))
      return
    }
    this.pushLane(term, 0, 0)
  }

  /** Pushes the number in one lane of one copy. */
  pushLane(term: Term, copy: number, lane: number): void {
    if (this.constantOf(term) !== null) {
      this.pushOne(term)
      return
    }
    const { lanes, loop } = this.mode
    if (term.kind === 'counter') {
      this.code.get(this.counterOf(term.loop))
      const ahead = term.loop === loop ? copy * lanes + lane : 0
      if (ahead > 0) this.code.i32(ahead).op('i32.add')
      return
    }
    const { shape, type, locals } = this.held(term)
    if (type !== 'v128') {
      this.code.get(locals[shape === 'one' ? 0 : copy * lanes + lane] as number)
      return
    }
    this.code.get(locals[shape === 'splat' ? 0 : copy] as number)
    this.extract(term.type as FloatType, lane)
  }

  /** The lane of the vector on the stack. */
  extract(type: FloatType, lane: number): void {
    this.code.lane(type === 'f64' ? 'f64x2.extract_lane' : 'f32x4.extract_lane', lane)
  }

  /** Pushes a float (or a mask) for the mode: a number, or the vector of a copy. */
  push(term: Term, copy: number): void {
    const constant = this.constantOf(term)
    if (constant !== null) {
      this.numbers(term.type as FloatType).constant(constant.value)
      return
    }
    if (!this.vector) {
      this.pushOne(term)
      return
    }
    const { shape, locals } = this.held(term)
    if (shape === 'lanes') this.code.get(locals[copy] as number)
    else if (shape === 'splat') this.code.get(locals[0] as number)
    else this.code.get(this.splatOf(term))
  }

  pusher(term: Term, copy: number): Push {
    return () => this.push(term, copy)
  }

  private splatOf(term: Term): number {
    const local = this.splats.get(this.context.order.resolve(term))
    if (local === undefined) throw new Error('a number from outside the vector loop has no vector')
    return local
  }

  private counterOf(loop: Loop): number {
    const local = this.counters.get(loop)
    if (local === undefined) throw new Error('a counter is read outside of its loop')
    return local
  }

  /**
   * Computes a term into new locals: once for a value that all lanes share, else once for each copy.
   * @param compute Leaves the value for the mode on the stack.
   */
  define(term: Term, varies: boolean, compute: (copy: number) => void, mask = false): void {
    const copies = varies ? this.mode.unroll : 1
    const type: WasmType = this.vector ? 'v128' : mask ? 'i32' : term.type
    const locals: number[] = []
    for (let copy = 0; copy < copies; copy++) {
      compute(copy)
      const local = this.take(type)
      this.code.set(local)
      locals.push(local)
    }
    this.hold(term, { shape: !this.vector ? 'one' : varies ? 'lanes' : 'splat', type, locals, mask })
  }

  /** The same for an i32, which has a plain local for each lane. */
  defineWhole(term: Term, varies: boolean, compute: (copy: number, lane: number) => void): void {
    const { lanes, unroll } = varies ? this.mode : SCALAR
    const locals: number[] = []
    for (let copy = 0; copy < unroll; copy++) {
      for (let lane = 0; lane < lanes; lane++) {
        compute(copy, lane)
        const local = this.take('i32')
        this.code.set(local)
        locals.push(local)
      }
    }
    this.hold(term, { shape: varies ? 'lanes' : 'one', type: 'i32', locals, mask: false })
  }
}
