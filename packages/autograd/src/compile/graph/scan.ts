/** A loop as expressions: a body of its own, and an operation for each of its results. */
import { TraceError } from '../../errors.ts'
import { type Op, op } from '../../op.ts'
import type { Expression, Leaf } from './expression.ts'

/** What one step does. */
export class ScanBody {
  readonly length: number
  /** Whether the last row comes first. */
  readonly reverse: boolean
  /** What stands for the carries and for the rows, and what the carries become. */
  readonly carries: readonly Leaf[]
  readonly rows: readonly Leaf[]
  readonly nexts: readonly Expression[]
  /** What is kept of a step; a loop over the same steps may ask for more. */
  readonly ys: Expression[]
  /** What is the same in each step: computed before the loop. */
  readonly invariants: ReadonlySet<Expression>

  constructor(fields: Omit<ScanBody, 'toJSON'>) {
    this.length = fields.length
    this.reverse = fields.reverse
    this.carries = fields.carries
    this.rows = fields.rows
    this.nexts = fields.nexts
    this.ys = fields.ys
    this.invariants = fields.invariants
  }

  /** Its carries and rows are its own: in the text that tells equal operations, they name it. */
  toJSON(): string {
    return `scan ${[...this.carries, ...this.rows].map(({ id }) => id).join()}`
  }
}

/** Which result: a carry at the end, a carry as each step found it, or what was kept of each step. */
export interface ScanArgs {
  readonly body: ScanBody
  readonly part: 'end' | 'carries' | 'ys'
  readonly index: number
}

/** One result of a loop. Inputs: the carries before the first step, the arrays that are walked, the invariants. */
export const SCAN_PART: Op<ScanArgs> = op<ScanArgs>({
  name: 'scan',
  arity: Number.POSITIVE_INFINITY,
  linearity: 'custom',
})

/** What goes wrong where a carry or row is read outside of its loop. */
export function escaped(): TraceError {
  return new TraceError(
    'compile: a Value from inside the function of a scan is used outside of it. Return it in carry or in y.',
  )
}

/** Which result of which loop the expression is, if it is one. */
export function partOf(x: Expression): ScanArgs | undefined {
  return x.op === (SCAN_PART as Op) ? (x.args as ScanArgs) : undefined
}

/** The body that the expression is a result of, if it is. */
export function bodyOf(x: Expression): ScanBody | undefined {
  return partOf(x)?.body
}
