/** Guesses at which distances a sequence of operations repeats. */

/** What detection looks at: a node's operation with the classes of its operands, and one number for all its operands. */
export interface Pattern {
  readonly sign: Int32Array
  /**
   * A linear combination of the operands' ids modulo 2³², with weights that make accidents improbable: the operands of
   * three repetitions are in arithmetic progression where their combinations are.
   */
  readonly mix: Int32Array
}

/** Windows of operations that are looked up. The long one tells iterations of an outer loop apart. */
const WINDOWS = [3, 12]
const BUCKETS = 1 << 14

/** Distances between equal windows of operations in [low, high), the most promising first. */
export function candidates({ sign }: Pattern, low: number, high: number, most: number): number[] {
  const longest = Math.floor((high - low) / 3)
  const counts = new Int32Array(longest + 1)
  const seen = new Int32Array(BUCKETS)
  for (const window of WINDOWS) {
    if (high - low < 3 * window && window > 3) continue
    seen.fill(-1)
    let power = 1
    for (let i = 0; i < window; i++) power = Math.imul(power, 31)
    let hash = 0
    for (let i = low; i < high; i++) {
      hash = (Math.imul(hash, 31) + (sign[i] as number)) | 0
      if (i >= low + window) hash = (hash - Math.imul(power, sign[i - window] as number)) | 0
      if (i < low + window - 1) continue
      const slot = (Math.imul(hash, 0x9e3779b1) >>> 18) & (BUCKETS - 1)
      const before = seen[slot] as number
      seen[slot] = i
      const distance = i - before
      if (before >= 0 && distance <= longest) (counts[distance] as number)++
    }
  }
  const all: (readonly [distance: number, count: number])[] = []
  for (let distance = 1; distance <= longest; distance++) {
    const count = counts[distance] as number
    if (count > 1) all.push([distance, count])
  }
  const half = Math.ceil(most / 2)
  const byCount = [...all].sort((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, half)
  const byCover = [...all].sort((x, y) => y[0] * y[1] - x[0] * x[1] || x[0] - y[0]).slice(0, half)
  return [...new Set([...byCount, ...byCover].map(([distance]) => distance))]
}
