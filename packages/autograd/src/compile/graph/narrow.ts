/**
 * Single operations in float64 on numbers of float32, rounded to float32 at once: done in float32, with twice the lanes.
 * Gradients ask for them where a constant of the rule is a float64 scalar. The results differ by a rounding at most.
 */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Shape } from '../../shape.ts'
import { type Expression, type Maker, uniformOf } from './expression.ts'

const narrowable: ReadonlySet<Op> = new Set<Op>([
  table.add,
  table.sub,
  table.mul,
  table.mulNoNan,
  table.div,
  table.neg,
] as Op[])

/** The cast of the expression to float32 as an operation in float32, or undefined. */
export function narrowed(build: Maker, x: Expression, shape: Shape): Expression | undefined {
  if (x.op === null || !narrowable.has(x.op)) return undefined
  const inputs = x.inputs.map((input) => inFloat32(build, input))
  if (!inputs.every((input) => input !== undefined) || !x.inputs.some(({ dtype }) => dtype === 'float32'))
    return undefined
  return build.apply(x.op, inputs as Expression[], x.args, shape, 'float32')
}

/** The expression itself, or a number that neither vanishes nor overflows in float32. */
function inFloat32(build: Maker, x: Expression): Expression | undefined {
  if (x.dtype === 'float32') return x
  const value = uniformOf(x)
  if (value === undefined) return undefined
  const size = Math.abs(Math.fround(value))
  const isSafe = value === 0 || (size >= 2 ** -126 && size < Number.POSITIVE_INFINITY)
  return isSafe ? build.uniform(value, x.shape, 'float32') : undefined
}
