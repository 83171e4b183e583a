/** How modules, losses and metrics read what they are given. */
import { type ArrayLike, constant, type DType, type Operand, ShapeError, stack, Value } from '@adjoint/autograd'

/** What a module accepts: whatever fits where a Value does, or a list of scalar Values (and numbers) as one vector. */
export type Input = Operand | readonly (Value | number)[]

/** The input as a Value; plain numbers and arrays become constants of the dtype. */
export function readInput(x: Input, dtype?: DType): Value {
  if (x instanceof Value) return x
  if (Array.isArray(x) && x.some((item) => item instanceof Value)) return stack(x, 0)
  return constant(x as ArrayLike, dtype === undefined ? {} : { dtype })
}

export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/**
 * Both as Values of one shape (a target that is a single number fits every shape): [n, 1] against [n] would broadcast
 * to [n, n] and learn nonsense in silence.
 * @throws ShapeError
 */
export function readPair(name: string, prediction: Operand, target: Operand): [Value, Value] {
  const a = readInput(prediction)
  const b = readInput(target, a.dtype)
  const same = a.rank === b.rank && a.shape.every((n, axis) => n === b.shape[axis])
  if (!same && b.rank > 0) {
    throw new ShapeError(
      `${name}: the prediction has shape ${showShape(a.shape)}, the target ${showShape(b.shape)}. Give both one shape, with reshape, squeeze or oneHot.`,
    )
  }
  return [a, b]
}

/**
 * The classes as whole numbers from 0, one for each example.
 * @throws ShapeError for an index out of range.
 */
export function checkClass(name: string, index: number, classes: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= classes) {
    throw new ShapeError(
      `${name}: the class ${index} is none of ${classes}. Classes are whole numbers, counted from 0 to ${classes - 1}.`,
    )
  }
  return index
}
