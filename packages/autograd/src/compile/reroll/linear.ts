/**
 * Sums of multiples of one term, c·t + d·t = (c + d)·t. Not the same where t is infinite: c·∞ + d·∞ may be NaN, so this is
 * for cotangents of programs that are run again in full where a derivative is not finite.
 */
import { table } from '../../ops/table.ts'
import type { Term } from '../program/program.ts'

interface Multiple {
  readonly factor: number
  readonly of: Term
}

function multipleOf(term: Term): Multiple {
  if (term.kind === 'apply' && term.op === table.neg) return { factor: -1, of: term.inputs[0] as Term }
  if (term.kind === 'apply' && term.op === table.mul) {
    const [a, b] = term.inputs as readonly [Term, Term]
    if (a.kind === 'constant') return { factor: a.value, of: b }
  }
  return { factor: 1, of: term }
}

/** What makes c·t as it stands, and what simplifies first. */
export interface Scaler {
  scaled(factor: number, term: Term): Term
  times(a: Term, b: Term): Term
}

/** a + sign·b where both are multiples of one term, else undefined. */
export function combine(terms: Scaler, a: Term, b: Term, sign: 1 | -1): Term | undefined {
  const [left, right] = [multipleOf(a), multipleOf(b)]
  if (left.of !== right.of || left.of.kind === 'constant') return undefined
  const factor = left.factor + sign * right.factor
  if (!(Math.abs(factor) > 1e-100 && Math.abs(factor) < 1e100)) return undefined
  const { of } = left
  if (factor === 1) return of
  // In c·(d·s·y) the factor belongs to s: what else is multiplied by it, shares that.
  if (of.kind === 'apply' && of.op === table.mul) {
    const [p, y] = of.inputs as readonly [Term, Term]
    const inner = multipleOf(p)
    if (inner.of !== p) return terms.times(terms.scaled(factor * inner.factor, inner.of), y)
  }
  return terms.scaled(factor, of)
}
