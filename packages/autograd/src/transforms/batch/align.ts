/** Examples along axis 0, whatever the operation makes of the axes of one example. */
import type { Batched, Carrier } from '../../op.ts'
import { type Shape, sizeOf } from '../../shape.ts'

/** The inputs of an operation that takes one or two. */
export function both<T>(inputs: readonly Batched<T>[]): readonly [Batched<T>, Batched<T>] {
  return inputs as readonly [Batched<T>, Batched<T>]
}

/** The shape of one example. */
export function exampleShape<T>(k: Carrier<T>, { x, mapped }: Batched<T>): Shape {
  return mapped ? k.shape(x).slice(1) : k.shape(x)
}

/** With the shape of an example filled up to the rank by sizes of 1 at the left, so that examples broadcast. */
export function withRank<T>(k: Carrier<T>, input: Batched<T>, rank: number): T | number {
  const { x, mapped } = input
  const shape = exampleShape(k, input)
  if (!mapped || shape.length === rank) return x
  return k.reshape(x, [k.shape(x)[0] as number, ...new Array<number>(rank - shape.length).fill(1), ...shape])
}

/** All inputs with examples of one rank. */
export function aligned<T>(k: Carrier<T>, inputs: readonly Batched<T>[]): (T | number)[] {
  const rank = Math.max(...inputs.map((input) => exampleShape(k, input).length))
  return inputs.map((input) => withRank(k, input, rank))
}

/** With an example for each of `size`: an input that is not mapped is repeated. */
export function repeated<T>(k: Carrier<T>, { x, mapped }: Batched<T>, size: number): T {
  return mapped ? (x as T) : k.broadcastTo(x, [size, ...k.shape(x)])
}

/** The first `count` axes as one. */
export function merged<T>(k: Carrier<T>, x: T | number, count: number): T {
  const shape = k.shape(x)
  return k.reshape(x, [sizeOf(shape.slice(0, count)), ...shape.slice(count)])
}

/** The axis in front of all others. */
export function toFront<T>(k: Carrier<T>, x: T | number, axis: number): T {
  const others = k.shape(x).map((_, d) => d)
  others.splice(axis, 1)
  return k.transpose(x, [axis, ...others])
}

/** The first axis at the place `axis`. */
export function fromFront<T>(k: Carrier<T>, x: T | number, axis: number): T {
  const order = k.shape(x).map((_, d) => d)
  order.shift()
  order.splice(axis, 0, 0)
  return k.transpose(x, order)
}
