/** Convolutions as calls of the library routine. */
import type { ConvArgs } from '../../op.ts'
import { sizeOf } from '../../shape.ts'
import { convPlan } from '../../wasm/gemm/convPlan.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { address, type Buffer, type ConvCall } from '../program/program.ts'
import { type Memory, memoryOf, typeOf } from './elements.ts'
import { ORIGIN, placed } from './index.ts'

/** The three arrays of a convolution: two that are read, and the one that is written. */
function partsOf(x: Operation): { images: Expression; weights: Expression; results: Expression } {
  const [a, b] = x.inputs as readonly [Expression, Expression]
  if (x.op.name === 'conv') return { images: a, weights: b, results: x }
  if (x.op.name === 'convInput') return { images: x, weights: b, results: a }
  return { images: a, weights: x, results: b }
}

export function convCall(memory: Memory, x: Operation): ConvCall {
  const args = x.args as ConvArgs
  const type = typeOf(x.dtype)
  const { images, weights, results } = partsOf(x)
  const [batch = 0, channels = 0] = images.shape
  const outs = results.shape[1] ?? 0
  const { words } = convPlan(type, args, channels, outs)
  const plan: Buffer = { name: `plan${x.id}`, type: 'i32', size: words.length, kind: 'constant', data: words }
  const of = (part: Expression) => placed(memoryOf(memory, part), ORIGIN)
  return {
    kind: 'conv',
    type,
    form: x.op.name as ConvCall['form'],
    args,
    batch,
    channels,
    outs,
    images: of(images),
    weights: of(weights),
    results: of(results),
    plan: address(plan, 0),
  }
}

/** Whether there is anything to compute: an empty batch or image is left to the eager kernel. */
export function isConvolution(x: Operation): boolean {
  return ['conv', 'convInput', 'convWeight'].includes(x.op.name) && x.inputs.every((part) => sizeOf(part.shape) > 0)
}
