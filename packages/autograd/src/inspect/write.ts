/** Writes one operation, built-in or a user's own, in a notation. */
import type { Op } from '../op.ts'
import { table } from '../ops/table.ts'
import type { Shape } from '../shape.ts'
import type { Details } from './form.ts'
import { forms } from './forms.ts'
import type { Notation, Piece } from './notation.ts'
import { formatArgs } from './numbers.ts'

export type OpName = keyof typeof table

/** The built-in name of a record; undefined for a user's own, whatever it is called. */
export function builtInName(op: Op): OpName | undefined {
  if (!Object.hasOwn(table, op.name)) return undefined
  const name = op.name as OpName
  const record: unknown = table[name]
  return record === op ? name : undefined
}

/** The operation applied to what is written already; a user's own as `name(inputs, arguments)`. */
export function write(n: Notation, op: Op, inputs: readonly Piece[], shapes: readonly Shape[], args: unknown): Piece {
  const [a = n.number(0), b = n.number(0)] = inputs
  const name = builtInName(op)
  if (name === undefined) return n.call(op.name, inputs, formatArgs(args))
  return forms[name]({ n, a, b, inputs, shapes, args: args as Details })
}
