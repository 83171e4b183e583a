/** The two things that `npm start` learns. */
import type { Value } from '@adjoint/autograd'
import { crossEntropyLoss, standardize } from '@adjoint/nn'
import { readDigits, readIris } from '../lib/data.ts'
import type { Task } from './task.ts'

/** A tenth of each target is spread over all classes, so that nothing is gained by being surer than sure. */
const loss = (scores: Value, truth: Value): Value => crossEntropyLoss(scores, truth, { labelSmoothing: 0.1 })

/** Three species of iris by four measurements: small, and float64 like everything that is exact here. */
export function irisTask(): Task {
  return {
    name: 'Iris',
    goal: 'name the species of a flower by four measurements',
    data: readIris(),
    // Two in five flowers: of fewer, a single one more or less would be several per cent.
    testSize: 60,
    validationSize: 14,
    scaling: (train) => {
      const scaler = standardize(train)
      return (x) => scaler.apply(x)
    },
    network: { sizes: [4, 16, 3], activation: 'tanh', init: 'xavier', dtype: 'float64' },
    loss,
    learningRate: 0.01,
    batchSize: 16,
    epochs: 200,
    patience: 30,
  }
}

/** Handwritten digits of 8x8 pixels: in float32, since the time goes into matrix products here. */
export function digitsTask(): Task {
  return {
    name: 'Digits',
    goal: 'read a handwritten digit of 8x8 pixels',
    data: readDigits(),
    testSize: 360,
    validationSize: 180,
    // Pixels are from 0 to 1 already. Each brought to its own scale, those that are rarely inked would weigh most.
    scaling: () => (x) => x,
    network: { sizes: [64, 128, 10], activation: 'relu', init: 'he', dtype: 'float32' },
    loss,
    learningRate: 0.003,
    batchSize: 32,
    epochs: 60,
    patience: 10,
  }
}
