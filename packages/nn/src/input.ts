/** How modules, losses and metrics read what they are given. */
import {
  type ArrayLike,
  AutogradError,
  constant,
  type DType,
  defineOp,
  type FloatArray,
  type Operand,
  ShapeError,
  stack,
  TraceError,
  UnsupportedError,
  Value,
} from '@adjoint/autograd'

/** What a module accepts: whatever fits where a Value does, or a list of scalar Values (and numbers) as one vector. */
export type Input = Operand | readonly (Value | number)[]

/**
 * The input as a Value; plain numbers and arrays become constants of the dtype.
 * @param name Who asks, for the message.
 * @throws DTypeError, ShapeError for what is not an array of numbers.
 */
export function readInput(x: Input, dtype?: DType, name?: string): Value {
  if (x instanceof Value) return x
  try {
    if (holdsValue(x)) return stack(x as readonly (Value | number)[], 0)
    return constant(x as ArrayLike, dtype === undefined ? {} : { dtype })
  } catch (error) {
    if (name === undefined || !(error instanceof AutogradError)) throw error
    const Kind = error.constructor as new (message: string) => AutogradError
    throw new Kind(error.message.replace(/^(constant|stack):/, `${name}:`))
  }
}

function holdsValue(x: Input): boolean {
  return x instanceof Value || (Array.isArray(x) && x.some((item) => item instanceof Value))
}

/** Both as Values; a plain one takes the dtype of the other, whichever comes first. */
export function readBoth(name: string, x: Operand, y: Operand): [Value, Value] {
  if (holdsValue(y) && !holdsValue(x)) {
    const b = readInput(y, undefined, name)
    return [readInput(x, b.dtype, name), b]
  }
  const a = readInput(x, undefined, name)
  return [a, readInput(y, a.dtype, name)]
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
  const [a, b] = readBoth(name, prediction, target)
  const same = a.rank === b.rank && a.shape.every((n, axis) => n === b.shape[axis])
  if (!same && b.rank > 0) {
    throw new ShapeError(
      `${name}: the prediction has shape ${showShape(a.shape)}, the target ${showShape(b.shape)}. Give both one shape, with reshape, squeeze or oneHot.`,
    )
  }
  return [a, b]
}

/** The numbers, where they are known: not while a function of them is traced, by compile or vmap. */
export function numbersOf(x: Value): FloatArray | undefined {
  try {
    return x.data
  } catch (error) {
    if (error instanceof TraceError || error instanceof UnsupportedError) return undefined
    throw error
  }
}

/** @throws ShapeError for an index out of range. */
export function checkClass(name: string, index: number, classes: number): number {
  return checkIndex(index, { name, kind: 'class', count: classes })
}

interface IndexArgs {
  readonly name: string
  readonly kind: 'class' | 'index'
  readonly count: number
  /** An index that is none, and let pass as 0. */
  readonly ignored?: number
}

function checkIndex(index: number, { name, kind, count }: IndexArgs): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index
  const plural = kind === 'class' ? 'Classes' : 'Indices'
  throw new ShapeError(
    `${name}: the ${kind} ${index} is none of ${count}. ${plural} are whole numbers, counted from 0 to ${count - 1}.`,
  )
}

/** The same numbers, each checked. An operation, so that a compiled program checks those of every call. */
export const checkedIndices: (indices: Value, args: IndexArgs) => Value = defineOp<IndexArgs>({
  name: 'checkedIndices',
  forward: (index, args) => (index === args.ignored ? 0 : checkIndex(index, args)),
  derivative: () => 0,
})
