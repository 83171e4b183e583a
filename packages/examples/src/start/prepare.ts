/** Everything before the first step: the data in three parts, and a network with random weights. */
import { noGrad, type Random, random, type Value } from '@adjoint/autograd'
import { type Examples, MLP, trainTestSplit } from '@adjoint/nn'
import type { Task } from './task.ts'

/** The parts of the data, as they are in the file. */
export interface Parts {
  readonly train: Examples
  /** Tells when to stop. */
  readonly validation: Examples
  /** Takes no part in anything before the end. */
  readonly test: Examples
}

export interface Prepared {
  readonly task: Task
  readonly parts: Parts
  readonly model: MLP
  /** Brings inputs to the scale that the network is trained on. */
  readonly scale: (x: Value) => Value
  /** What the network answers to inputs as they are in the file: a score a class. */
  readonly scores: (x: Value) => Value
  readonly random: Random
}

/** @param seed Of everything random: the split, the first weights, the order of the examples. */
export function prepare(task: Task, seed: number): Prepared {
  const stream = random(seed)
  const { data, testSize, validationSize, network } = task
  const { sizes, ...weights } = network
  const { train, test } = trainTestSplit(data.x, data.y, { testSize, stratify: true, random: stream })
  const rest = trainTestSplit(train.x, train.y, { testSize: validationSize, stratify: true, random: stream })
  const scale = task.scaling(rest.train.x)
  const model = new MLP(sizes, { ...weights, random: stream })
  return {
    task,
    parts: { train: rest.train, validation: rest.test, test },
    model,
    scale,
    scores: (x) => noGrad(() => model.forward(scale(x))),
    random: stream,
  }
}
