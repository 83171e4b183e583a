/** The matcher, used as a user would. */
import { describe, expect, it } from 'vitest'
import { defineOp } from '../../src/define.ts'
import type { Value } from '../../src/value.ts'
import '../../src/testing/vitest.ts'

const right = defineOp({ name: 'cube', forward: (x: number) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
const wrong = defineOp({ name: 'cube', forward: (x: number) => x ** 3, derivative: (k, x) => k.mul(3, x) })

describe('toHaveCorrectGradientsAt', () => {
  it('passes and fails', () => {
    expect((x: Value) => right(x)).toHaveCorrectGradientsAt([0.5], { order: 2 })
    expect((x: Value) => wrong(x)).not.toHaveCorrectGradientsAt([0.5])
    expect((x: Value, y: Value) => x.mul(y)).toHaveCorrectGradientsAt([[1, 2], 3])
  })

  it('fails with the report', () => {
    expect(() => expect((x: Value) => wrong(x)).toHaveCorrectGradientsAt([0.5])).toThrow(
      /The gradient is wrong at 1 of 1 places/,
    )
    expect(() => expect((x: Value) => right(x)).not.toHaveCorrectGradientsAt([0.5])).toThrow(
      /expected wrong gradients, but: The gradient is correct/,
    )
  })

  it('takes functions only', () => {
    expect(() => expect(3).toHaveCorrectGradientsAt([0.5])).toThrow(
      'toHaveCorrectGradientsAt: got 3. Give expect a function.',
    )
  })
})
