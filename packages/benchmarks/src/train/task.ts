/** What the train steps A1 and A64 share: a float32 network 2-16-16-1 with tanh, mean squared error, plain SGD. */
import { stream } from '../problems/stream.ts'

export const SIZES: readonly number[] = [2, 16, 16, 1]
export const LEARNING_RATE = 0.05

export interface Task {
  readonly name: string
  readonly batch: number
  /** [batch, 2] and [batch, 1], row-major. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** Weight [outputs, inputs] and bias [outputs], layer by layer. */
  readonly parameters: readonly Float32Array[]
}

/** An implementation in the middle of training: each call is one step and returns the loss before it. */
export type Step = () => number

/** @param batch How many examples a step sees: 1 is A1, 64 is A64. */
export function trainTask(batch: number): Task {
  const next = stream(4)
  const draw = (n: number, bound: number): Float32Array => Float32Array.from({ length: n }, () => next(-bound, bound))
  const x = draw(batch * 2, 1)
  return {
    name: `A${batch}`,
    batch,
    x,
    y: Float32Array.from({ length: batch }, (_, i) => Math.sin(3 * (x[2 * i] as number)) * (x[2 * i + 1] as number)),
    parameters: SIZES.slice(1).flatMap((outputs, layer) => {
      const inputs = SIZES[layer] as number
      return [draw(outputs * inputs, 1 / Math.sqrt(inputs)), draw(outputs, 1 / Math.sqrt(inputs))]
    }),
  }
}
