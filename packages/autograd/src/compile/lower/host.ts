/** Operations without loops of their own: the eager kernel on views of the program's memory. */
import { compact, type Data, type FloatArray, NdArray, toNdArray } from '../../data.ts'
import { sizeOf } from '../../shape.ts'
import type { Operation } from '../graph/expression.ts'
import type { HostCall } from '../program/program.ts'
import { type Memory, memoryOf } from './elements.ts'
import { spanOf } from './index.ts'

export function hostCall(memory: Memory, x: Operation): HostCall {
  const { op, inputs, args, shape } = x
  const isList = op.dlist !== null || op.arity > 2
  const shapes = inputs.map((input) => input.shape)
  const run = (output: FloatArray, views: readonly FloatArray[]): void => {
    // Kernels may keep what they are given; memory of the program changes with the next run.
    const data = views.map((view, i): Data => compact(new NdArray(shapes[i] ?? [], view.slice())))
    const result = isList ? op.forwardList(data, args) : op.forward(data[0] ?? 0, data[1] ?? 0, args)
    output.set(toNdArray(result).data)
  }
  return {
    kind: 'host',
    name: op.name,
    run,
    inputs: inputs.map((input) => spanOf(memoryOf(memory, input), sizeOf(input.shape))),
    output: spanOf(memoryOf(memory, x), sizeOf(shape)),
  }
}
