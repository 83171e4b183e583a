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

export interface Uses {
  /** The terms that nothing reads after the step. */
  readonly deaths: ReadonlyMap<Step, readonly Term[]>
  /** For each top-level step, the top-level terms that it reads, some more than once. */
  readonly reads: ReadonlyMap<Step, readonly Term[]>
  /** The loops whose iteration is read as a number. */
  readonly counted: ReadonlySet<Loop>
  /** Comparisons that only `where` reads, as its condition. */
  isMask(term: Term): boolean
}

export function usesOf(steps: readonly Step[], order: Schedule): Uses {
  const last = new Map<Term, Step>()
  const reads = new Map<Step, Term[]>()
  const numbers = new Set<Term>()
  const counted = new Set<Loop>()
  const path: Step[] = []

  const use = (raw: Term): void => {
    const term = order.resolve(raw)
    if (term.kind === 'counter') counted.add(term.loop)
    if (term.kind === 'constant' || term.kind === 'counter') return
    // A carry lives around its loop.
    const depth = order.depthOf(term) - (term.kind === 'carry' ? 1 : 0)
    const [top, at] = [path[0], path[depth]]
    if (at !== undefined) last.set(term, at)
    const isInside = term.kind === 'carry' && order.depthOf(raw) > depth
    if (depth !== 0 || isInside || top === undefined) return
    const list = reads.get(top)
    if (list === undefined) reads.set(top, [term])
    else list.push(term)
  }
  const visit = (body: readonly Step[]): void => {
    for (const step of body) {
      path.push(step)
      if (isTerm(step)) last.set(step, step)
      const isWhere = step.kind === 'apply' && step.inputs.length === 3
      termsOf(step).forEach((term, i) => {
        use(term)
        if (!isWhere || i > 0) numbers.add(order.resolve(term))
      })
      if (step.kind === 'nest') visitNest(step)
      path.pop()
    }
  }
  const visitNest = (nest: Nest): void => {
    for (const carry of nest.carries) last.set(carry, nest)
    visit(nest.body)
    for (const carry of nest.carries) {
      const next = order.resolve(nextOf(carry))
      numbers.add(next)
      use(nextOf(carry))
      // What the next iteration gets lives to the end of the body.
      if (order.depthOf(nextOf(carry)) >= nest.depth) last.delete(next)
    }
  }
  visit(steps)

  const deaths = new Map<Step, Term[]>()
  for (const [term, step] of last) {
    const list = deaths.get(step)
    if (list === undefined) deaths.set(step, [term])
    else list.push(term)
  }
  return {
    deaths,
    reads,
    counted,
    isMask: (term) => term.kind === 'apply' && relations.has(term.op) && !numbers.has(term),
  }
}
