/** What fits beside a Value: numbers and arrays become constants, in the dtype of the Values they meet. */
import { constantNode } from './apply.ts'
import { type ArrayLike, type DType, dtypeOf, readData } from './data.ts'
import { DomainError, show, UnsupportedError } from './errors.ts'
import { Node } from './node.ts'
import { commonDType } from './promote.ts'

/** What fits wherever a Value does: plain numbers and arrays are constants. */
export type Operand<V> = V | ArrayLike

/** A Value from anything that fits where a Value does; arrays and numbers become constants. */
export function readOperand<V extends Node>(op: string, x: Operand<V>, dtype?: DType): V {
  if (x instanceof Node) return x
  if (typeof x === 'object' && x !== null && 'requiresGrad' in x) {
    throw new UnsupportedError(
      `${op}: got ${show(x)} of another copy of @adjoint/autograd. Make the bundler or package manager keep one copy.`,
    )
  }
  return constantNode(readData(op, x, dtype))
}

/** The other operand of an elementwise method of `x`: a plain number stays one, an array takes the dtype of `x`. */
export function readOther<V extends Node>(op: string, x: V, other: Operand<V>): V | number {
  return typeof other === 'number' ? other : readOperand(op, other, dtypeOf(x.raw))
}

/** Operands beside `x`, which may be left out, in the dtype of all that meet. */
export function readParameters<V extends Node>(
  op: string,
  x: V,
  list: readonly (Operand<V> | undefined)[],
): (V | undefined)[] {
  const dtype = commonDType([x, ...list])
  return list.map((part) => (part === undefined ? undefined : readOperand(op, part, dtype)))
}

/** A parameter that is one number. @throws DomainError when it is not. */
export function readNumber(op: string, name: string, x: unknown): number {
  if (typeof x === 'number' && x === x) return x
  throw new DomainError(`${op}: ${name} is ${show(x)}. Give a number.`)
}
