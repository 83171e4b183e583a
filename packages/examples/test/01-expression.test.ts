import { expect, it } from 'vitest'
import { run } from '../src/01-expression.ts'
import { printed } from './support.ts'

it('example 1 finds the numbers of micrograd’s README, and explains a neuron', async () => {
  const { text, figures } = await printed(run)
  expect(figures.g).toBeCloseTo(24.70408163265306, 12)
  expect(figures.da).toBeCloseTo(138.83381924198252, 12)
  expect(figures.db).toBeCloseTo(645.5772594752186, 12)
  expect(figures.slope).toBeCloseTo(figures.da, 4)
  expect(text).toMatchInlineSnapshot(`
    "Forward: from the inputs to the result
      a = -4, b = 2
      g = 24.7041
    Backward: from the result to the inputs
      dg/da = 138.8338: a a little larger makes g larger by 139 times as much
      dg/db = 645.5773
    The same without calculus: move a by a millionth to both sides, and divide
      (g(a + 10⁻⁶) − g(a − 10⁻⁶)) / (2 · 10⁻⁶) = 138.8338
    How backward() does it, on a smaller expression: one neuron with one input

      y = tanh(x · w + b)

      Forward: from the leaves to y
        x = 2
        w = -0.5
        b = 1.5
        v1 = x · w = 2 · (-0.5) = -1
        s = v1 + b = -1 + 1.5 = 0.5
        y = tanh(s) = tanh(0.5) = 0.4621

      Backward: from y to the leaves. Each input gets its local derivative, times what arrives.
        y = tanh(s), where dy/dy = 1 arrives
          ∂y/∂s = sech²(s) = 1 - y² = 0.7864,   so s gets 0.7864 · 1 = 0.7864
        s = v1 + b, where dy/ds = 0.7864 arrives
          ∂s/∂v1 = 1,   so v1 gets 1 · 0.7864 = 0.7864
          ∂s/∂b = 1,    so b gets 1 · 0.7864 = 0.7864
        v1 = x · w, where dy/dv1 = 0.7864 arrives
          ∂v1/∂x = w = -0.5,   so x gets -0.5 · 0.7864 = -0.3932
          ∂v1/∂w = x = 2,      so w gets 2 · 0.7864 = 1.5729

      Gradients of the leaves
        dy/dx = -0.3932
        dy/dw = 1.5729
        dy/db = 0.7864

    The graphs, with the value and the gradient of every node
      report/01-neuron.svg
      report/01-expression.svg"
  `)
})
