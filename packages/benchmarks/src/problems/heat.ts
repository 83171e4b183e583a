/**
 * The heat equation on a rod with fixed ends: uᵢ ← uᵢ + r(uᵢ₋₁ − 2uᵢ + uᵢ₊₁) in each step, and Σ uᵢ² in the end, by the
 * temperatures at the start. Steps follow each other; the points of one step stand side by side.
 */
import type { Problem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

/** Up to ½ the steps are stable. */
const RATE = 0.25

/** @param points Along the rod, 3 or more. */
export function heat(points: number, steps: number): Problem {
  const next = stream(7)
  return {
    name: `Heat equation, ${points} points, ${steps} steps`,
    inputs: Float64Array.from({ length: points }, () => next(0, 1)),
    c: { file: 'heat', sizes: [steps], data: [RATE] },
    program<T>({ add, sub, mul, square }: Scalars<T>, x: readonly T[]): T {
      let u = [...x]
      for (let t = 0; t < steps; t++) {
        const before = u
        u = [...before]
        for (let i = 1; i + 1 < points; i++) {
          const here = before[i] as T
          const bend = add(sub(before[i - 1] as T, mul(2, here)), before[i + 1] as T)
          u[i] = add(here, mul(RATE, bend))
        }
      }
      let sum: T | number = 0
      for (const each of u) sum = add(sum, square(each))
      return sum as T
    },
  }
}
