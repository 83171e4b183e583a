/** Margins around an array. */
import { filled } from '../data.ts'
import { DomainError, ShapeError, show, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import type { Shape } from '../shape.ts'
import { indexVector } from './parts.ts'

/** What a margin holds: one number, the mirror image (without the edge), the edge, or the other end. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular'

/** Elements before and after, one pair an axis, leading axes first. */
export type PadPairs = readonly (readonly [before: number, after: number])[]

/** The element of a line of n that stands at place i, which may be outside. */
const places: { readonly [mode in Exclude<PadMode, 'constant'>]: (i: number, n: number) => number } = {
  replicate: (i, n) => Math.min(Math.max(i, 0), n - 1),
  circular: (i, n) => ((i % n) + n) % n,
  reflect: (i, n) => {
    const period = Math.max(2 * (n - 1), 1)
    const at = ((i % period) + period) % period
    return Math.min(at, period - at) % n
  },
}

function checkPairs(shape: Shape, pairs: PadPairs, mode: PadMode): void {
  if (mode !== 'constant' && !Object.hasOwn(places, mode)) {
    throw new DomainError(`pad: there is no mode ${show(mode)}. Use 'constant', 'reflect', 'replicate' or 'circular'.`)
  }
  if (pairs.length > shape.length) {
    throw new ShapeError(
      `pad: ${pairs.length} pairs for the shape ${showShape(shape)}. Give at most one [before, after] an axis.`,
    )
  }
  pairs.forEach((pair, axis) => {
    if (pair.length !== 2 || pair.some((n) => !Number.isInteger(n) || n < 0)) {
      throw new ShapeError(
        `pad: ${showShape(pair)} is no pair of margins. Give [before, after], whole numbers, 0 or more; slice cuts off.`,
      )
    }
    if (mode !== 'constant' && shape[axis] === 0 && pair[0] + pair[1] > 0) {
      throw new ShapeError(
        `pad: axis ${axis} of ${showShape(shape)} has no element to fill a margin with in mode '${mode}'. Use 'constant'.`,
      )
    }
  })
}

/**
 * The array with `before` and `after` more elements along its leading axes: `value`, or as `mode` says.
 * @throws ShapeError for negative amounts or too many pairs; DomainError for an unknown mode.
 */
export function pad<T>(k: Carrier<T>, x: T, pairs: PadPairs, value = 0, mode: PadMode = 'constant'): T {
  const shape = k.shape(x)
  checkPairs(shape, pairs, mode)
  if (mode !== 'constant') {
    return pairs.reduce((y: T, [before, after], axis) => {
      const n = shape[axis] as number
      const line = Array.from({ length: before + n + after }, (_, i) => places[mode](i - before, n))
      return before + after === 0 ? y : k.take(y, indexVector(k, line), axis)
    }, x)
  }
  const margins = shape.map((_, axis) => pairs[axis] ?? [0, 0])
  const inside = {
    start: margins.map(([before]) => before),
    step: shape.map(() => 1),
    shape: shape.map((n, axis) => n + (margins[axis]?.[0] ?? 0) + (margins[axis]?.[1] ?? 0)),
  }
  const padded = k.unslice(x, inside)
  if (value === 0) return padded
  return k.where(k.unslice(k.constant(filled(shape, 1, 'float64')), inside), padded, value)
}
