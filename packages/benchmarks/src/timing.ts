/** Timing on a noisy machine: the candidates take turns, and the fastest rounds are compared. */
import { measure } from 'mitata'

/** One block of measurements: the median time of a call, in µs. */
export type Block = () => number | Promise<number>

/** Blocks of a function here: some 0.3 s, and no fewer than 3 calls. */
export function blockOf(f: () => unknown): Block {
  const options = { min_cpu_time: 3e8, min_samples: 3, batch_samples: 512 }
  return async () => (await measure(f, options)).p50 / 1000
}

/** The least of several blocks, in µs, for each candidate; they take turns, so that noise meets all of them. */
export async function blocksInTurns(blocks: readonly Block[], rounds = 3): Promise<number[]> {
  const best = blocks.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [i, block] of blocks.entries()) best[i] = Math.min(best[i] as number, await block())
  }
  return best
}

/** The same for functions. */
export function inTurns(candidates: readonly (() => unknown)[], rounds = 3): Promise<number[]> {
  return blocksInTurns(candidates.map(blockOf), rounds)
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
