/** Values that agree up to rounding. */
import { expect } from 'vitest'
import type { Value } from '../../src/value.ts'

/** Same shape, and every difference at most `tolerance` times the largest number. */
export function expectClose(got: Value, wanted: Value, tolerance = 1e-12, name = ''): void {
  expect(got.shape, name).toEqual(wanted.shape)
  const largest = Math.max(1, ...Array.from(wanted.data, Math.abs))
  got.data.forEach((x, i) => {
    const y = wanted.data[i] as number
    expect(Math.abs(x - y) / largest, `${name} element ${i}: ${x} and ${y}`).toBeLessThanOrEqual(tolerance)
  })
}
