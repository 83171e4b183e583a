/** The program as expressions of arrays: what was traced, simplified, before loops are made of it. */
import type { DType, NdArray } from '../../data.ts'
import type { Op } from '../../op.ts'
import type { Shape } from '../../shape.ts'

/**
 * Where numbers come from that no operation makes: a slot that the caller fills, fixed numbers, one number throughout;
 * inside a loop, what is another number in each step.
 */
export type Source =
  | { readonly kind: 'input'; readonly slot: number }
  | { readonly kind: 'constant'; readonly data: NdArray }
  | { readonly kind: 'uniform'; readonly value: number }
  | { readonly kind: 'bound' }

interface Common {
  /** In order of creation, so inputs have lower ones. */
  readonly id: number
  readonly shape: Shape
  readonly dtype: DType
}

export interface Leaf extends Common {
  readonly op: null
  readonly source: Source
}

export interface Operation extends Common {
  readonly op: Op
  readonly inputs: readonly Expression[]
  readonly args: unknown
}

export type Expression = Leaf | Operation

/** What makes expressions, simplified. */
export interface Maker {
  uniform(value: number, shape: Shape, dtype: DType): Expression
  apply(op: Op, inputs: readonly Expression[], args: unknown, shape: Shape, dtype: DType): Expression
}

/** The number that every element is, where it is known. */
export function uniformOf(x: Expression): number | undefined {
  return x.op === null && x.source.kind === 'uniform' ? x.source.value : undefined
}

/** Whether the operation works element by element, broadcasting its inputs. */
export function isElementwise(op: Op): boolean {
  return op.scalar !== null || op.name === 'where'
}
