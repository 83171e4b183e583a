/**
 * Rearranges the loops of a Program: what does not change moves out of its loop, and sums that stay in one place of
 * memory become sums in a register.
 */
import { add } from '../../../ops/arithmetic.ts'
import type {
  Accumulate,
  Address,
  Apply,
  Carry,
  Constant,
  Convert,
  Load,
  Loop,
  Program,
  Result,
  Statement,
  Term,
} from '../../program/program.ts'
import { type Effects, effectsOf, type Nest, type Step } from './nest.ts'

export interface Schedule {
  readonly body: readonly Step[]
  /** How many loops are around the place where a term is computed; −1 for a constant. */
  depthOf(term: Term): number
  /** Adds a term that a later pass has made. */
  note(term: Term, depth: number): void
  /** 1 for a loop at the top level. */
  depthOfLoop(loop: Loop): number
  /** The term that holds the value: a result lives on in its carry; loops without iterations hand on what they got. */
  resolve(term: Term): Term
}

class Scheduler implements Schedule {
  readonly body: Step[] = []
  /** The loops around the present statement, and the steps that are being collected at each depth. */
  private readonly open: Nest[] = []
  private readonly lists: Step[][] = [this.body]
  /** Terms at the top level have none: straight programs are long. */
  private readonly depths: Map<Term | Loop, number> = new Map()
  private readonly replaced: Map<Term, Term> = new Map()
  private readonly known: Map<Loop, Effects> = new Map()

  private effects(loop: Loop): Effects {
    const known = this.known.get(loop)
    if (known !== undefined) return known
    const made = effectsOf(loop.body, (inner) => this.effects(inner))
    this.known.set(loop, made)
    return made
  }

  resolve(term: Term): Term {
    const held = term.kind === 'result' ? term.carry : term
    const other = this.replaced.size === 0 ? undefined : this.replaced.get(held)
    return other === undefined ? held : this.resolve(other)
  }

  depthOf(term: Term): number {
    if (term.kind === 'constant') return -1
    if (term.kind === 'counter') return this.depthOfLoop(term.loop)
    const held = term.kind === 'result' ? term.carry : term
    const other = this.replaced.get(held)
    if (other !== undefined) return this.depthOf(other)
    const depth = this.depths.get(held) ?? 0
    return held === term ? depth : depth - 1
  }

  note(term: Term, depth: number): void {
    this.depths.set(term, depth)
  }

  depthOfLoop(loop: Loop): number {
    const depth = this.depths.get(loop)
    if (depth === undefined) throw new Error('an address runs along a loop that is not around it')
    return depth
  }

  /** The depth outside of which the address changes. */
  private addressDepth({ terms, index, buffer }: Address): number {
    let depth = index === null ? 0 : this.depthOf(index)
    for (const { loop, stride } of terms) {
      if (stride !== 0) depth = Math.max(depth, this.depthOfLoop(loop))
    }
    if (buffer.kind === 'private') depth = Math.max(depth, this.open.findIndex(({ loop }) => loop.vector) + 1)
    return depth
  }

  private loadDepth({ address }: Load): number {
    const { buffer } = address
    const writer = this.open.findLastIndex(({ effects: e }) => e.stores.has(buffer) || e.adds.has(buffer))
    return Math.max(this.addressDepth(address), writer + 1)
  }

  private place(step: Load | Apply | Convert, depth: number): void {
    if (depth > 0) this.depths.set(step, depth)
    this.lists[depth]?.push(step)
  }

  run(statements: readonly Statement[]): void {
    for (const s of statements) {
      if (this.open.length === 0 && s.kind !== 'loop') this.body.push(s)
      else if (s.kind === 'load') this.place(s, this.loadDepth(s))
      else if (s.kind === 'apply') this.place(s, Math.max(0, ...s.inputs.map((x) => this.depthOf(x))))
      else if (s.kind === 'convert') this.place(s, this.depthOf(s.input))
      else if (s.kind === 'loop') this.loop(s)
      else this.lists.at(-1)?.push(s)
    }
  }

  private loop(loop: Loop): void {
    if (loop.count === 0) {
      for (const carry of loop.carries) this.replaced.set(carry, carry.init)
      return
    }
    const depth = this.open.length + 1
    const nest: Nest = {
      kind: 'nest',
      loop,
      depth,
      body: [],
      carries: [...loop.carries],
      effects: this.effects(loop),
      lanes: 1,
      unroll: 1,
    }
    this.depths.set(loop, depth)
    for (const carry of loop.carries) this.depths.set(carry, depth)
    this.open.push(nest)
    this.lists.push(nest.body)
    this.run(loop.body)
    const sums = this.promote(nest)
    this.lists.pop()
    this.open.pop()
    this.lists.at(-1)?.push(nest)
    this.run(sums)
  }

  /**
   * Accumulations of the body into a place that the loop does not change become carries; the accumulations that are to
   * follow the loop are returned.
   */
  private promote(nest: Nest): Accumulate[] {
    const after: Accumulate[] = []
    const stays = (s: Step): s is Accumulate =>
      s.kind === 'accumulate' &&
      s.value.type !== 'i32' &&
      this.addressDepth(s.address) < nest.depth &&
      !nest.effects.reads.has(s.address.buffer) &&
      !nest.effects.stores.has(s.address.buffer)
    nest.body = nest.body.map((step) => {
      if (!stays(step) || step.value.type === 'i32') return step
      const { address, value } = step
      // −0 + x is x for every x.
      const init: Constant = { kind: 'constant', type: value.type as 'f64' | 'f32', value: -0 }
      const carry: Carry = { kind: 'carry', type: init.type as 'f64' | 'f32', init, next: null, join: 'sum' }
      const next: Apply = { kind: 'apply', type: carry.type, op: add, inputs: [carry, value], args: undefined }
      carry.next = next
      nest.carries.push(carry)
      this.depths.set(carry, nest.depth)
      this.depths.set(next, nest.depth)
      const result: Result = { kind: 'result', type: carry.type, carry }
      after.push({ kind: 'accumulate', address, value: result })
      return next
    })
    return after
  }
}

/**
 * The steps of a Program. Loads and applications stand at the outermost depth where their inputs exist and nothing in
 * the loops that they leave writes the buffer.
 */
export function schedule(program: Program): Schedule {
  const scheduler = new Scheduler()
  scheduler.run(program.body)
  return scheduler
}
