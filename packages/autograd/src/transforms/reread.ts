/** Numbers that a compiled function reads anew at each call. */
import { type DType, filled } from '../data.ts'
import { drawnLater } from '../draws.ts'
import { mode } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { make, type Value } from '../value.ts'

/**
 * The number that `read` answers, as a constant; in a compiled function it is read at each call, where any other number
 * of JavaScript would stay what it was at the first. For what changes from step to step, as a learning rate does.
 * @example parameter.assign(parameter.sub(parameter.grad.mul(reread(() => options.learningRate, parameter.dtype))))
 */
export function reread(read: () => number, dtype: DType = 'float64'): Value {
  const raw = filled([], read(), dtype)
  if (mode.compiling === undefined && mode.again === undefined) return make(CONSTANT, raw, 0, 0, undefined)
  return drawnLater(raw, () => [read()])
}
