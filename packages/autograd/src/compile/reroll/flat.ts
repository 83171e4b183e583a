/** A flat scalar trace: every operation that a run made, in order, in parallel arrays. */
import type { Op } from '../../op.ts'

/** An operation with its arguments. Each distinct pair is kept once in a trace. */
export interface Kind {
  readonly op: Op
  readonly args: unknown
}

export interface FlatTrace {
  /** Ids 0 … inputs − 1 are the cells of the buffer `x`. */
  readonly inputs: number
  /** Ids inputs … count − 1 are nodes, in creation order: operands come before. */
  readonly count: number
  /** For each node an index into `kinds`; 0 for inputs. */
  readonly kind: Int32Array
  readonly kinds: readonly Kind[]
  /** Operands: an id, or −1 − k for constants[k], or NONE. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly c: Int32Array
  /** One entry a use; entries may be equal. */
  readonly constants: Float64Array
  /** Ids (or −1 − k) of the results. */
  readonly outputs: readonly number[]
}

/** An operand that the operation does not have. */
export const NONE: number = -(2 ** 31)

/** The three columns of operands. */
export function columns({ a, b, c }: Pick<FlatTrace, 'a' | 'b' | 'c'>): readonly [Int32Array, Int32Array, Int32Array] {
  return [a, b, c]
}

/** How many operands an operation has: `where` is the one list that scalars know. */
export function operandsOf(op: Op): number {
  return op.arity === Number.POSITIVE_INFINITY ? 3 : op.arity
}

/** The columns that operations use: the third is for `where` alone. */
export function usedColumns({ kinds, a, b, c }: Pick<FlatTrace, 'kinds' | 'a' | 'b' | 'c'>): readonly Int32Array[] {
  return kinds.some(({ op }) => operandsOf(op) > 2) ? [a, b, c] : [a, b]
}
