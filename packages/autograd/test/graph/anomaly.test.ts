/** detectAnomaly names the operation and the Value where a NaN or an infinity first appeared. */
import { describe, expect, it } from 'vitest'
import { value } from '../../src/create.ts'
import { DomainError } from '../../src/errors.ts'
import { detectAnomaly } from '../../src/transforms/recording.ts'
import { grad } from '../../src/transforms/reverse.ts'
import type { Value } from '../../src/value.ts'

describe('detectAnomaly', () => {
  it('forward: the operation and its inputs', () => {
    const x = value([1, -2, 3], { label: 'x' })
    expect(() => detectAnomaly(() => x.log())).toThrow(DomainError)
    expect(() => detectAnomaly(() => x.log().sum())).toThrow(
      "detectAnomaly: log gave NaN at flat index 1 of [3] from leaf 'x' (1, -2, 3). Look at its inputs, or keep them inside the domain of log.",
    )
  })

  it('forward: two inputs, a plain number among them', () => {
    const x = value(0, { label: 'x' })
    expect(() => detectAnomaly(() => value(1).div(x))).toThrow("div gave Infinity from a leaf (1) and leaf 'x' (0)")
    expect(() => detectAnomaly(() => x.sub(1).div(0))).toThrow('div gave -Infinity from a result of sub (-1) and 0')
  })

  it('backward: the rule and the input', () => {
    const x = value(0, { label: 'x' })
    expect(() => detectAnomaly(() => x.sqrt().backward())).toThrow(
      "detectAnomaly: the backward rule of sqrt gave Infinity for its input leaf 'x' (0). Keep the input away from where sqrt has no finite slope.",
    )
  })

  it('backward: the graph is usable afterwards', () => {
    const x = value(0)
    const y = x.add(1).mul(x.sqrt().add(1))
    expect(() => detectAnomaly(() => y.backward())).toThrow(DomainError)
    x.zeroGrad()
    y.backward()
    expect(x.grad.item()).toBe(Number.POSITIVE_INFINITY)
  })

  it('through grad, and with createGraph', () => {
    expect(() => detectAnomaly(() => grad((x: Value) => x.sqrt())(0))).toThrow('the backward rule of sqrt')
    expect(() => detectAnomaly(() => value(0).sqrt().backward({ createGraph: true }))).toThrow(DomainError)
  })

  it('is silent where all is finite, returns the result, and ends', () => {
    expect(detectAnomaly(() => value(1).exp()).item()).toBe(Math.E)
    expect(value(-1).log().item()).toBeNaN()
    expect(() => detectAnomaly(() => value(-1).log())).toThrow(DomainError)
    expect(value(-1).log().item()).toBeNaN()
  })
})
