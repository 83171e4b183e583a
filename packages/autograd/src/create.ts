/** Values from numbers: leaves, constants, and the usual fillings. */
import { type ArrayLike, checkDType, type DType, filled, readData } from './data.ts'
import { DomainError, DTypeError, ShapeError, show } from './errors.ts'
import { checkOptions } from './guard.ts'
import { CONSTANT, LEAF } from './op.ts'
import { checkShape, type Shape } from './shape.ts'
import { make, Value } from './value.ts'

export interface CreateOptions {
  readonly dtype?: DType
  /** Reads a flat list of numbers as an array of this shape. */
  readonly shape?: Shape
  /** A name for messages and pictures. */
  readonly label?: string
}

const created = ['dtype', 'shape', 'label']
const none: CreateOptions = {}

export interface FillOptions {
  readonly dtype?: DType
}

const fillings = ['dtype']

/** The dtype in the options of a filling. @throws DTypeError for other options. */
export function readDType(op: string, options: FillOptions | undefined): DType | undefined {
  checkOptions(op, options, fillings)
  return options?.dtype
}

/**
 * A differentiable leaf.
 * @param x A number, nested arrays, a Float64Array or a Float32Array (which is float32); typed arrays are copied.
 * @throws ShapeError for ragged arrays or too few numbers for the shape; DTypeError for an unknown dtype or option.
 * @example
 * value(3)
 * value([[1, 2], [3, 4]], { dtype: 'float32', label: 'w' })
 */
export function value(x: ArrayLike | Value, options?: CreateOptions): Value {
  return leaf('value', x, options, true)
}

/** The same as `value`, without gradient. */
export function constant(x: ArrayLike | Value, options?: CreateOptions): Value {
  return leaf('constant', x, options, false)
}

function leaf(op: string, x: ArrayLike | Value, options: CreateOptions | undefined, live: boolean): Value {
  checkOptions(op, options, created)
  const { dtype, shape, label } = options ?? none
  const source = x instanceof Value ? x.data : x
  const own = x instanceof Value ? (shape ?? x.shape) : shape
  const made = make(live ? LEAF : CONSTANT, readData(op, source, dtype, own), 0, 0, undefined)
  return label === undefined ? made : made.withLabel(label)
}

function fill(op: string, shape: Shape, x: number, options: FillOptions | undefined): Value {
  const dtype = readDType(op, options) ?? 'float64'
  checkShape(op, shape)
  checkDType(op, dtype)
  if (typeof x !== 'number') throw new DTypeError(`${op}: got ${show(x)} to fill with. Give a number.`)
  return make(CONSTANT, filled(shape.slice(), x, dtype), 0, 0, undefined)
}

/** An array filled with one number. @example full([2, 3], 0.5) */
export function full(shape: Shape, x: number, options?: FillOptions): Value {
  return fill('full', shape, x, options)
}

/** Zeros of a shape. @example zeros([2, 3]) */
export function zeros(shape: Shape, options?: FillOptions): Value {
  return fill('zeros', shape, 0, options)
}

/** Ones of a shape. @example ones([2, 3], { dtype: 'float32' }) */
export function ones(shape: Shape, options?: FillOptions): Value {
  return fill('ones', shape, 1, options)
}

/** The identity matrix of n rows. */
export function eye(n: number, options?: FillOptions): Value {
  const dtype = readDType('eye', options) ?? 'float64'
  checkShape('eye', [n, n])
  return constant(
    Array.from({ length: n * n }, (_, e) => (e % (n + 1) === 0 ? 1 : 0)),
    { dtype, shape: [n, n] },
  )
}

/** start, start + step, … below stop (above it for a negative step). With one argument: 0 … below it. */
export function arange(start: number, stop?: number, step = 1, options?: FillOptions): Value {
  const dtype = readDType('arange', options) ?? 'float64'
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  if (step === 0 || !Number.isFinite((to - from) / step)) {
    throw new DomainError(`arange: from ${from} to ${to} in steps of ${step} has no end. Give a step that leads there.`)
  }
  const n = Math.max(0, Math.ceil((to - from) / step))
  return constant(
    Array.from({ length: n }, (_, i) => from + i * step),
    { dtype },
  )
}

/** n numbers from a to b, both included, evenly spaced. */
export function linspace(a: number, b: number, n: number, options?: FillOptions): Value {
  const dtype = readDType('linspace', options) ?? 'float64'
  if (!Number.isInteger(n) || n < 0)
    throw new ShapeError(`linspace: ${n} is not a count of numbers. Give a whole number, 0 or more.`)
  const at = (i: number): number => (i === n - 1 && n > 1 ? b : a + (b - a) * (i / Math.max(1, n - 1)))
  return constant(
    Array.from({ length: n }, (_, i) => at(i)),
    { dtype },
  )
}
