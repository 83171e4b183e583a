/** Steps: functions that are constant between their jumps. They stay connected, with gradient 0. */
import type { Op } from '../op.ts'
import { unary } from './elementwise.ts'

const between: readonly [number, number] = [0.1, 0.4]

function flat(name: string, forward: (x: number) => number, reference: readonly (readonly number[])[]): Op {
  return unary(name, { forward, derivative: () => 0, smooth: { domain: [between], reference } })
}

/** To the nearest whole number, halves to the even one, as NumPy and PyTorch round. */
function roundHalfEven(x: number): number {
  const nearest = Math.round(x)
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest
}

export const sign: Op = flat('sign', Math.sign, [
  [-0.5, -1],
  [0, 0],
])
export const floor: Op = flat('floor', Math.floor, [
  [-0.5, -1],
  [2.75, 2],
])
export const ceil: Op = flat('ceil', Math.ceil, [
  [-0.5, 0],
  [2.25, 3],
])
export const trunc: Op = flat('trunc', Math.trunc, [
  [-1.5, -1],
  [2.75, 2],
])
export const round: Op = flat('round', roundHalfEven, [
  [0.5, 0],
  [1.5, 2],
  [-2.5, -2],
  [2.75, 3],
])
