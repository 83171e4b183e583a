/** Reads and writes at computed places over many examples, where the array, the indices or both are mapped. */
import type { AxisArgs, Batched, BatchRule, Carrier } from '../../op.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import { both, exampleShape, repeated, toFront } from './align.ts'

type ScatterArgs = AxisArgs & { readonly shape: Shape }

export const gather: BatchRule<AxisArgs> = (k, inputs, { axis }, size) => {
  const [x, indices] = both(inputs)
  return k.gather(repeated(k, x, size), repeated(k, indices, size), axis + 1)
}

export const scatter: BatchRule<ScatterArgs> = (k, inputs, { axis, shape }, size) => {
  const [src, indices] = both(inputs)
  return k.scatter(repeated(k, src, size), repeated(k, indices, size), axis + 1, [size, ...shape])
}

/** The indices of each example in the place of the axis, as gather wants them: the same for all other places. */
function spreadIndices<T>(k: Carrier<T>, indices: Batched<T>, shape: Shape, axis: number, size: number): T {
  const count = sizeOf(exampleShape(k, indices))
  const ones = (list: Shape): number[] => list.map(() => 1)
  const [before, after] = [shape.slice(0, axis), shape.slice(axis + 1)]
  const lined = k.reshape(indices.x, [size, ...ones(before), count, ...ones(after)])
  return k.broadcastTo(lined, [size, ...before, count, ...after])
}

export const take: BatchRule<AxisArgs> = (k, inputs, { axis }, size) => {
  const [from, at] = both(inputs)
  if (!at.mapped) return k.take(from.x, at.x, axis + 1)
  if (!from.mapped) return toFront(k, k.take(from.x, at.x, axis), axis)
  const shape = exampleShape(k, from)
  const parts = k.gather(from.x, spreadIndices(k, at, shape, axis, size), axis + 1)
  return k.reshape(parts, [size, ...shape.slice(0, axis), ...exampleShape(k, at), ...shape.slice(axis + 1)])
}

export const untake: BatchRule<ScatterArgs> = (k, inputs, { axis, shape }, size) => {
  const [parts, at] = both(inputs)
  if (!at.mapped) return k.untake(parts.x, at.x, axis + 1, [size, ...shape])
  const count = sizeOf(exampleShape(k, at))
  const lined = k.reshape(repeated(k, parts, size), [size, ...shape.slice(0, axis), count, ...shape.slice(axis + 1)])
  return k.scatter(lined, spreadIndices(k, at, shape, axis, size), axis + 1, [size, ...shape])
}
