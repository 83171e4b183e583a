/** Identities of numbers that hold exactly, or but for the sign of a zero and for the rounding of constants. */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Apply, Constant, Term } from '../program/program.ts'

/** What makes terms. */
export interface Maker {
  constant(value: number): Constant
  apply(op: Op, inputs: readonly Term[], args: unknown): Term
}

function numberOf(x: Term | undefined): number | undefined {
  return x?.kind === 'constant' ? x.value : undefined
}

function applied(x: Term | undefined, op: Op): Apply | undefined {
  return x?.kind === 'apply' && x.op === op ? x : undefined
}

/** What is under a negation. */
function opposite(x: Term | undefined): Term | undefined {
  return applied(x, table.neg)?.inputs[0]
}

/** A simpler term, or undefined. */
export function simplify(terms: Maker, op: Op, inputs: readonly Term[]): Term | undefined {
  const [a, b, c] = inputs as [Term, Term, Term]
  const { neg, add, sub, mul, mulNoNan, div, where } = table
  const apply = (o: Op, ...list: Term[]) => terms.apply(o, list, undefined)
  const [x, y] = [numberOf(a), numberOf(b)]
  switch (op) {
    case neg: {
      const product = applied(a, mul)
      const factor = numberOf(product?.inputs[0])
      if (product !== undefined && factor !== undefined) {
        return apply(mul, terms.constant(-factor), product.inputs[1] as Term)
      }
      return opposite(a)
    }
    case add: {
      if (x === 0) return b
      if (y === 0) return a
      const [left, right] = [opposite(a), opposite(b)]
      if (right !== undefined) return apply(sub, a, right)
      return left === undefined ? undefined : apply(sub, b, left)
    }
    case sub: {
      if (y === 0) return a
      if (x === 0) return apply(neg, b)
      const right = opposite(b)
      return right === undefined ? undefined : apply(add, a, right)
    }
    case div:
      if (y === 1) return a
      return y === -1 ? apply(neg, a) : undefined
    case where:
      if (x !== undefined) return x !== 0 ? b : c
      return b === c ? b : undefined
    case mul:
    case mulNoNan:
      return product(terms, op, a, b)
  }
  return undefined
}

function product(terms: Maker, op: Op, a: Term, b: Term): Term | undefined {
  const { neg, mul, mulNoNan } = table
  const apply = (o: Op, ...list: Term[]) => terms.apply(o, list, undefined)
  const y = numberOf(b)
  // Constants stand first.
  if (y !== undefined) return apply(op, b, a)
  const x = numberOf(a)
  if (x === 1) return b
  if (x === -1) return apply(neg, b)
  if (x === 0 && op === mulNoNan) return terms.constant(0)
  const right = opposite(b)
  if (x !== undefined) {
    if (right !== undefined) return apply(op, terms.constant(-x), right)
    // A finite factor that is not 0 makes no NaN of what was none.
    if (op === mulNoNan && Number.isFinite(x)) return apply(mul, a, b)
    const inner = applied(b, op)
    const factor = numberOf(inner?.inputs[0])
    const both = factor === undefined ? 0 : x * factor
    if (Math.abs(both) > 1e-100 && Math.abs(both) < 1e100) {
      return apply(op, terms.constant(both), (inner as Apply).inputs[1] as Term)
    }
    return undefined
  }
  const left = opposite(a)
  if (left !== undefined && right !== undefined) return apply(op, left, right)
  if (left !== undefined) return apply(neg, apply(op, left, b))
  return right === undefined ? undefined : apply(neg, apply(op, a, right))
}
