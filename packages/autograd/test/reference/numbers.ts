/** Reading reference numbers, and the rules by which a computed number passes. */

export type Num = number | 'NaN' | 'Infinity' | '-Infinity' | null
export type Nested = Num | readonly Nested[]

/** A reference number; undefined where it is not judged. */
export function read(x: Num): number | undefined {
  return x === null ? undefined : Number(x)
}

export function flatten(x: Nested): Num[] {
  return typeof x === 'object' && x !== null ? x.flatMap(flatten) : [x]
}

/** |got − expected| ≤ 1e-10·max(|expected|, scale); underflow below 1e-290 and overflow beyond 1.7e308 count as equal. */
export function passes(got: number, expected: number | undefined, scale: number): boolean {
  if (expected === undefined || Object.is(got, expected) || got === expected) return true
  if (Math.abs(got) < 1e-290 && Math.abs(expected) < 1e-290) return true
  if (Math.abs(expected) >= 1.7e308) return got === Math.sign(expected) * Number.POSITIVE_INFINITY
  return Math.abs(got - expected) <= 1e-10 * Math.max(Math.abs(expected), scale)
}

/** The largest finite component. */
export function scaleOf(list: readonly (number | undefined)[]): number {
  return list.reduce<number>((m, x) => (x !== undefined && Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0)
}
