/** The last steps and how the gradient changed over them: what L-BFGS knows of the curvature. */
import { dot } from './flat.ts'

export interface Pair {
  /** How the parameters moved. */
  readonly step: Float64Array
  /** How the gradient changed over it. */
  readonly change: Float64Array
}

/** Keeps the pair if the curvature along it is positive, and forgets the oldest beyond so many. */
export function remember(pairs: Pair[], pair: Pair, historySize: number): boolean {
  if (dot(pair.change, pair.step) <= 1e-10) return false
  while (pairs.length >= historySize) pairs.shift()
  pairs.push(pair)
  return true
}

/**
 * −H·gradient, where H is the inverse Hessian that the pairs tell of, from `scale` times the identity. The two-loop
 * recursion: Nocedal & Wright (2006), algorithm 7.4.
 */
export function quasiNewtonDirection(pairs: readonly Pair[], scale: number, gradient: Float64Array): Float64Array {
  const d = gradient.map((g) => -g)
  const add = (weight: number, x: Float64Array): void => {
    for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) + weight * (x[i] as number)
  }
  const back = pairs.map((pair) => ({ ...pair, rho: 1 / dot(pair.change, pair.step), alpha: 0 }))
  for (const pair of back.toReversed()) {
    pair.alpha = pair.rho * dot(pair.step, d)
    add(-pair.alpha, pair.change)
  }
  for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) * scale
  for (const { step, change, rho, alpha } of back) add(alpha - rho * dot(change, d), step)
  return d
}
