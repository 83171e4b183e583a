/** Whether a vector loop gains from running two vectors side by side. */
import type { Term } from '../../program/program.ts'
import { isTerm, type Nest, nextOf, type Step, termsOf } from './nest.ts'
import type { Schedule } from './schedule.ts'

/** Vector registers of x86-64 and of half of AArch64, one of them the compiler's own. */
const REGISTERS = 15
/** A processor looks this many instructions ahead: bodies that are shorter overlap by themselves. */
const WINDOW = 60
/** Engines allocate registers with less care in functions of some eight thousand values. */
const LARGEST = 3000
/** With so many chains of instructions side by side a long body keeps the arithmetic units busy alone (measured). */
const PARALLELISM = 24

export function gains(nest: Nest, all: readonly Step[], order: Schedule): boolean {
  if (all.length > LARGEST) return false
  if (all.length > WINDOW) return all.length < PARALLELISM * longestChain(all, order)
  const { outside, inside } = pressure(nest, all, order)
  // Short bodies: not where the second vector makes numbers move to memory and back.
  return outside + 2 * inside <= REGISTERS || outside + inside > REGISTERS
}

/** The vectors that stay alive all through the loop, and the most that one iteration has alive at a time. */
function pressure(nest: Nest, all: readonly Step[], order: Schedule): { outside: number; inside: number } {
  const made = new Set<Term>(all.filter(isTerm))
  const last = new Map<Term, number>()
  const outside = new Set<Term | number>()
  const use = (raw: Term, at: number): void => {
    const term = order.resolve(raw)
    if (term.type === 'i32') return
    if (made.has(term)) last.set(term, at)
    else if (term.kind === 'constant') outside.add(term.value)
    else if (term.kind !== 'carry' || !nest.carries.includes(term)) outside.add(term)
  }
  all.forEach((step, at) => {
    for (const term of termsOf(step)) use(term, at)
  })
  for (const carry of nest.carries) use(nextOf(carry), all.length)
  const ends = new Map<number, number>()
  for (const at of last.values()) ends.set(at, (ends.get(at) ?? 0) + 1)
  let [alive, most] = [0, 0]
  all.forEach((step, at) => {
    // What an instruction reads for the last time makes room for its result.
    alive -= ends.get(at) ?? 0
    if (isTerm(step) && last.has(step)) alive++
    most = Math.max(most, alive)
  })
  // −0 and 0 are cheap to make anew.
  outside.delete(0)
  return { outside: outside.size, inside: most + nest.carries.length }
}

/** The most steps of which each needs the one before. */
function longestChain(all: readonly Step[], order: Schedule): number {
  const lengths = new Map<Term, number>()
  let longest = 0
  for (const step of all) {
    if (!isTerm(step)) continue
    const length = 1 + Math.max(0, ...termsOf(step).map((term) => lengths.get(order.resolve(term)) ?? 0))
    lengths.set(step, length)
    longest = Math.max(longest, length)
  }
  return longest
}
