/**
 * Backpropagation over a flat trace as it stands, by the rules of the records: what a program of its gradient has to
 * give. It runs once, in code that is not optimised yet, so the loop calls nothing but rules.
 */
import { numeric } from '../../carriers/numeric.ts'
import { NONE } from '../reroll/flat.ts'
import type { Traced } from './needed.ts'

/** The derivative of a result by each id, where the inputs are `x`. */
export function sweep({ trace, values }: Traced, x: ArrayLike<number>, output: number): Float64Array {
  const { inputs, count, kind, kinds, a, b, c, constants } = trace
  const cotangents = new Float64Array(count)
  // A node that no share has reached hands none on, not even 0.
  const reached = new Uint8Array(count)
  if (output >= 0) {
    cotangents[output] = 1
    reached[output] = 1
  }
  // Behind the numbers of the ids those of the constants: −1 − k stands for the place count + k.
  const numbers = new Float64Array(count + constants.length)
  numbers.set(values)
  numbers.set(x)
  numbers.set(constants, count)
  const last = count - 1
  for (let id = last; id >= inputs; id--) {
    if (reached[id] === 0) continue
    const { op, args } = kinds[kind[id] as number] as (typeof kinds)[number]
    const g = cotangents[id] as number
    const y = numbers[id] as number
    const i = a[id] as number
    const j = b[id] as number
    const first = numbers[i < 0 ? last - i : i] as number
    const second = j === NONE ? 0 : (numbers[j < 0 ? last - j : j] as number)
    if (op.dlist !== null) {
      const k = c[id] as number
      const list = [first, second, numbers[k < 0 ? last - k : k] as number]
      for (const [index, operand] of [i, j, k].entries()) {
        if (operand < 0 || index === op.held) continue
        ;(cotangents[operand] as number) += op.dlist(numeric, g, y, list, index, args) as number
        reached[operand] = 1
      }
      continue
    }
    if (op.da !== null && i >= 0) {
      ;(cotangents[i] as number) += op.da(numeric, g, y, first, second, args) as number
      reached[i] = 1
    }
    if (op.db !== null && j >= 0) {
      ;(cotangents[j] as number) += op.db(numeric, g, y, first, second, args) as number
      reached[j] = 1
    }
  }
  return cotangents
}
