/** Operations of your own, from the same records as the built-in ones. */
import { DTypeError, show } from './errors.ts'
import { type Op, op } from './op.ts'
import { type Derivative, unary } from './ops/elementwise.ts'
import { commonDType } from './promote.ts'
import { many, type Operand, one, readOperand, two, type Value } from './value.ts'

/** An elementwise operation of one input, written short: `{ name, forward, derivative }`. */
export interface UnaryRecord<A = undefined> {
  readonly name: string
  readonly forward: (x: number, args: A) => number
  /** dy/dx in the carrier's words, from the input x and the saved output y. */
  readonly derivative: Derivative<A>
}

/** A record as the built-in operations have them (see `unary`, `binary`), or the short form of a unary one. */
export type OpRecord<A> = UnaryRecord<A> | (Partial<Op<A>> & { readonly name: string })

/** A function of Values, numbers and arrays, and last the record's arguments, if it has any. */
export type DefinedOp<A> = A extends undefined
  ? (...inputs: Operand[]) => Value
  : (...inputs: [...Operand[], A] | Operand[]) => Value

/**
 * Makes a differentiable function from a record. The derivative is written once, in the carrier's words: it then serves
 * first-order gradients, gradients of gradients, forward mode and the pictures.
 * @returns A function of the inputs (Values, numbers, arrays) and, last, the record's arguments if it has any.
 * @throws DTypeError when the record has no name or no forward function.
 * @example
 * const cube = defineOp({ name: 'cube', forward: (x) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
 * grad(cube)(2) // 12
 */
export function defineOp<A = undefined>(record: UnaryRecord<A>): DefinedOp<A>
export function defineOp<A = undefined>(record: Partial<Op<A>> & { readonly name: string }): DefinedOp<A>
export function defineOp<A>(record: OpRecord<A>): (...inputs: [...Operand[], A] | Operand[]) => Value {
  const full = complete(record)
  const { arity } = full
  return (...inputs) => {
    const last: unknown = inputs[inputs.length - 1]
    const isArgs = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
    const args = isArgs ? last : undefined
    const operands = (isArgs ? inputs.slice(0, -1) : inputs) as Operand[]
    const [a, b] = operands
    if (a === undefined || (arity !== Number.POSITIVE_INFINITY && operands.length !== arity)) {
      throw new DTypeError(
        `${full.name}: got ${operands.length} inputs, takes ${arity}. Give one Value, number or array for each.`,
      )
    }
    const dtype = commonDType(operands)
    const read = (x: Operand): Value | number => (typeof x === 'number' ? x : readOperand(full.name, x, dtype))
    if (arity === Number.POSITIVE_INFINITY) return many(full, operands.map(read), args)
    if (b === undefined) return one(full, readOperand(full.name, a), args)
    return two(full, read(a), read(b), args)
  }
}

function complete<A>(record: OpRecord<A>): Op {
  const { name, forward } = record
  const hasForward =
    typeof forward === 'function' || ('forwardList' in record && typeof record.forwardList === 'function')
  if (typeof name !== 'string' || name === '' || !hasForward) {
    throw new DTypeError(
      `defineOp: got ${show(record)} with the name ${show(name)} and the forward function ${show(forward)}. Give both.`,
    )
  }
  if ('derivative' in record) return unary<A>(name, record)
  const { da, db, dlist } = record
  if (da === undefined && db === undefined && dlist === undefined) {
    throw new DTypeError(
      `defineOp: the record of ${name} has no rule. Give derivative, or da and db, or dlist; null where there is no gradient.`,
    )
  }
  // Only the author knows whether it is linear: a wrong guess would give wrong tangents in silence.
  return op<A>({ ...record, linearity: record.linearity ?? 'custom' })
}
