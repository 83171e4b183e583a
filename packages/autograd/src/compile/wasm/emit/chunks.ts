/** Divides a program over functions of bounded size; numbers that cross from one to another go through memory. */
import type { Term } from '../../program/program.ts'
import type { Frame } from './frame.ts'
import { isTerm, type Step } from './nest.ts'
import type { Uses } from './uses.ts'

export interface Chunks {
  readonly chunks: readonly (readonly Step[])[]
  /** The bytes of the terms that a later function reads, counted from the first such slot. */
  readonly slots: ReadonlyMap<Term, number>
}

export const SLOT = 8

/** Roughly the instructions that a step becomes. */
function sizeOf(step: Step): number {
  if (step.kind !== 'nest') return 1
  const body = step.body.reduce((sum, inner) => sum + sizeOf(inner), 2)
  // The parts of a vector loop: some vectors at a time, one at a time, and the rest.
  return step.lanes > 1 ? body * (step.unroll + (step.unroll > 1 ? 1 : 0) + 1) : body
}

/** @param limit The size after which a new function begins; a loop is never divided. */
export function chunksOf(body: readonly Step[], uses: Uses, limit: number): Chunks {
  const chunks: Step[][] = []
  const slots = new Map<Term, number>()
  const home = new Map<Term, number>()
  let left = 0
  for (const step of body) {
    const size = sizeOf(step)
    if (size > left || chunks.length === 0) {
      chunks.push([])
      left = limit
    }
    left -= size
    const here = chunks.length - 1
    chunks[here]?.push(step)
    for (const term of uses.reads.get(step) ?? []) {
      if (home.get(term) !== here && !slots.has(term)) slots.set(term, slots.size * SLOT)
    }
    for (const term of madeBy(step)) home.set(term, here)
  }
  return { chunks, slots }
}

function madeBy(step: Step): readonly Term[] {
  if (step.kind === 'nest') return step.carries
  return isTerm(step) ? [step] : []
}

/** Reads from memory what the step needs of functions before this one. */
export function fetch(f: Frame, step: Step, slots: ReadonlyMap<Term, number>, start: number): void {
  if (slots.size === 0) return
  for (const term of f.context.uses.reads.get(step) ?? []) {
    const slot = slots.get(term)
    if (slot === undefined || f.find(term) !== undefined) continue
    const mask = f.context.uses.isMask(term)
    const type = mask ? 'i32' : term.type
    const local = f.take(type)
    f.code
      .i32(0)
      .mem(`${type}.load`, start + slot)
      .set(local)
    f.hold(term, { shape: 'one', type, locals: [local], mask })
  }
}

/** Writes to memory what the step has made and functions after this one need. */
export function keep(f: Frame, step: Step, slots: ReadonlyMap<Term, number>, start: number): void {
  if (slots.size === 0) return
  for (const term of madeBy(step)) {
    const slot = slots.get(term)
    const held = f.find(term)
    if (slot === undefined || held === undefined || held.type === 'v128') continue
    f.code.i32(0).get(held.locals[0] as number)
    if (held.type !== 'i64') f.code.mem(`${held.type}.store`, start + slot)
  }
}
