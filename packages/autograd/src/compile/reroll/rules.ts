/** Derivative rules of the records, over terms; and what each of them looks at. */
import type { Op } from '../../op.ts'
import { address, type Buffer, type Load, type Term } from '../program/program.ts'
import type { Kind } from './flat.ts'
import { block, Terms } from './terms.ts'

/** Whether the operand has a rule at all. */
function hasRule(op: Op, operand: number): boolean {
  if (op.dlist !== null) return operand !== op.held
  return (operand === 0 ? op.da : operand === 1 ? op.db : null) !== null
}

/** The share of the cotangent `g` of `y` that the operand gets; undefined where it has none. */
export function shareOf(
  terms: Terms,
  { op, args }: Kind,
  operand: number,
  g: Term,
  y: Term,
  inputs: readonly Term[],
): Term | undefined {
  if (!hasRule(op, operand)) return undefined
  const [a = 0, b = 0] = inputs
  if (op.dlist !== null) return terms.lift(op.dlist(terms.k, g, y, inputs, operand, args))
  const rule = operand === 0 ? op.da : op.db
  return rule === null ? undefined : terms.lift(rule(terms.k, g, y, a, b, args))
}

/** What the share of an operand needs: the values of operands (bit by bit), and the result. */
export interface Needs {
  readonly operands: number
  readonly result: boolean
}

const PROBE: Buffer = { name: 'probe', type: 'f64', size: 8, kind: 'scratch' }

/** Tries each rule on unknown numbers and looks at what its result is made of. */
export class Probe {
  private readonly terms: Terms
  private readonly known: Map<Kind, readonly (Needs | null)[]>

  constructor() {
    this.terms = new Terms(block(null))
    this.known = new Map()
  }

  /** For each operand what its share needs; null where no gradient flows to it. */
  needsOf(kind: Kind, operands: number): readonly (Needs | null)[] {
    const known = this.known.get(kind)
    if (known !== undefined) return known
    const made = Array.from({ length: operands }, (_, operand) => probe(this.terms, kind, operand, operands))
    this.known.set(kind, made)
    return made
  }
}

function probe(terms: Terms, kind: Kind, operand: number, operands: number): Needs | null {
  const unknown = (base: number): Load => ({ kind: 'load', type: 'f64', address: address(PROBE, base) })
  const inputs = Array.from({ length: operands }, (_, i) => unknown(i))
  const y = unknown(operands)
  const share = shareOf(terms, kind, operand, unknown(operands + 1), y, inputs)
  if (share === undefined || (share.kind === 'constant' && share.value === 0)) return null
  const seen = new Set<Term>()
  const visit = (term: Term) => {
    if (seen.has(term)) return
    seen.add(term)
    if (term.kind === 'apply') for (const input of term.inputs) visit(input)
  }
  visit(share)
  const bits = inputs.reduce((sum, input, i) => sum + (seen.has(input) ? 1 << i : 0), 0)
  return { operands: bits, result: seen.has(y) }
}
