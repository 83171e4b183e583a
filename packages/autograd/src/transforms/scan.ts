/** A function run step after step over the rows of arrays, with a state that it hands on. */
import { DTypeError, GradientError, ShapeError, show, showShape } from '../errors.ts'
import { sameShape } from '../shape.ts'
import { type Value, values } from '../value.ts'
import { checkSynchronous } from './recording.ts'
import { runLoop } from './scanLoop.ts'
import type { Spec } from './scanSteps.ts'
import { type Loose, mapStructure, rebuild, type Valued, valuesLike, valuesOf } from './structure.ts'

export interface ScanOptions {
  /** How many steps there are; needed where no xs tell. */
  readonly length?: number
  /** Whether the last row comes first. What is kept of a step lies in the place of its row all the same. */
  readonly reverse?: boolean
}

/** What the function of a scan returns: the new state, and what is kept of the step. */
export interface ScanStep<Carry, Y> {
  readonly carry: NoInfer<Loose<Carry>>
  readonly y?: Y
}

/** The state after the last step, and what was kept of all steps, along a new axis 0. */
export interface Scanned<Carry, Y> {
  readonly carry: Carry
  readonly ys: Valued<Y>
}

/** How many steps there are. @throws ShapeError where the xs and `length` disagree, or tell nothing. */
function lengthOf(rows: readonly Value[], length: number | undefined): number {
  if (length !== undefined && (!Number.isInteger(length) || length < 1)) {
    throw new ShapeError(`scan: the length is ${show(length)}. Give a whole number of steps, 1 or more.`)
  }
  for (const x of rows) {
    if (x.rank === 0) {
      throw new ShapeError('scan: xs holds a single number. Give arrays that have the steps along axis 0.')
    }
  }
  const said = length ?? rows[0]?.shape[0]
  if (said === undefined) {
    throw new ShapeError('scan: there are no xs, so it cannot tell how many steps there are. Give { length }.')
  }
  const other = rows.find((x) => x.shape[0] !== said)
  if (other !== undefined) {
    const first = length === undefined ? `${said} in another` : `length: ${said}`
    throw new ShapeError(
      `scan: there are ${other.shape[0]} steps along axis 0 of ${showShape(other.shape)}, but ${first}. Give each of the xs the same number of rows.`,
    )
  }
  if (said === 0) throw new ShapeError('scan: there are no steps along axis 0 of the xs. Give at least one.')
  return said
}

/** The parts of the new state, which has the form of the old one. */
function nextCarries(template: unknown, old: readonly Value[], carry: unknown): Value[] {
  const next = valuesLike('scan', template, carry)
  next.forEach((x, i) => {
    const { shape, dtype } = old[i] as Value
    if (!sameShape(x.shape, shape)) {
      throw new ShapeError(
        `scan: the carry has the shape ${showShape(shape)} before a step and ${showShape(x.shape)} after it. Return it in the shape that it begins with.`,
      )
    }
    if (x.dtype !== dtype) {
      throw new DTypeError(
        `scan: the carry is ${dtype} before a step and ${x.dtype} after it. Begin with the dtype that the function returns.`,
      )
    }
  })
  return next
}

function checkStep(result: unknown): { readonly carry: unknown; readonly y?: unknown } {
  checkSynchronous('scan', result)
  if (typeof result === 'object' && result !== null && 'carry' in result) return result
  throw new GradientError(
    `scan: the function returned ${show(result)}. Return { carry, y }: the new state, and what to keep of the step.`,
  )
}

/**
 * Runs `f` step after step: from the state and a row of the xs to the new state and what is kept of the step. As a plain
 * loop would, but as one step of the graph: a gradient needs memory for the states, not for what happens inside, which
 * runs again; and a compiled function holds one step, however many there are. State, xs and y may be nested objects and
 * lists of Values; y may be left out. What `f` closes over gets its gradients as well. `f` has to do the same at each
 * step: what it depends on is its state, its row, and Values from outside.
 * @param init The state before the first step. The new state has its structure, shapes and dtypes.
 * @param xs Arrays with the steps along axis 0, or undefined with `length`.
 * @throws ShapeError or DTypeError where xs have different lengths or the state changes its form; GradientError when `f`
 * returns something else, or there is no Value in the state, the xs or the results.
 * @example
 * const sum = scan((total, x) => ({ carry: total.add(x), y: total }), 0, [1, 2, 3])
 * // { carry: 6, ys: [0, 1, 3] }, both Values
 */
export function scan<Carry, X, Y = undefined>(
  f: (carry: NoInfer<Valued<Carry>>, x: NoInfer<Valued<X>>) => ScanStep<Valued<Carry>, Y>,
  init: Carry,
  xs: X,
  { length, reverse = false }: ScanOptions = {},
): Scanned<Valued<Carry>, Y> {
  if (typeof f !== 'function') throw new GradientError(`scan: got ${show(f)}. Give a function of the state and a row.`)
  const inits = valuesOf('scan', init)
  const rows = valuesOf('scan', xs)
  const steps = lengthOf(rows, length)
  if (inits.length + rows.length === 0) {
    throw new GradientError(
      `scan: there is no Value in ${show(init)} and ${show(xs)}. Give one in the state or the xs.`,
    )
  }
  // The structures without their Values, which would keep their graphs alive.
  const [carryForm, xForm] = [init, xs].map((x) => mapStructure('scan', x, () => values.constant(0)))
  let yForm: unknown
  const spec: Spec = {
    carries: inits.length,
    length: steps,
    reverse,
    step: (list) => {
      const old = list.slice(0, inits.length)
      const carry = rebuild('scan', carryForm, old) as Valued<Carry>
      const x = rebuild('scan', xForm, list.slice(inits.length)) as Valued<X>
      const result = checkStep(f(carry, x))
      const ys = valuesOf('scan', result.y)
      if (inits.length + ys.length === 0) {
        throw new GradientError('scan: the function returned no Value, in the state or in y. Return Values.')
      }
      yForm = mapStructure('scan', result.y, () => values.constant(0))
      return [...nextCarries(carryForm, old, result.carry), ...ys]
    },
  }
  const results = runLoop(spec, inits, rows)
  const carry = rebuild('scan', carryForm, results.slice(0, inits.length)) as Valued<Carry>
  return { carry, ys: rebuild('scan', yForm, results.slice(inits.length)) as Valued<Y> }
}
