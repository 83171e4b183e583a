import { value } from '@adjoint/autograd'
import '@adjoint/autograd/testing/vitest'
import { expect, test } from 'vitest'

test('the matcher is registered and typed', () => {
  expect(Math.tanh(0.5)).toBeGreaterThan(0)
  const f = (x: ReturnType<typeof value>) => x.tanh().sum()
  expect(f).toHaveCorrectGradientsAt([value([0.5, -1])])
})
