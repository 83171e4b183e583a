/** Who reads a term, and when last: where its local variable is free again. */

import type { Op } from '../../../op.ts'
import { eq, ge, gt, le, lt, ne } from '../../../ops/comparison.ts'
import type { Loop, Term } from '../../program/program.ts'
import { isTerm, type Nest, nextOf, type Step, termsOf } from './nest.ts'
import type { Schedule } from './schedule.ts'

export type Relation = 'gt' | 'ge' | 'lt' | 'le' | 'eq' | 'ne'

/** The comparisons. As conditions of `where` they stay masks and never become numbers. */
export const relations: ReadonlyMap<Op, Relation> = new Map([
  [gt, 'gt'],
  [ge, 'ge'],
  [lt, 'lt'],
  [le, 'le'],
  [eq, 'eq'],
  [ne, 'ne'],
])

/** What is known of a term; one record for each, since programs may have very many. */
export interface Note {
  /** The step after which nothing reads the term; null where it lives to the end of its loop. */
  last: Step | null
  /** Whether anything reads it as a number, and not as the condition of `where`. */
  isNumber: boolean
  /** Of a top-level term: the function that has it in a local, and its slot in memory where others read it; else −1. */
  home: number
  slot: number
}

/** How the terms of a program are used. */
export class Uses {
  private readonly order: Schedule
  private readonly notes: Map<Term, Note> = new Map()
  private readonly counters: Set<Loop> = new Set()
  /** For loops at the top level: the terms from there that something inside reads. */
  private readonly reads: Map<Step, Term[]> = new Map()
  /** For loops: the terms from around them that nothing reads afterwards. */
  private readonly deaths: Map<Step, Term[]> = new Map()
  private readonly path: Step[] = []
  /** How many terms have a slot in memory. */
  slots = 0

  /** @param functions The top-level steps, divided over functions. */
  constructor(functions: readonly (readonly Step[])[], order: Schedule) {
    this.order = order
    functions.forEach((steps, here) => {
      this.visit(steps, here)
    })
    for (const [term, { last }] of this.notes) if (last?.kind === 'nest') push(this.deaths, last, term)
  }

  /** Whether the iteration of the loop is read as a number. */
  counts(loop: Loop): boolean {
    return this.counters.has(loop)
  }

  note(term: Term): Note | undefined {
    return this.notes.get(term)
  }

  /** Whether it is a comparison that only `where` reads, as its condition. */
  isMask(term: Term): boolean {
    return term.kind === 'apply' && relations.has(term.op) && this.notes.get(term)?.isNumber !== true
  }

  /** Calls back for the top-level terms that a top-level step reads, for some more than once. */
  eachRead(step: Step, each: (term: Term) => void): void {
    if (step.kind === 'nest') for (const term of this.reads.get(step) ?? []) each(term)
    else {
      for (const raw of termsOf(step)) {
        const term = this.order.resolve(raw)
        if (term.kind !== 'constant' && term.kind !== 'counter') each(term)
      }
    }
  }

  /** The terms from around a loop that nothing reads after it. */
  deathsOf(nest: Nest): readonly Term[] {
    return this.deaths.get(nest) ?? []
  }

  private noted(term: Term): Note {
    const known = this.notes.get(term)
    if (known !== undefined) return known
    const made: Note = { last: null, isNumber: false, home: -1, slot: -1 }
    this.notes.set(term, made)
    return made
  }

  private use(raw: Term, isNumber: boolean, here: number): void {
    const { order, path } = this
    const term = order.resolve(raw)
    if (term.kind === 'counter') this.counters.add(term.loop)
    if (term.kind === 'constant' || term.kind === 'counter') return
    const note = this.noted(term)
    if (isNumber) note.isNumber = true
    // A carry lives around its loop.
    const depth = path.length === 1 ? 0 : order.depthOf(term) - (term.kind === 'carry' ? 1 : 0)
    const [top, at] = [path[0], path[depth]]
    if (at !== undefined) note.last = at
    const isInside = term.kind === 'carry' && order.depthOf(raw) > depth
    if (depth > 0 || isInside) return
    if (top?.kind === 'nest') push(this.reads, top, term)
    if (note.home !== here && note.slot < 0) note.slot = this.slots++
  }

  private visit(body: readonly Step[], here: number): void {
    for (const step of body) {
      this.path.push(step)
      if (isTerm(step)) {
        const note = this.noted(step)
        note.last = step
        note.home = here
      }
      const isWhere = step.kind === 'apply' && step.inputs.length === 3
      const terms = termsOf(step)
      for (let i = 0; i < terms.length; i++) this.use(terms[i] as Term, !isWhere || i > 0, here)
      if (step.kind === 'nest') this.visitNest(step, here)
      this.path.pop()
    }
  }

  private visitNest(nest: Nest, here: number): void {
    const { order } = this
    for (const carry of nest.carries) {
      const note = this.noted(carry)
      note.last = nest
      note.home = here
    }
    this.visit(nest.body, here)
    for (const carry of nest.carries) {
      this.use(nextOf(carry), true, here)
      // What the next iteration gets lives to the end of the body.
      const next = this.notes.get(order.resolve(nextOf(carry)))
      if (next !== undefined && order.depthOf(nextOf(carry)) >= nest.depth) next.last = null
    }
  }
}

function push(lists: Map<Step, Term[]>, step: Step, term: Term): void {
  const list = lists.get(step)
  if (list === undefined) lists.set(step, [term])
  else list.push(term)
}
