/** Divides a program over functions of bounded size; numbers that cross from one to another go through memory. */
import type { Term } from '../../program/program.ts'
import type { Frame } from './frame.ts'
import { isTerm, type Step } from './nest.ts'

export const SLOT = 8

/** Roughly the instructions that a step becomes. */
function sizeOf(step: Step): number {
  if (step.kind !== 'nest') return 1
  const body = step.body.reduce((sum, inner) => sum + sizeOf(inner), 2)
  // The parts of a vector loop: some vectors at a time, one at a time, and the rest.
  return step.lanes > 1 ? body * (step.unroll + (step.unroll > 1 ? 1 : 0) + 1) : body
}

/** @param limit The size after which a new function begins; a loop is never divided. */
export function chunksOf(body: readonly Step[], limit: number): readonly (readonly Step[])[] {
  const chunks: Step[][] = []
  let left = 0
  for (const step of body) {
    const size = sizeOf(step)
    if (size > left || chunks.length === 0) {
      chunks.push([])
      left = limit
    }
    left -= size
    chunks.at(-1)?.push(step)
  }
  return chunks
}

function eachMade(step: Step, each: (term: Term) => void): void {
  if (step.kind === 'nest') step.carries.forEach(each)
  else if (isTerm(step)) each(step)
}

/** Reads from memory what the step needs of functions before this one. */
export function fetch(f: Frame, step: Step, start: number): void {
  const { uses } = f.context
  uses.eachRead(step, (term) => {
    if (f.find(term) !== undefined) return
    const slot = uses.note(term)?.slot ?? -1
    if (slot < 0) return
    const mask = uses.isMask(term)
    const type = mask ? 'i32' : term.type
    const local = f.take(type)
    f.code
      .i32(0)
      .mem(`${type}.load`, start + SLOT * slot)
      .set(local)
    f.hold(term, { shape: 'one', type, locals: [local], mask })
  })
}

/** Writes to memory what the step has made and functions after this one need. */
export function keep(f: Frame, step: Step, start: number): void {
  eachMade(step, (term) => {
    const slot = f.context.uses.note(term)?.slot ?? -1
    const held = slot < 0 ? undefined : f.find(term)
    if (held === undefined || held.type === 'v128') return
    f.code.i32(0).get(held.locals[0] as number)
    if (held.type !== 'i64') f.code.mem(`${held.type}.store`, start + SLOT * slot)
  })
}
