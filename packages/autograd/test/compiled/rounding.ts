/** Numbers are equal here up to the rounding that a program may differ by: its sums run in another order. */
import { expect } from 'vitest'

/** Relative to the larger of two numbers. */
const TOLERANCE = 1e-12

function close(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number' || !Number.isFinite(a) || !Number.isFinite(b)) return false
  return a !== b && Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}

/** For toEqual and its kin: undefined leaves the answer to the matcher. */
expect.addEqualityTesters([(a: unknown, b: unknown) => (close(a, b) ? true : undefined)])

expect.extend({
  toBe(received: unknown, expected: unknown) {
    const pass = Object.is(received, expected) || close(received, expected)
    const [got, wanted] = [this.utils.stringify(received), this.utils.stringify(expected)]
    const message = (): string => `expected ${got} ${this.isNot ? 'not ' : ''}to be ${wanted}, up to rounding`
    return { pass, message, actual: received, expected }
  },
})
