import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compute, deviation, type LossCase } from './references.ts'

const { cases } = JSON.parse(readFileSync(new URL('../data/losses.sample.json', import.meta.url), 'utf8')) as {
  cases: LossCase[]
}

describe('value, gradient and Hessian of the losses agree with 50-digit references', () => {
  test.each(cases.map((c, i) => [`${c.op} ${i}`, c] as const))('%s', (_name, c) => {
    const { v, d1, d2 } = compute(c)
    expect(deviation([v], [c.v])).toBeLessThanOrEqual(1e-10)
    expect(deviation(d1, c.d1.flat())).toBeLessThanOrEqual(1e-10)
    expect(deviation(d2, (c.d2 ?? []).flat())).toBeLessThanOrEqual(1e-10)
  })

  test('a wrong value, gradient or Hessian would be seen', () => {
    expect(deviation([1, 2], [1, 2.000001])).toBeGreaterThan(1e-10)
    expect(deviation([Number.NaN], [1])).toBeNaN()
  })
})
