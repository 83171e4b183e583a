/** Gradients put to the test: reverse mode against forward mode against central differences. */
import { GradientError } from '../errors.ts'
import { random } from '../random.ts'
import type { Loose } from '../transforms/structure.ts'
import type { Value } from '../value.ts'
import { differentiate, type Steps, sides } from './differences.ts'
import { type Direction, directionsOf } from './directions.ts'
import { placesOf } from './places.ts'
import { type Comparison, type Outcome, reportOf } from './report.ts'
import { along, gradientOf, pull, push, type Subject, subjectOf } from './subject.ts'

export interface CheckOptions {
  /** 1 checks the gradient; 2 checks the derivative of the gradient in a random direction too, and so on. */
  readonly order?: number
  /** The largest relative error to accept: 1e-6, or 2e-3 where float32 is among the inputs or results. */
  readonly tolerance?: number
  /** Of the random directions and cotangents. */
  readonly seed?: number
}

export interface GradientCheck {
  readonly ok: boolean
  /** The largest relative error. */
  readonly maxError: number
  /** What was compared; on failure the worst place, its three numbers, and what they may mean. */
  readonly report: string
}

/** The arguments as a list, or the only argument. */
export type Inputs<Args extends readonly unknown[]> = (Loose<Args> & readonly unknown[]) | Loose<Args[0]>

const float64: Steps = { first: 0.1, count: 26, epsilon: 2 ** -53, floor: 0.01, enough: 1e-9 }
const float32: Steps = { first: 0.25, count: 5, epsilon: 2 ** -24, floor: 0.01, enough: 1e-6 }

/**
 * Compares the gradient of `f` in reverse mode, in forward mode, and by extrapolated central differences. Small inputs
 * are checked in every component; of inputs with more than 32 elements 12 components and 4 random directions. A
 * result that is not a single number is reduced with a fixed random cotangent.
 * @param f A function of Values (or structures of them). It may also close over leaves, if these are the inputs.
 * @param inputs The list of arguments: numbers, arrays, Values, structures. Anything else than a list is the only
 * argument, and so is a list of several where `f` declares one parameter.
 * @returns Never throws for a wrong gradient: read `ok`, and `report`.
 * @throws GradientError when there are no inputs, or `f` returns no Value; DomainError for a seed that is not whole.
 * @example
 * checkGradients((x, y) => x.mul(y).sin(), [0.5, 2]).ok // true
 * checkGradients(() => mseLoss(model.forward(x), y), model.parameters()).maxError
 */
export function checkGradients<Args extends readonly Value[]>(
  f: (...args: Args) => unknown,
  inputs: Inputs<Args>,
  options?: CheckOptions,
): GradientCheck
export function checkGradients<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  inputs: Inputs<Args>,
  options?: CheckOptions,
): GradientCheck
export function checkGradients(f: () => unknown, leaves: readonly Value[], options?: CheckOptions): GradientCheck
export function checkGradients(
  f: (...args: never[]) => unknown,
  inputs: unknown,
  { order = 1, tolerance, seed = 1 }: CheckOptions = {},
): GradientCheck {
  if (!Number.isInteger(order) || order < 1) {
    throw new GradientError(`checkGradients: the order is ${order}. Give 1 for the gradient, 2 for its derivative too.`)
  }
  const single = !Array.isArray(inputs) || (f.length === 1 && inputs.length !== 1)
  const { leaves, names, args } = placesOf('checkGradients', single ? [inputs] : inputs)
  if (leaves.length === 0) {
    throw new GradientError('checkGradients: there are no inputs to differentiate by. Give the list of arguments.')
  }
  const stream = random(seed)
  const narrow = leaves.some((leaf) => leaf.dtype === 'float32')
  const steps = narrow ? float32 : float64
  const limit = tolerance ?? (narrow ? 2e-3 : 1e-6)
  const directions = directionsOf(leaves, stream)
  let subject = subjectOf(() => f(...(args as never[])), leaves, stream)
  let worst: Outcome | undefined
  for (let level = 1; level <= order; level++) {
    if (level > 1) subject = gradientOf(subject, stream)
    const outcome = examine(subject, directions, steps, limit)
    if (worst === undefined || !(outcome.maxError <= worst.maxError)) worst = { ...outcome, order: level }
    if (!(worst.maxError <= limit)) break
  }
  const { maxError } = worst as Outcome
  return {
    ok: maxError <= limit,
    maxError,
    report: reportOf(worst as Outcome, { names, leaves, order, tolerance: limit }),
  }
}

/** Compares in every direction. A function that does not repeat itself has an error of infinity. */
function examine(subject: Subject, directions: readonly Direction[], steps: Steps, tolerance: number): Outcome {
  const repeatable = Object.is(subject.number(), subject.number())
  const root = subject.root()
  const gradients = pull(root, subject.leaves, false)
  const comparisons = directions.map((direction): Comparison => {
    const { input, component, move } = direction
    const unit = unitOf(direction)
    const gradient = Float64Array.from((gradients[input] as Value).data)
    const reverse =
      component < 0
        ? gradient.reduce((sum, g, i) => sum + g * (move[i] as number), 0)
        : (gradient[component] as number) * unit
    const { slope, noise } = differentiate(along(subject, direction), steps)
    const forward = push(root, subject.leaves, direction)
    return {
      direction,
      reverse: reverse / unit,
      forward: forward / unit,
      differences: slope / unit,
      noise: noise / unit,
      error: 0,
    }
  })
  const sizes = new Map<number, number>()
  for (const c of comparisons) sizes.set(c.direction.input, Math.max(sizes.get(c.direction.input) ?? 0, sizeOf(c)))
  const judged = comparisons.map((c) => ({ ...c, error: errorOf(c, sizes.get(c.direction.input) ?? 0, tolerance) }))
  const worst = judged.reduce<Comparison | undefined>(
    (x, y) => (x === undefined || y.error > x.error ? y : x),
    undefined,
  )
  const slopes =
    worst && sides(along(subject, worst.direction), steps.epsilon).map((slope) => slope / unitOf(worst.direction))
  const maxError = repeatable ? (worst?.error ?? 0) : Number.POSITIVE_INFINITY
  return { order: 1, comparisons: judged, worst, slopes, repeatable, maxError }
}

/** Slopes by one component are given per unit of it; along a random direction, as they are. */
function unitOf({ component, move }: Direction): number {
  return component < 0 ? 1 : (move[component] as number)
}

function sizeOf({ reverse, differences }: Comparison): number {
  const size = Math.max(Math.abs(reverse), Math.abs(differences))
  return Number.isFinite(size) ? size : 0
}

/**
 * The disagreement relative to the slope itself, but to no less than 1/10⁴ of the largest slope of this input, nor to
 * what rounding leaves certain of the differences.
 */
function errorOf(c: Comparison, largest: number, tolerance: number): number {
  const apart = Math.max(Math.abs(c.reverse - c.differences), Math.abs(c.reverse - c.forward))
  if (apart === 0) return 0
  if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY
  return apart / (Math.max(sizeOf(c), 1e-4 * largest) + c.noise / tolerance)
}
