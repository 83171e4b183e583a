/** A step that threads share: a function for its parts, and what that has to know of the code around it. */
import type { Term } from '../../program/program.ts'
import type { Division } from '../threads/division.ts'
import { SLOT } from './chunks.ts'
import { Frame, type Held, type Share } from './frame.ts'
import { nextOf, type Step, termsOf } from './nest.ts'

/**
 * Writes the function of a part, and here the call that runs all parts. Terms, pointers and counters from around the
 * step go through memory, since the parts run on other threads.
 * @param write Writes the step into the function of a part.
 */
export function emitRegion(f: Frame, step: Step, division: Division, write: (part: Frame) => void): void {
  const { regions, workspace } = f.context
  const { code, ticket } = regions.add(division)
  const share = shareIn(code, step, division)
  const part = new Frame(code, f.context, share)
  const terms = termsFrom(f, step)
  const pointers = [...f.pointers]
  const counters = [...f.counters]
  let at = workspace.take((terms.size + pointers.length + counters.length) * SLOT)
  const carry = (type: Held['type'], from: number): number => {
    if (type === 'v128' || type === 'i64') throw new Error('a region stands inside of lanes')
    f.code.i32(0).get(from).mem(`${type}.store`, at)
    const to = part.take(type)
    code.i32(0).mem(`${type}.load`, at).set(to)
    at += SLOT
    return to
  }
  for (const [term, held] of terms) part.hold(term, { ...held, locals: [carry(held.type, held.locals[0] as number)] })
  for (const [pointer, local] of pointers) part.pointers.set(pointer, carry('i32', local))
  for (const [loop, local] of counters) part.counters.set(loop, carry('i32', local))
  write(part)
  f.code.i32(ticket).call(regions.fork)
}

/** Computes from the parameters (part, thread) which elements the part has. */
function shareIn(code: Frame['code'], step: Step, { size, total }: Division): Share {
  const [first, end, count] = [code.local('i32'), code.local('i32'), code.local('i32')]
  code.get(0).i32(size).op('i32.mul').tee(first).i32(size).op('i32.add').tee(end)
  code.i32(total).get(end).i32(total).op('i32.lt_u', 'select').tee(end).get(first).op('i32.sub').set(count)
  return { step, thread: 1, first, end, count, total }
}

/** The terms from around a step that something in it reads. */
function termsFrom(f: Frame, step: Step): Map<Term, Held> {
  const found = new Map<Term, Held>()
  const note = (raw: Term): void => {
    const term = f.context.order.resolve(raw)
    const held = f.find(term)
    if (held !== undefined) found.set(term, held)
  }
  const visit = (inner: Step): void => {
    for (const term of termsOf(inner)) note(term)
    if (inner.kind !== 'nest') return
    for (const each of inner.body) visit(each)
    for (const each of inner.carries) note(nextOf(each))
  }
  visit(step)
  return found
}
