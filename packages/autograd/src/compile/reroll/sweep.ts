/** Leaves out what no output depends on. */
import type { Address, Buffer, Loop, Program, Statement, Term } from '../program/program.ts'
import { addEarly } from './early.ts'

class Sweeper {
  private readonly terms: Set<Term> = new Set()
  private readonly buffers: Set<Buffer> = new Set()
  private readonly loops: Set<Loop> = new Set()
  /** Statements that write a buffer, with the loops around them, until somebody reads it. */
  private readonly writers: Map<Buffer, [Statement, readonly Loop[]][]> = new Map()
  private readonly owners: Map<Term, readonly Loop[]> = new Map()
  private readonly stack: Term[] = []

  constructor(body: readonly Statement[]) {
    this.collect(body, [])
    for (const buffer of this.writers.keys()) {
      if (buffer.kind === 'output' || buffer.kind === 'state') this.read(buffer)
    }
    for (let term = this.stack.pop(); term !== undefined; term = this.stack.pop()) this.visit(term)
  }

  private collect(body: readonly Statement[], around: readonly Loop[]): void {
    for (const statement of body) {
      switch (statement.kind) {
        case 'loop': {
          const inside = [...around, statement]
          for (const carry of statement.carries) {
            this.owners.set(carry, inside)
          }
          this.collect(statement.body, inside)
          break
        }
        case 'store':
        case 'accumulate':
          this.write(statement.address.buffer, statement, around)
          break
        case 'clear':
          this.write(statement.span.address.buffer, statement, around)
          break
        case 'load':
        case 'apply':
        case 'convert':
          this.owners.set(statement, around)
      }
    }
  }

  private write(buffer: Buffer, statement: Statement, around: readonly Loop[]): void {
    const list = this.writers.get(buffer)
    if (list === undefined) this.writers.set(buffer, [[statement, around]])
    else list.push([statement, around])
  }

  private need(term: Term | null): void {
    if (term === null || this.terms.has(term)) return
    this.terms.add(term)
    this.stack.push(term)
  }

  private enter(around: readonly Loop[] | undefined): void {
    for (const loop of around ?? []) this.loops.add(loop)
  }

  private place(address: Address): void {
    this.need(address.index)
  }

  private read(buffer: Buffer): void {
    if (this.buffers.has(buffer)) return
    this.buffers.add(buffer)
    for (const [statement, around] of this.writers.get(buffer) ?? []) {
      this.enter(around)
      if (statement.kind !== 'store' && statement.kind !== 'accumulate') continue
      this.need(statement.value)
      this.place(statement.address)
    }
  }

  private visit(term: Term): void {
    if (term.kind === 'result') {
      this.need(term.carry)
      return
    }
    this.enter(this.owners.get(term))
    if (term.kind === 'apply') for (const input of term.inputs) this.need(input)
    else if (term.kind === 'convert') this.need(term.input)
    else if (term.kind === 'load') {
      this.place(term.address)
      this.read(term.address.buffer)
    } else if (term.kind === 'carry') {
      this.need(term.init)
      this.need(term.next)
    }
  }

  kept(body: readonly Statement[]): Statement[] {
    return body.filter((statement) => {
      switch (statement.kind) {
        case 'load':
        case 'apply':
        case 'convert':
          return this.terms.has(statement)
        case 'store':
        case 'accumulate':
          return this.buffers.has(statement.address.buffer)
        case 'clear':
          return this.buffers.has(statement.span.address.buffer)
        case 'loop': {
          if (!this.loops.has(statement)) return false
          const inside = this.kept(statement.body)
          statement.body.splice(0, statement.body.length, ...addEarly(inside))
          const carries = statement.carries.filter((carry) => this.terms.has(carry))
          statement.carries.splice(0, statement.carries.length, ...carries)
          return true
        }
        default:
          return true
      }
    })
  }

  uses(buffer: Buffer): boolean {
    return this.buffers.has(buffer) || buffer.kind === 'input' || buffer.kind === 'output'
  }
}

/** The program without dead statements, loops, carries and buffers. The bodies of its loops are changed in place. */
export function sweep({ buffers, body }: Program): Program {
  const sweeper = new Sweeper(body)
  const kept = sweeper.kept(body)
  return { buffers: buffers.filter((buffer) => sweeper.uses(buffer)), body: kept }
}
