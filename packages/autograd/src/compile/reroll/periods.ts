/** Guesses at which distances a sequence of operations repeats. */
import type { Pattern } from './pattern.ts'

/** Windows of operations that are looked up. The long one tells iterations of an outer loop apart. */
const SHORT = 3
const LONG = 12
const BUCKETS = 1 << 14
const BASE = 31

/** Distances between equal windows of operations in [low, high), the most promising first. */
export function candidates({ sign }: Pattern, low: number, high: number, most: number): number[] {
  const longest = Math.floor((high - low) / 3)
  const counts = new Int32Array(longest + 1)
  measure(sign, low, high, SHORT, counts)
  if (high - low >= 3 * LONG) measure(sign, low, high, LONG, counts)
  return favourites(counts, Math.ceil(most / 2))
}

/** Counts the distances from each window to the one before of the same hash. */
function measure(sign: Int32Array, low: number, high: number, window: number, counts: Int32Array): void {
  const longest = counts.length - 1
  const seen = new Int32Array(BUCKETS)
  let power = 1
  for (let i = 1; i < window; i++) power = Math.imul(power, BASE)
  let hash = 0
  for (let i = low; i < low + window - 1; i++) hash = (Math.imul(hash, BASE) + (sign[i] as number)) | 0
  for (let i = low + window - 1; i < high; i++) {
    hash = (Math.imul(hash, BASE) + (sign[i] as number)) | 0
    const slot = Math.imul(hash, 0x9e3779b1) >>> 18
    // What is 0 was never seen: node 0 ends no window.
    const distance = i - (seen[slot] as number)
    seen[slot] = i
    if (distance <= longest && distance < i) counts[distance] = (counts[distance] as number) + 1
    hash = (hash - Math.imul(power, sign[i - window + 1] as number)) | 0
  }
}

/** The distances that come most often, then those that cover most; of equal ones the shorter first. */
function favourites(counts: Int32Array, most: number): number[] {
  const byCount = new Ranking(most)
  const byCover = new Ranking(most)
  for (let distance = 1; distance < counts.length; distance++) {
    const count = counts[distance] as number
    if (count < 2) continue
    byCount.offer(distance, count)
    byCover.offer(distance, distance * count)
  }
  return [...new Set([...byCount.best, ...byCover.best])]
}

/** The few that score highest, of all that are offered. */
class Ranking {
  readonly best: number[] = []
  private readonly scores: number[] = []
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  offer(candidate: number, score: number): void {
    const { best, scores, most } = this
    let at = scores.length
    while (at > 0 && score > (scores[at - 1] as number)) at--
    if (at === most) return
    best.splice(at, 0, candidate)
    scores.splice(at, 0, score)
    if (best.length > most) {
      best.pop()
      scores.pop()
    }
  }
}
