/** Nested objects and arrays of Values: how a model's parameters travel through the transforms. */
import { ShapeError, show } from '../errors.ts'
import { type Operand, readOperand, Value } from '../value.ts'

/** `X` with a Value in the place of everything differentiable: what gradients by `X` look like. */
export type Valued<X> = X extends Operand
  ? Value
  : X extends (...args: never) => unknown
    ? X
    : X extends object
      ? { -readonly [Key in keyof X]: Valued<X[Key]> }
      : X

/** `X` with everything that fits where a Value does: what a caller may pass for an argument of type `X`. */
export type Loose<X> = X extends Operand
  ? Operand
  : X extends ((...args: never) => unknown) | ArrayBufferView
    ? X
    : X extends object
      ? { readonly [Key in keyof X]: Loose<X[Key]> }
      : X

/** Numbers only, nested to any depth: one Value, not a list of Values. */
function isNumbers(x: unknown): boolean {
  return typeof x === 'number' || (Array.isArray(x) && x.every(isNumbers))
}

function isDifferentiable(x: unknown): x is Operand {
  return x instanceof Value || (ArrayBuffer.isView(x) && !(x instanceof DataView)) || isNumbers(x)
}

export function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

/** The structure with `f` applied to each Value, and to numbers and arrays as they are, in order; the rest stays. */
export function mapOperands(x: unknown, f: (x: Operand) => unknown): unknown {
  if (isDifferentiable(x)) return f(x)
  if (Array.isArray(x)) return x.map((part) => mapPart(part, f))
  if (isPlainObject(x)) return Object.fromEntries(Object.entries(x).map(([key, part]) => [key, mapPart(part, f)]))
  return x
}

/** Inside a structure an empty list is a list of no Values; alone it would be an array of no numbers. */
function isEmptyList(x: unknown): boolean {
  return Array.isArray(x) && x.length === 0
}

function mapPart(part: unknown, f: (x: Operand) => unknown): unknown {
  return isEmptyList(part) ? [] : mapOperands(part, f)
}

/** The structure with `f` applied to each Value (or what stands for one), in order; everything else stays. */
export function mapStructure(op: string, x: unknown, f: (x: Value) => unknown): unknown {
  return mapOperands(x, (part) => f(readOperand(op, part)))
}

/** The Values of a structure, in the order of mapStructure. */
export function valuesOf(op: string, x: unknown): Value[] {
  const list: Value[] = []
  mapStructure(op, x, (part) => list.push(part))
  return list
}

/**
 * The Values of `x` where `template` has its own, in the same order.
 * @throws ShapeError when `x` lacks a part of the template.
 */
export function valuesLike(op: string, template: unknown, x: unknown): Value[] {
  if (isDifferentiable(template)) return [readOperand(op, x as Operand)]
  if (Array.isArray(template)) {
    if (!Array.isArray(x) || x.length !== template.length) {
      throw new ShapeError(
        `${op}: got ${show(x)} for a list of ${template.length}. Give a list with the same structure.`,
      )
    }
    return template.flatMap((part, i) => (isEmptyList(part) ? [] : valuesLike(op, part, x[i])))
  }
  if (!isPlainObject(template)) return []
  return Object.entries(template).flatMap(([key, part]) => {
    if (!isPlainObject(x) || !(key in x)) {
      throw new ShapeError(`${op}: got ${show(x)} where an object with '${key}' was expected. Give the same structure.`)
    }
    return isEmptyList(part) ? [] : valuesLike(op, part, x[key])
  })
}

/** The structure of `x` with its Values replaced by those of the list, in order. */
export function rebuild(op: string, x: unknown, list: readonly unknown[]): unknown {
  let next = 0
  return mapStructure(op, x, () => list[next++])
}

/** The Values of all arguments of a call. */
export function argumentValues(op: string, args: readonly unknown[]): Value[] {
  return args.flatMap((arg) => valuesOf(op, arg))
}

/** The arguments of a call with their Values replaced by those of the list, in order. */
export function rebuildArguments(op: string, args: readonly unknown[], list: readonly unknown[]): unknown[] {
  let next = 0
  return args.map((arg) => mapStructure(op, arg, () => list[next++]))
}
