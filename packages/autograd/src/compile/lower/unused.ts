/** Leaves out what nothing reads: stores into scratch memory, and buffers. */
import type { Address, Buffer, Program, Statement } from '../program/program.ts'

function readsOf(statements: readonly Statement[], reads: Set<Buffer>): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'load':
        reads.add(statement.address.buffer)
        break
      case 'loop':
        readsOf(statement.body, reads)
        break
      case 'gemm':
        reads.add(statement.a.buffer)
        reads.add(statement.b.buffer)
        break
      case 'conv':
        for (const { buffer } of [statement.images, statement.weights, statement.results]) reads.add(buffer)
        break
      case 'host':
        for (const { address } of statement.inputs) reads.add(address.buffer)
        break
    }
  }
}

function usedBy(statements: readonly Statement[], used: Set<Buffer>): void {
  const add = ({ buffer }: Address): void => {
    used.add(buffer)
  }
  for (const statement of statements) {
    switch (statement.kind) {
      case 'load':
      case 'store':
      case 'accumulate':
        add(statement.address)
        break
      case 'loop':
        usedBy(statement.body, used)
        break
      case 'gemm':
        for (const each of [statement.a, statement.b, statement.c]) add(each)
        break
      case 'conv':
        for (const each of [statement.images, statement.weights, statement.results, statement.plan]) add(each)
        break
      case 'host':
        for (const { address } of [...statement.inputs, statement.output]) add(address)
        break
      case 'clear':
        add(statement.span.address)
        break
    }
  }
}

function kept(statements: readonly Statement[], reads: ReadonlySet<Buffer>): Statement[] {
  const isRead = ({ buffer }: Address): boolean => buffer.kind !== 'scratch' || reads.has(buffer)
  return statements.flatMap((statement): Statement[] => {
    switch (statement.kind) {
      case 'store':
      case 'accumulate':
        return isRead(statement.address) ? [statement] : []
      case 'clear':
        return isRead(statement.span.address) ? [statement] : []
      case 'loop': {
        // In place, since the loop is known by its carries; not by `splice`, whose arguments may be too many.
        const live = kept(statement.body, reads)
        statement.body.length = 0
        for (const each of live) statement.body.push(each)
        return [statement]
      }
      default:
        return [statement]
    }
  })
}

export function withoutDeadStores({ buffers, body }: Program, outputs: readonly Buffer[]): Program {
  const reads = new Set<Buffer>(outputs)
  readsOf(body, reads)
  const live = kept(body, reads)
  const used = new Set<Buffer>(outputs)
  usedBy(live, used)
  return {
    buffers: buffers.filter((buffer) => used.has(buffer) || buffer.kind === 'input' || buffer.kind === 'state'),
    body: live,
  }
}
