/** The train steps with @adjoint/nn, as a user writes them. */
import { constant } from '@adjoint/autograd'
import { Conv2d, crossEntropyLoss, Flatten, Linear, MaxPool2d, mseLoss, Sequential, SGD } from '@adjoint/nn'
import type { Training } from './train.ts'
import { outputsOf, type Work } from './work.ts'

type Part = ConstructorParameters<typeof Sequential>[number]

function network({ layers, activation }: Work): Sequential {
  const options = { dtype: 'float32' } as const
  return new Sequential(
    ...layers.flatMap((layer, i): Part[] => {
      const { inputs, outputs } = layer
      if (layer.kind === 'conv') {
        const { kernel, padding } = layer
        return [new Conv2d(inputs, outputs, kernel, { padding, ...options }), 'relu', new MaxPool2d(2)]
      }
      const flatten = layers[i - 1]?.kind === 'conv' ? [new Flatten()] : []
      const linear = new Linear(inputs, outputs, options)
      return [...flatten, linear, ...(i + 1 < layers.length ? [activation] : [])]
    }),
  )
}

export function workWithModules(work: Work): Training {
  const { batch, example, loss: kind, parameters } = work
  const inputs = constant(work.x, { shape: [batch, ...example] })
  const targets = constant(work.y, { shape: kind === 'mse' ? [batch, outputsOf(work)] : [batch] })
  const lossOf = kind === 'mse' ? mseLoss : crossEntropyLoss
  const model = network(work)
  model.parameters().forEach((leaf, i) => {
    leaf.assign(constant(parameters[i]?.data as Float32Array, { shape: leaf.shape }))
  })
  const optimizer = new SGD(model.parameters(), { learningRate: work.learningRate })
  return {
    step: () => {
      const loss = lossOf(model.forward(inputs), targets)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    },
  }
}
