/** The train steps with @adjoint/nn, as a user writes them. */
import { constant, type Value } from '@adjoint/autograd'
import { type CompileOptions, compile } from '@adjoint/autograd/compile'
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

interface Parts {
  readonly inputs: Value
  readonly targets: Value
  /** One step: forward, loss, backward, update. Returns the loss before it. */
  readonly step: (x: Value, y: Value) => Value
}

function partsOf(work: Work): Parts {
  const { batch, example, loss: kind, parameters } = work
  const lossOf = kind === 'mse' ? mseLoss : crossEntropyLoss
  const model = network(work)
  model.parameters().forEach((leaf, i) => {
    leaf.assign(constant(parameters[i]?.data as Float32Array, { shape: leaf.shape }))
  })
  const optimizer = new SGD(model.parameters(), { learningRate: work.learningRate })
  return {
    inputs: constant(work.x, { shape: [batch, ...example] }),
    targets: constant(work.y, { shape: kind === 'mse' ? [batch, outputsOf(work)] : [batch] }),
    step: (x, y) => {
      const loss = lossOf(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    },
  }
}

export function workWithModules(work: Work): Training {
  const { inputs, targets, step } = partsOf(work)
  return { step: () => step(inputs, targets).item() }
}

/** The whole step as one program. */
export function workCompiled(work: Work, options: CompileOptions = {}): Training {
  const { inputs, targets, step } = partsOf(work)
  const program = compile(step, options)
  return { step: () => program(inputs, targets).item() }
}
