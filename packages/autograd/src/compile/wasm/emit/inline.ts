/** Which vector functions are written out where they are used, rather than called. */
import type { Apply } from '../../program/program.ts'
import { vectorOf } from './imports.ts'
import { native } from './native.ts'
import type { Nest, Step } from './nest.ts'
import { relations } from './uses.ts'

/**
 * Uses in one loop, counted with the vectors side by side. In place, the constants of a formula are made once before the
 * loop, and what two formulas have in common is computed once; many of them would only crowd the registers.
 */
const MOST = 8

/** The applications to write out, and how many vectors side by side the part of the loop has that runs most often. */
export function inlinedIn(steps: readonly Step[]): ReadonlyMap<Step, number> {
  const found = new Map<Step, number>()
  for (const step of steps) {
    if (step.kind !== 'nest') continue
    if (step.lanes === 1) for (const [inner, unroll] of inlinedIn(step.body)) found.set(inner, unroll)
    else {
      const uses = [...formulasIn(step)]
      if (uses.length * step.unroll <= MOST) for (const use of uses) found.set(use, step.unroll)
    }
  }
  return found
}

function* formulasIn(nest: Nest): Generator<Apply> {
  for (const step of nest.body) {
    if (step.kind === 'nest') yield* formulasIn(step)
    else if (step.kind === 'apply' && isFormula(step)) yield step
  }
}

function isFormula(step: Apply): boolean {
  return !native.has(step.op) && !relations.has(step.op) && vectorOf(step) !== null
}
