/** The train step as users of @adjoint/nn write it. */
import { constant } from '@adjoint/autograd'
import { MLP, mseLoss, SGD } from '@adjoint/nn'
import { LEARNING_RATE, SIZES, type Step, type Task } from './task.ts'

export function network({ batch, x, y, parameters }: Task): Step {
  const inputs = constant(x, { shape: [batch, 2] })
  const targets = constant(y, { shape: [batch, 1] })
  const model = new MLP(SIZES, { activation: 'tanh', dtype: 'float32' })
  for (const [i, parameter] of model.parameters().entries()) {
    parameter.assign(constant(parameters[i] as Float32Array, { shape: parameter.shape }))
  }
  const optimizer = new SGD(model.parameters(), { learningRate: LEARNING_RATE })
  return () => {
    optimizer.zeroGrad()
    const loss = mseLoss(model.forward(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item()
  }
}
