/** Moves what adds to memory up to where its value is made, so that no value waits for the end of its iteration. */
import type { Buffer, Statement, Term } from '../program/program.ts'

/** The statements in another order that does the same: accumulations into what nobody else here reads or writes. */
export function addEarly(statements: readonly Statement[]): Statement[] {
  const busy = new Set<Buffer>()
  const note = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.kind === 'loop') note(s.body)
      else if (s.kind === 'load' || s.kind === 'store') busy.add(s.address.buffer)
      else if (s.kind === 'clear') busy.add(s.span.address.buffer)
    }
  }
  note(statements)
  const made = new Set<Term>()
  for (const s of statements) if (s.kind === 'apply') made.add(s)
  const behind = new Map<Term, Statement[]>()
  const rest: Statement[] = []
  for (const s of statements) {
    const moves =
      s.kind === 'accumulate' && made.has(s.value) && s.address.index === null && !busy.has(s.address.buffer)
    if (!moves) rest.push(s)
    else behind.set(s.value, [...(behind.get(s.value) ?? []), s])
  }
  return rest.flatMap((s) => [s, ...((s.kind === 'apply' && behind.get(s)) || [])])
}
