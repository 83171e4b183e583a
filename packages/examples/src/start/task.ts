/** What is to be learnt: data, a network, and how to train it. */
import type { DType, Value } from '@adjoint/autograd'
import type { ActivationName, InitName } from '@adjoint/nn'
import type { Labelled } from '../lib/data.ts'

export interface Task {
  readonly name: string
  /** What the network is asked. */
  readonly goal: string
  readonly data: Labelled
  /** How many examples are held out for the test, and how many of the rest decide when to stop. */
  readonly testSize: number
  readonly validationSize: number
  /** From the training part, what brings inputs to a scale that suits the network. */
  readonly scaling: (train: Value) => (x: Value) => Value
  readonly network: Network
  readonly loss: (scores: Value, truth: Value) => Value
  readonly learningRate: number
  readonly batchSize: number
  readonly epochs: number
  /** Training ends after this many epochs without a lower loss on the validation part. */
  readonly patience: number
}

/** Inputs, hidden units, outputs; and what the weights are. */
export interface Network {
  readonly sizes: readonly number[]
  readonly activation: ActivationName
  readonly init: InitName
  readonly dtype: DType
}
