/**
 * A recurrent network over a sequence, one number in and one out a step: h = tanh(W·h + u·x + b), y = v·h + c, and
 * Σ (y − target)² by W (row by row), u, b, v, c. Steps follow each other; the units of one step stand side by side.
 */
import type { Problem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

export const UNITS = 16

/** start + Σ weights[from + j]·h[j] */
function weighted<T>(s: Scalars<T>, start: T, weights: readonly T[], from: number, h: readonly (T | number)[]): T {
  let sum = start
  for (let j = 0; j < h.length; j++) sum = s.add(sum, s.mul(weights[from + j] as T, h[j] as T | number))
  return sum
}

export function recurrent(steps: number): Problem {
  const next = stream(6)
  const sequence = Array.from({ length: steps }, () => [next(-1, 1), next(-1, 1)] as const)
  const [u, b, v, c] = [UNITS * UNITS, UNITS * (UNITS + 1), UNITS * (UNITS + 2), UNITS * (UNITS + 3)]
  return {
    name: `RNN of ${UNITS} units, ${steps} steps`,
    inputs: Float64Array.from({ length: c + 1 }, () => next(-0.25, 0.25)),
    c: { file: 'rnn', sizes: [steps], data: sequence.flat() },
    program<T>(s: Scalars<T>, p: readonly T[]): T {
      let h: (T | number)[] = Array.from({ length: UNITS }, () => 0)
      let loss: T | number = 0
      for (const [x, target] of sequence) {
        const before = h
        h = Array.from({ length: UNITS }, (_, i) => {
          const start = s.add(s.mul(p[u + i] as T, x), p[b + i] as T)
          return s.tanh(weighted(s, start, p, i * UNITS, before))
        })
        const y = weighted(s, p[c] as T, p, v, h)
        loss = s.add(loss, s.square(s.sub(y, target)))
      }
      return loss as T
    },
  }
}
