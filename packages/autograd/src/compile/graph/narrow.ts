/**
 * Single operations in float64 on numbers of float32, rounded to float32 at once: done in float32, with twice the lanes.
 * Gradients ask for them where a constant of the rule is a float64 scalar. The results differ by a rounding at most.
 */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Shape } from '../../shape.ts'
import { type Expression, type Maker, uniformOf } from './expression.ts'

/** Whether a constant among the inputs may be rounded: a factor then is off by a rounding, as the result is. */
const narrowable: ReadonlyMap<Op, boolean> = new Map<Op, boolean>([
  [table.mul as Op, true],
  [table.mulNoNan as Op, true],
  [table.div as Op, true],
  [table.neg as Op, true],
  [table.add as Op, false],
  [table.sub as Op, false],
])

/** The cast of the expression to float32 as an operation in float32, or undefined. */
export function narrowed(build: Maker, x: Expression, shape: Shape): Expression | undefined {
  const rounds = x.op === null ? undefined : narrowable.get(x.op)
  if (x.op === null || rounds === undefined || x.inputs.every(({ dtype }) => dtype === 'float64')) return undefined
  const inputs = x.inputs.map((input) => inFloat32(build, input, rounds))
  if (!inputs.every((input) => input !== undefined)) return undefined
  return build.apply(x.op, inputs, x.args, shape, 'float32')
}

/** The expression itself, or a number that neither vanishes nor overflows in float32. */
function inFloat32(build: Maker, x: Expression, rounds: boolean): Expression | undefined {
  if (x.dtype === 'float32') return x
  const value = uniformOf(x)
  if (value === undefined) return undefined
  const size = Math.abs(Math.fround(value))
  const isSafe = Math.fround(value) === value || (rounds && size >= 2 ** -126 && size < Number.POSITIVE_INFINITY)
  return isSafe ? build.uniform(value, x.shape, 'float32') : undefined
}
