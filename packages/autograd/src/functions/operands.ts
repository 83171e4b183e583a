/** How functions read operands that meet: plain numbers and arrays take the dtype of the Values among them. */
import { ShapeError, show } from '../errors.ts'
import type { Op } from '../op.ts'
import { commonDType } from '../promote.ts'
import { type Operand, readOperand, two, Value } from '../value.ts'

/** All operands as Values. */
export function readAll(name: string, list: readonly Operand[]): Value[] {
  if (!Array.isArray(list)) throw new ShapeError(`${name}: got ${show(list)}. Give one list: ${name}([a, b]).`)
  const dtype = commonDType(list)
  return list.map((x) => readOperand(name, x, dtype))
}

/** Both operands as Values. */
export function readPair(name: string, a: Operand, b: Operand): readonly [Value, Value] {
  const dtype = commonDType([a, b])
  return [readOperand(name, a, dtype), readOperand(name, b, dtype)]
}

/** Applies an elementwise operation to two operands; a plain number stays a number, which costs no node. */
export function applyPair(op: Op, a: Operand, b: Operand): Value {
  return two(op, read(op.name, a, a, b), read(op.name, b, a, b))
}

/** One of the operands a and b. Values and numbers, which scalar graphs are made of, pass straight through. */
function read(name: string, x: Operand, a: Operand, b: Operand): Value | number {
  return typeof x === 'number' || x instanceof Value ? x : readOperand(name, x, commonDType([a, b]))
}
