/** Convolutions as calls of the library routine. */
import type { ConvArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import { convPlan } from '../../wasm/gemm/convPlan.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import {
  type Address,
  address,
  type Buffer,
  type ConvCall,
  loop,
  type Statement,
  type Term,
} from '../program/program.ts'
import { type Memory, memoryOf, Site, typeOf } from './elements.ts'
import { along, ORIGIN, placed, regionOver } from './index.ts'

/** The three arrays of a convolution: two that are read, and the one that is written. */
function partsOf(x: Operation): { images: Expression; weights: Expression; results: Expression } {
  const [a, b] = x.inputs as readonly [Expression, Expression]
  if (x.op.name === 'conv') return { images: a, weights: b, results: x }
  if (x.op.name === 'convInput') return { images: x, weights: b, results: a }
  return { images: a, weights: x, results: b }
}

/** A call for some of the images, from `images` and `results` on. */
function convCall(memory: Memory, x: Operation, batch: number, plan: Address): ConvCall {
  const { images, weights, results } = partsOf(x)
  const of = (part: Expression): Address => placed(memoryOf(memory, part), ORIGIN)
  return {
    kind: 'conv',
    type: typeOf(x.dtype),
    form: x.op.name as ConvCall['form'],
    args: x.args as ConvArgs,
    batch,
    channels: images.shape[1] ?? 0,
    outs: results.shape[1] ?? 0,
    images: of(images),
    weights: of(weights),
    results: of(results),
    plan,
  }
}

/** The statements of a convolution; the memory that they need besides is added to the buffers. */
export function convStatements(memory: Memory, x: Operation, buffers: Set<Buffer>): Statement[] {
  const { images, results } = partsOf(x)
  const [batch = 0, channels = 0] = images.shape
  const { words } = convPlan(typeOf(x.dtype), x.args as ConvArgs, channels, results.shape[1] ?? 0)
  const plan: Buffer = { name: `plan${x.id}`, type: 'i32', size: words.length, kind: 'constant', data: words }
  buffers.add(plan)
  const shares = sharesOf(x, batch)
  const call = convCall(memory, x, batch / shares, address(plan, 0))
  return shares === 1 ? [call] : sharedCalls(memory, x, call, shares, buffers)
}

/** Shares of the gradient of weights at most, and places of results in each at least. */
const SHARES = 8
const PLACES = 256

/**
 * Into how many shares of images the sum of a gradient of weights is split: threads take them one by one. It is part of
 * the result, so it does not depend on how many threads there are.
 */
function sharesOf(x: Operation, batch: number): number {
  if (x.op !== table.convWeight) return 1
  const { output } = x.args as ConvArgs
  for (let n = Math.min(batch, SHARES); n > 1; n--) {
    if (batch % n === 0 && (batch / n) * output[0] * output[1] >= PLACES) return n
  }
  return 1
}

/** Each share has weights of its own, which are added up in order. */
function sharedCalls(memory: Memory, x: Operation, call: ConvCall, n: number, buffers: Set<Buffer>): Statement[] {
  const { images, results } = partsOf(x)
  const size = sizeOf(x.shape)
  const own: Buffer = { name: `shares${x.id}`, type: call.type, size: n * size, kind: 'scratch' }
  buffers.add(own)
  const each = loop(n, { parallel: true })
  const part = (whole: Address, total: number): Address => ({
    ...whole,
    terms: [...whole.terms, { loop: each, stride: total / n }],
  })
  each.body.push({
    ...call,
    images: part(call.images, sizeOf(images.shape)),
    results: part(call.results, sizeOf(results.shape)),
    weights: part(address(own, 0), n * size),
  })
  const weight = loop(size, { parallel: true, vector: true })
  const site = new Site(weight.body)
  const share = (i: number): Term => site.load(regionOver(own), { ...along(weight), base: i * size })
  let sum = share(0)
  for (let i = 1; i < n; i++) {
    sum = site.add({ kind: 'apply', type: call.type, op: table.add, inputs: [sum, share(i)], args: undefined })
  }
  weight.body.push({ kind: 'store', address: placed(memoryOf(memory, x), along(weight)), value: sum })
  return [each, weight]
}

/** Whether there is anything to compute: an empty batch or image is left to the eager kernel. */
export function isConvolution(x: Operation): boolean {
  return ['conv', 'convInput', 'convWeight'].includes(x.op.name) && x.inputs.every((part) => sizeOf(part.shape) > 0)
}
