/** The gradients of a network put to the test. */
import { constant, random } from '@adjoint/autograd'
import { checkGradients, type GradientCheck } from '@adjoint/autograd/testing'
import { MLP } from '@adjoint/nn'
import type { Prepared } from './prepare.ts'

/**
 * Backpropagation against forward mode and central differences, on eight examples. Of float32 numbers differences have
 * three digits at best, so it is a twin of the network in float64 that is checked.
 */
export function checkNetwork({ task: { network, loss }, model, parts: { train }, scale }: Prepared): GradientCheck {
  const { sizes, ...weights } = network
  const twin = new MLP(sizes, { ...weights, dtype: 'float64', random: random(0) })
  twin.loadStateDict(model.stateDict())
  const x = constant(scale(train.x).slice([[0, 8]]), { dtype: 'float64' })
  const y = train.y.slice([[0, 8]])
  return checkGradients(() => loss(twin.forward(x), y), twin.parameters())
}
