/** L-BFGS: Newton's method with the curvature learnt from the last steps. Liu & Nocedal 1989. */
import { DomainError, GradientError, ShapeError, Value } from '@adjoint/autograd'
import { showShape } from '../input.ts'
import { checkOptions, complete, show } from '../options.ts'
import { type Pair, quasiNewtonDirection, remember } from './curvature.ts'
import { dot, flatGradient, flatNumbers, maxAbs, placeAt, sumAbs } from './flat.ts'
import { type Parameters, readGroups } from './groups.ts'
import { check, defaults, type LBFGSOptions } from './lbfgsOptions.ts'
import { strongWolfe, type Trial } from './lineSearch.ts'

/** What is known after a step, as plain numbers. */
export interface LBFGSMemory {
  readonly iterations: number
  readonly evaluations: number
  readonly direction: readonly number[]
  readonly t: number
  readonly scale: number
  readonly gradient: readonly number[]
  readonly steps: readonly (readonly number[])[]
  readonly changes: readonly (readonly number[])[]
}

export interface LBFGSState {
  readonly groups: readonly Readonly<Record<string, unknown>>[]
  /** null before the first step. */
  readonly memory: LBFGSMemory | null
}

/** Where the next iteration goes on from. */
interface Progress {
  iterations: number
  evaluations: number
  direction: Float64Array
  t: number
  scale: number
  /** The gradient that the direction came from. */
  gradient: Float64Array
  readonly pairs: Pair[]
}

/**
 * Minimises over all parameters at once: several iterations a step(), each along −H·gradient. For smooth losses of the
 * whole data; it needs the closure, to evaluate the loss anew.
 * @example
 * const optimizer = new LBFGS(model.parameters(), { lineSearch: 'strongWolfe' })
 * optimizer.step(() => {
 *   optimizer.zeroGrad()
 *   const loss = mseLoss(model.forward(x), y)
 *   loss.backward()
 *   return loss
 * })
 */
export class LBFGS {
  /** One group; schedules and users may change the options in here. */
  readonly groups: readonly [LBFGSOptions & { readonly parameters: readonly Value[] }]
  private progress: Progress | undefined

  /** @throws DomainError for no parameters, several groups, options unknown or out of range. */
  constructor(parameters: Parameters<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    const [group, ...more] = readGroups('LBFGS', parameters)
    if (group === undefined || more.length > 0) {
      throw new DomainError(
        `LBFGS: got ${more.length + 1} groups. Give it one: its direction is for all parameters together.`,
      )
    }
    checkOptions('LBFGS', options, defaults)
    checkOptions('LBFGS', group, { ...defaults, parameters: true })
    const given = complete<LBFGSOptions>(defaults, options, group)
    const maxEval = group.maxEval ?? options.maxEval ?? Math.floor((given.maxIter * 5) / 4)
    this.groups = [{ ...given, maxEval, parameters: group.parameters }]
    check(this.groups[0])
  }

  /**
   * @param closure Clears the gradients, computes the loss and its gradients anew, and returns the loss.
   * @returns The loss before the step.
   * @throws DomainError without a closure; GradientError when it leaves no gradient.
   */
  step(closure?: () => Value): Value {
    if (typeof closure !== 'function') {
      throw new DomainError(
        `LBFGS: step got ${closure === undefined ? 'no closure' : show(closure)}. Give a function that calls zeroGrad(), computes the loss, calls backward() and returns the loss.`,
      )
    }
    const [{ parameters, maxIter, maxEval, toleranceGrad, toleranceChange }] = this.groups
    const before = evaluate(closure)
    if (!parameters.some(({ hasGrad }) => hasGrad)) {
      throw new GradientError(
        `LBFGS: step found no gradient on any of its ${parameters.length} parameters. Call backward() on the loss in the closure, and give the optimizer the parameters of the model that made the loss.`,
      )
    }
    let here: Point = { loss: before.item(), gradient: flatGradient(parameters) }
    if (this.progress !== undefined) this.progress.evaluations++
    let evaluations = 1
    for (let iteration = 1; iteration <= maxIter && maxAbs(here.gradient) > toleranceGrad; iteration++) {
      const progress = this.turn(here.gradient)
      const slope = dot(here.gradient, progress.direction)
      if (slope > -toleranceChange) break
      const last = iteration === maxIter
      const moved = this.move(progress, { ...here, t: 0, slope }, closure, last)
      progress.evaluations += moved.evaluations
      evaluations += moved.evaluations
      const change = Math.abs(moved.loss - here.loss)
      here = moved
      if (last || evaluations >= maxEval) break
      if (maxAbs(progress.direction) * Math.abs(progress.t) <= toleranceChange || change < toleranceChange) break
    }
    return before
  }

  /** Chooses the next direction and the first length along it. */
  private turn(gradient: Float64Array): Progress {
    const [{ learningRate, historySize }] = this.groups
    const before = this.progress
    if (before === undefined) {
      const direction = gradient.map((g) => -g)
      const t = Math.min(1, 1 / sumAbs(gradient)) * learningRate
      this.progress = { iterations: 1, evaluations: 1, direction, t, scale: 1, gradient, pairs: [] }
      return this.progress
    }
    const change = gradient.map((g, i) => g - (before.gradient[i] as number))
    const step = before.direction.map((d) => d * before.t)
    if (remember(before.pairs, { step, change }, historySize)) before.scale = dot(change, step) / dot(change, change)
    before.iterations++
    before.direction = quasiNewtonDirection(before.pairs, before.scale, gradient)
    before.gradient = gradient
    before.t = learningRate
    return before
  }

  /** Moves the parameters along the direction; tells what is found there. */
  private move(progress: Progress, start: Trial, closure: () => Value, last: boolean): Moved {
    const [{ parameters, lineSearch, toleranceChange }] = this.groups
    const { direction } = progress
    const origin = flatNumbers(parameters)
    const trial = (t: number): Trial => {
      placeAt(parameters, origin, t, direction)
      const loss = evaluate(closure).item()
      const gradient = flatGradient(parameters)
      return { t, loss, gradient, slope: dot(gradient, direction) }
    }
    if (lineSearch === 'strongWolfe') {
      const { found, evaluations } = strongWolfe(start, progress.t, trial, maxAbs(direction), toleranceChange)
      progress.t = found.t
      placeAt(parameters, origin, found.t, direction)
      return { ...found, evaluations }
    }
    // Nobody would look at the loss after the last iteration.
    if (!last) return { ...trial(progress.t), evaluations: 1 }
    placeAt(parameters, origin, progress.t, direction)
    return { ...start, evaluations: 0 }
  }

  /** Forgets the gradient of every parameter. */
  zeroGrad(): void {
    for (const parameter of this.groups[0].parameters) parameter.zeroGrad()
  }

  /** A snapshot of the options and of what is known of the curvature, as plain numbers. */
  stateDict(): LBFGSState {
    const { parameters: _, ...options } = this.groups[0]
    if (this.progress === undefined) return { groups: [{ ...options }], memory: null }
    const { pairs, direction, gradient, ...numbers } = this.progress
    const memory = {
      ...numbers,
      direction: Array.from(direction),
      gradient: Array.from(gradient),
      steps: pairs.map(({ step }) => Array.from(step)),
      changes: pairs.map(({ change }) => Array.from(change)),
    }
    return { groups: [{ ...options }], memory }
  }

  /**
   * Puts a snapshot back, or none of it.
   * @throws DomainError for what is no state, or another optimizer's, or an option out of range; ShapeError when the
   * parameters differ.
   */
  loadStateDict(state: LBFGSState): this {
    const { groups, memory }: Partial<LBFGSState> = state ?? {}
    if (!Array.isArray(groups) || memory === undefined) {
      throw new DomainError(
        `loadStateDict: got ${show(state)} without groups and memory. Give the stateDict() of an LBFGS.`,
      )
    }
    const { parameters: _, ...own } = this.groups[0]
    const options = { lineSearch: undefined, ...groups[0] }
    checkOptions('loadStateDict (LBFGS)', options, own)
    check({ ...own, ...options })
    const size = this.groups[0].parameters.reduce((sum, parameter) => sum + parameter.size, 0)
    if (memory !== null) {
      checkMemory(memory)
      const wrong = [memory.direction, memory.gradient, ...memory.steps, ...memory.changes].find(
        (x) => x.length !== size,
      )
      if (wrong !== undefined || memory.steps.length !== memory.changes.length) {
        throw new ShapeError(
          `loadStateDict: the state is of ${wrong?.length ?? 'unequal numbers of'} numbers, the parameters of this LBFGS have ${size}. Give it the same parameters.`,
        )
      }
    }
    Object.assign(this.groups[0], options)
    this.progress = memory === null ? undefined : readMemory(memory)
    return this
  }
}

/** The loss, once more. @throws DomainError for a closure that returns something else. */
function evaluate(closure: () => Value): Value {
  const loss: unknown = closure()
  if (loss instanceof Value && loss.size === 1) return loss
  const got = loss instanceof Value ? `a Value of shape ${showShape(loss.shape)}` : show(loss)
  throw new DomainError(`LBFGS: the closure returned ${got}. Return the loss, a Value of one number.`)
}

interface Point {
  readonly loss: number
  readonly gradient: Float64Array
}

interface Moved extends Point {
  readonly evaluations: number
}

function readMemory({ direction, gradient, steps, changes, ...numbers }: LBFGSMemory): Progress {
  return {
    ...numbers,
    direction: Float64Array.from(direction),
    gradient: Float64Array.from(gradient),
    pairs: steps.map((step, i) => ({ step: Float64Array.from(step), change: Float64Array.from(changes[i] ?? []) })),
  }
}

/** @throws DomainError for what is no memory of an LBFGS. */
function checkMemory(memory: LBFGSMemory): void {
  const isNumbers = (x: unknown): boolean => Array.isArray(x) && x.every((number) => typeof number === 'number')
  const lists = (x: unknown): boolean => Array.isArray(x) && x.every(isNumbers)
  const { direction, gradient, steps, changes, ...numbers } = memory
  const { iterations, evaluations, t, scale } = numbers
  const known = [iterations, evaluations, t, scale].every((x) => typeof x === 'number')
  if (known && lists([direction, gradient]) && lists(steps) && lists(changes)) return
  throw new DomainError(
    `loadStateDict: the memory is ${show(memory)} without the steps and gradients of an LBFGS. Give the stateDict() of one.`,
  )
}
