/** Numbers that each run of a compiled function draws or reads anew, and that its gradient meets again. */
import { type Data, shapeOf } from './data.ts'
import { GradientError, showShape } from './errors.ts'
import { mode } from './node.ts'
import { FIXED } from './op.ts'
import { type Shape, sameShape } from './shape.ts'
import { make, type Value } from './value.ts'

/**
 * While a function is compiled: a stand-in for numbers that each run of the program gets from `fill`. While one runs
 * again for its gradient: the numbers that it got at this place the first time.
 * @throws GradientError where it draws others than the first time.
 */
export function drawnLater(standIn: Data, fill: () => ArrayLike<number>): Value {
  const before = drawnBefore(shapeOf(standIn))
  if (before !== undefined) return before
  const node = make(FIXED, standIn, 0, 0, undefined)
  mode.compiling?.draws.push({ node, fill })
  return node
}

function drawnBefore(shape: Shape): Value | undefined {
  if (mode.again === undefined) return undefined
  const { done, value: before } = mode.again.drawn.next()
  if (done !== true && sameShape(shapeOf(before.raw), shape)) return before as Value
  throw new GradientError(
    `random: the function draws numbers of shape ${showShape(shape)} when it runs again for its gradient, but not the first time. Let it draw the same each time.`,
  )
}

/** Runs `f`, whose draws are not those of the function that runs again. */
export function drawingApart<R>(f: () => R): R {
  const { again } = mode
  mode.again = undefined
  try {
    return f()
  } finally {
    mode.again = again
  }
}
