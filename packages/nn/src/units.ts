/** What units and layers of units are made with: options, checks, and the drawing of weights. */
import { DomainError, type DType, DTypeError, type Random, ShapeError, Value, value } from '@adjoint/autograd'
import type { Activation, ActivationName } from './activation.ts'
import { checkRandom, defaultRandom, type InitName, readInit } from './init.ts'
import { fanInUniform, type Initializer, uniform, zeros } from './initializers.ts'
import { showShape } from './input.ts'
import { type Names, show } from './options.ts'

export interface WeightOptions {
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean
  /** How weights begin. Default: uniform on ±1/√inputs, for the bias too, as in PyTorch; with `init` the bias begins at 0. */
  readonly init?: InitName | Initializer
  /** Where the random numbers come from. Default: one stream for all modules, seeded with 0. */
  readonly random?: Random
  /** Default: 'float64'. */
  readonly dtype?: DType
}

export interface UnitOptions extends WeightOptions {
  readonly activation?: ActivationName | Activation
}

export const weightOptions: Names<WeightOptions> = { bias: true, init: true, random: true, dtype: true }
export const unitOptions: Names<UnitOptions> = { activation: true, ...weightOptions }

/** @throws DomainError, DTypeError for options that no weights can be drawn with. */
export function checkWeights(owner: string, { init, random, dtype }: WeightOptions): void {
  if (init !== undefined) readInit(owner, init)
  checkRandom(owner, random)
  checkDType(owner, dtype)
}

/** @throws DTypeError for a dtype that does not exist. */
export function checkDType(owner: string, dtype: DType | undefined): void {
  if (dtype === undefined || dtype === 'float64' || dtype === 'float32') return
  throw new DTypeError(`${owner}: the dtype ${show(dtype)} is unknown. Use 'float64' or 'float32'.`)
}

export interface Weights {
  readonly weight: Value
  readonly bias: Value | undefined
}

/** Draws a weight of the shape, then its bias, which has one number a unit. */
export function drawWeights(
  owner: string,
  weightShape: readonly number[],
  biasShape: readonly number[],
  options: WeightOptions,
): Weights {
  checkWeights(owner, options)
  const { bias = true, init, random = defaultRandom(), dtype = 'float64' } = options
  const weight = draw(owner, init ?? fanInUniform(), weightShape, random, dtype)
  if (!bias) return { weight, bias: undefined }
  const inputs = weightShape.slice(weightShape.length > 1 ? 1 : 0).reduce((product, n) => product * n, 1)
  const bound = 1 / Math.sqrt(Math.max(inputs, 1))
  const biasInit = init === undefined ? uniform(-bound, bound) : zeros()
  return { weight, bias: draw(owner, biasInit, biasShape, random, dtype) }
}

/** A parameter as the initialiser begins it. @throws DomainError for an initialiser that gives another shape. */
export function draw(
  owner: string,
  init: InitName | Initializer,
  shape: readonly number[],
  random: Random,
  dtype: DType,
): Value {
  const first: unknown = readInit(owner, init)(shape, random, dtype)
  if (first instanceof Value && first.rank === shape.length && first.shape.every((n, axis) => n === shape[axis])) {
    return value(first, { dtype })
  }
  const got = first instanceof Value ? `an array of shape ${showShape(first.shape)}` : show(first)
  throw new DomainError(
    `${owner}: the initialiser gave ${got} for the shape ${showShape(shape)}. Give a function (shape, random, dtype) => Value, as init.xavierNormal() makes.`,
  )
}

/** @throws DomainError unless the size is a whole number, 1 or more. */
export function checkSize(owner: string, what: string, size: number): number {
  if (!Number.isInteger(size) || size < 1) {
    throw new DomainError(`${owner}: the number of ${what} is ${show(size)}. Give a whole number, 1 or more.`)
  }
  return size
}

/** @throws DomainError unless it is one whole number, `least` or more, or such a one for each dimension. */
export function checkSpan(owner: string, what: string, size: unknown, dimensions: number, least: number): void {
  const list: readonly unknown[] = Array.isArray(size) ? size : [size]
  const fits = list.every((n) => Number.isInteger(n) && (n as number) >= least)
  if (fits && (!Array.isArray(size) || size.length === dimensions)) return
  const got = Array.isArray(size) ? showShape(size) : show(size)
  const form = dimensions === 1 ? 'a whole number' : `a whole number, or ${dimensions} of them`
  throw new DomainError(`${owner}: ${what} is ${got}. Give ${form}, ${least} or more.`)
}

/** @throws ShapeError unless the last axis of x has the size of the inputs. */
export function checkInputs(owner: string, x: Value, inputs: number): void {
  if (x.shape[x.rank - 1] !== inputs) {
    throw new ShapeError(
      `${owner}: it has ${inputs} inputs, got an array of shape ${showShape(x.shape)}. The last axis has size ${inputs}: one example [${inputs}], or a batch [n, ${inputs}].`,
    )
  }
}
