/** What a check found, in words. */
import { showShape } from '../errors.ts'
import type { Value } from '../value.ts'
import { type Direction, indexOf } from './directions.ts'

/** The three slopes along one direction. */
export interface Comparison {
  readonly direction: Direction
  readonly reverse: number
  readonly forward: number
  readonly differences: number
  readonly noise: number
  readonly error: number
}

/** All comparisons of one order. */
export interface Outcome {
  readonly order: number
  readonly comparisons: readonly Comparison[]
  readonly worst: Comparison | undefined
  /** One-sided slopes at the worst place. */
  readonly slopes: readonly number[] | undefined
  /** Whether two calls with the same numbers gave the same result. */
  readonly repeatable: boolean
  readonly maxError: number
}

interface Setting {
  readonly names: readonly string[]
  readonly leaves: readonly Value[]
  readonly order: number
  readonly tolerance: number
}

const digits = (x: number): string => String(Number(x.toPrecision(12)))
const short = (x: number): string =>
  x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential(1) : String(Number(x.toPrecision(3)))

function place({ direction: { input, component } }: Comparison, { names, leaves }: Setting): string {
  const leaf = leaves[input] as Value
  if (component < 0) return `${names[input]}, a random direction through its ${leaf.size} elements`
  const at = leaf.rank === 0 ? '' : `, component ${showShape(indexOf(component, leaf.shape))}`
  return `${names[input]}${at}, where it is ${digits(leaf.data[component] as number)}`
}

/** Whether two slopes agree, seen coarsely. */
function near(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= Math.max(tolerance, 1e-4) * Math.max(Math.abs(a), Math.abs(b))
}

function ratio(c: Comparison): string {
  const factor = c.reverse / c.differences
  const known = [-1, 2, -2, 0.5, -0.5, 3, 4].find((f) => near(f, factor, 1e-4))
  return known === undefined ? '' : ` It is ${known} times what it should be.`
}

/** What the disagreement may mean. */
function meaning(c: Comparison, { slopes, repeatable }: Outcome, tolerance: number): string {
  if (!repeatable)
    return 'Two calls with the same numbers gave different results. Draw random numbers from a seed, outside the function.'
  if (![c.reverse, c.forward, c.differences].every(Number.isFinite)) {
    return 'A slope is not finite: the point lies at or beyond the border of the domain, or a rule divides by 0. detectAnomaly names the operation.'
  }
  const modes = near(c.reverse, c.forward, tolerance)
  if (!modes && near(c.reverse, c.differences, tolerance)) {
    return 'Only forward mode is off: look at the `push` rule or the `linearity` of an operation on the way.'
  }
  if (!modes && near(c.forward, c.differences, tolerance)) {
    return `Only reverse mode is off: look at the pullback (da, db) of an operation on the way.${ratio(c)}`
  }
  if (!modes) return 'Both modes are off, and differ: look at every rule of an operation on the way.'
  const [left = 0, right = 0] = slopes ?? []
  if (!near(left, right, 1e-2)) {
    return `The slope from the left is ${short(left)}, from the right ${short(right)}: a kink or a jump, where no gradient is the right one. Check next to it.`
  }
  if (c.reverse === 0) return 'No gradient arrives: detach, noGrad, item() or data cut the graph, or a rule gives 0.'
  return `Both modes agree with each other: a derivative rule is wrong.${ratio(c)}`
}

/** The inputs along which every slope is 0: perhaps the function does not use them. */
function idleOf(comparisons: readonly Comparison[], names: readonly string[]): string {
  const used = new Set(comparisons.filter((c) => c.reverse !== 0 || c.differences !== 0).map((c) => c.direction.input))
  const idle = [...new Set(comparisons.map((c) => c.direction.input))].filter((input) => !used.has(input))
  return idle.length === 0 ? '' : ` All slopes are 0 by ${idle.map((input) => names[input]).join(', ')}.`
}

/** One line when all is well; else the worst place, its three numbers, and what they may mean. */
export function reportOf(outcome: Outcome, setting: Setting): string {
  const { comparisons, worst, maxError, order } = outcome
  const { tolerance, names } = setting
  if (worst === undefined) return 'There is nothing to check: the inputs have no elements.'
  const inputs = `${names.length} input${names.length === 1 ? '' : 's'}`
  if (maxError <= tolerance) {
    const upTo = setting.order === 1 ? 'gradient is' : `derivatives up to order ${setting.order} are`
    const agree = `${comparisons.length} slope${comparisons.length === 1 ? '' : 's'} of ${inputs} agree to ${short(maxError)}`
    return `The ${upTo} correct: ${agree} (tolerance ${short(tolerance)}).${idleOf(comparisons, names)}`
  }
  const what = order === 1 ? 'gradient' : `derivative of order ${order}`
  const off = comparisons.filter((c) => !(c.error <= tolerance)).length
  return [
    `The ${what} is wrong at ${off} of ${comparisons.length} places of ${inputs}: the largest error is ${short(maxError)} (tolerance ${short(tolerance)}).`,
    `  Worst at ${place(worst, setting)}:`,
    `    reverse mode         ${digits(worst.reverse)}`,
    `    forward mode         ${digits(worst.forward)}`,
    `    central differences  ${digits(worst.differences)}`,
    `  ${meaning(worst, outcome, tolerance)}`,
  ].join('\n')
}
