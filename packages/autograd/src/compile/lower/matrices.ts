/** How a matrix lies in memory. */
import { table } from '../../ops/table.ts'
import { stridesOf } from '../../shape.ts'
import type { Expression } from '../graph/expression.ts'

export interface Matrices {
  readonly of: Expression
  /** How far the next element along each axis is. */
  readonly strides: readonly number[]
  readonly shape: readonly number[]
}

/** The memory behind an operand, and how it is walked. */
export function matricesOf(x: Expression, isStored: boolean): Matrices {
  if (isStored || x.op !== table.transpose) return { of: x, strides: stridesOf(x.shape), shape: x.shape }
  const from = x.inputs[0] as Expression
  const { axes } = x.args as { readonly axes: readonly number[] }
  const strides = stridesOf(from.shape)
  return { of: from, strides: axes.map((axis) => strides[axis] ?? 0), shape: x.shape }
}

/** A matrix whose rows are `step` apart; `turned` where it is the columns that are. */
export function layoutOf({ strides, shape }: Matrices): { step: number; turned: boolean } | undefined {
  const [rows, columns] = shape.slice(-2) as [number, number]
  const [down, across] = strides.slice(-2) as [number, number]
  if (across === 1 || columns === 1) return { step: rows === 1 ? columns : down, turned: false }
  if (down === 1 || rows === 1) return { step: columns === 1 ? rows : across, turned: true }
  return undefined
}

/** What the product reads: the operand itself, or what it transposes where that lies in rows or columns. */
export function readBy(x: Expression): Expression {
  const matrices = matricesOf(x, false)
  return layoutOf(matrices) === undefined ? x : matrices.of
}
