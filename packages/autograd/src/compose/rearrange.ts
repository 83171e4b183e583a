/** Elements reversed, rotated and repeated along the axes. */
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { type Axes, normalizeAxes, normalizeAxis } from '../shape.ts'
import { along, checkCount, checkWhole, resized } from './parts.ts'
import { flatten } from './shape.ts'

/** Reversed along the axes (default: along all). */
export function flip<T>(k: Carrier<T>, x: T, axis?: Axes): T {
  const shape = k.shape(x)
  const axes = normalizeAxes('flip', axis, shape.length)
  return k.slice(x, {
    start: shape.map((n, d) => (axes.includes(d) ? n - 1 : 0)),
    step: shape.map((_, d) => (axes.includes(d) ? -1 : 1)),
    shape,
  })
}

function rollOne<T>(k: Carrier<T>, x: T, shift: number, d: number): T {
  const n = k.shape(x)[d] as number
  const s = n === 0 ? 0 : ((shift % n) + n) % n
  return s === 0 ? x : k.concat([along(k, x, d, n - s, s), along(k, x, d, 0, n - s)], d)
}

/**
 * Moved `shift` places towards the end of the axis; what leaves it comes in at its start. Several shifts go with as
 * many axes; without an axis the elements move in row-major order.
 * @throws ShapeError
 */
export function roll<T>(k: Carrier<T>, x: T, shift: number | readonly number[], axis?: Axes): T {
  const shifts = typeof shift === 'number' ? [shift] : shift
  for (const s of shifts) checkWhole('roll', 'the shift', s)
  if (axis === undefined) {
    const total = shifts.reduce((a, b) => a + b, 0)
    return k.reshape(rollOne(k, flatten(k, x), total, 0), k.shape(x))
  }
  const axes = typeof axis === 'number' ? [axis] : axis
  if (axes.length !== shifts.length) {
    throw new ShapeError(
      `roll: the shifts ${showShape(shifts)} do not go with the axes ${showShape(axes)}. Give one shift for each axis.`,
    )
  }
  const rank = k.shape(x).length
  return axes.reduce((y: T, one, i) => rollOne(k, y, shifts[i] as number, normalizeAxis('roll', one, rank)), x)
}

/** The whole array laid `reps` times along its axes; the shorter of the two lists is filled up with 1 at the left. */
export function tile<T>(k: Carrier<T>, x: T, reps: number | readonly number[]): T {
  const given = typeof reps === 'number' ? [reps] : reps
  for (const n of given) checkCount('tile', 'a number of repetitions', n)
  const own = k.shape(x)
  const rank = Math.max(own.length, given.length)
  const fill = (list: readonly number[]): number[] => [...new Array<number>(rank - list.length).fill(1), ...list]
  const shape = fill(own)
  const times = fill(given)
  const spread = k.broadcastTo(
    k.reshape(
      x,
      shape.flatMap((n) => [1, n]),
    ),
    shape.flatMap((n, d) => [times[d] as number, n]),
  )
  return k.reshape(
    spread,
    shape.map((n, d) => n * (times[d] as number)),
  )
}

/** Each element `n` times in a row along the axis (default: of the flattened array). @throws ShapeError */
export function repeat<T>(k: Carrier<T>, x: T, n: number, axis?: number): T {
  checkCount('repeat', 'the number of repetitions', n)
  const y = axis === undefined ? flatten(k, x) : x
  const shape = k.shape(y)
  const d = normalizeAxis('repeat', axis ?? 0, shape.length)
  const [before, size, after] = [shape.slice(0, d), shape[d] as number, shape.slice(d + 1)]
  const spread = k.broadcastTo(k.reshape(y, [...before, size, 1, ...after]), [...before, size, n, ...after])
  return k.reshape(spread, resized(shape, d, size * n))
}
