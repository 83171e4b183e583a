/** Timing on a noisy machine: the candidates take turns, and the fastest rounds are compared. */
import { measure } from 'mitata'

/** The least of several medians, in µs, for each function; they take turns, so that noise meets all of them. */
export async function inTurns(candidates: readonly (() => unknown)[], rounds = 3): Promise<number[]> {
  const best = candidates.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      const { p50 } = await measure(candidate, { min_cpu_time: 3e8 })
      best[i] = Math.min(best[i] as number, p50 / 1000)
    }
  }
  return best
}

/** @throws Error unless two lists of numbers agree: nothing is timed before it is right. */
export function expectEqual(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [got[i] as number, expected[i] as number]
    if (!(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y)))) {
      throw new Error(`${what}: number ${i} is ${x}, it should be ${y}`)
    }
  }
}
