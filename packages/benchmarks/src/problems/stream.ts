/** Reproducible numbers that use nothing of the package under test. */

/** Uniform numbers in [low, high): a linear congruential generator (Numerical Recipes' constants). */
export function stream(seed: number): (low: number, high: number) => number {
  let state = seed >>> 0
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + ((high - low) * state) / 2 ** 32
  }
}
