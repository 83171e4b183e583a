/** Eager convolutions in WebAssembly, as many images at a time as fit in its memory. */
import type { DType, FloatArray } from '../../data.ts'
import type { ConvArgs } from '../../op.ts'
import type { Conv } from './conv.ts'
import { convPlan } from './convPlan.ts'
import { LIMIT, nativeOf } from './native.ts'

export interface Convolution {
  readonly args: ConvArgs
  readonly batch: number
  /** Channels of the images, and of the results. */
  readonly channels: number
  readonly outs: number
}

interface Arrays {
  readonly images: FloatArray
  readonly weights: FloatArray
  readonly results: FloatArray
}

/** Whether a convolution has products enough for its tables and copies. */
export function paysNativeConv({ args, batch, channels, outs }: Convolution): boolean {
  const taps = (channels / args.groups) * args.kernel[0] * args.kernel[1]
  return batch * outs * taps * args.output[0] * args.output[1] > 5000
}

/**
 * Computes a form of a convolution: reads two of the arrays and writes the third, the one that the form is named for.
 * Returns false, and does nothing, where there is no WebAssembly, or where the memory does not hold one image.
 */
export function nativeConv(dtype: DType, form: keyof Conv, size: Convolution, arrays: Arrays): boolean {
  const native = nativeOf(dtype)
  if (native === undefined) return false
  const { args, batch, channels, outs } = size
  const { images, weights, results } = arrays
  const { bytes } = native
  const { words, workspace } = convPlan(native.dtype === 'float32' ? 'f32' : 'f64', args, channels, outs)
  const pixels = channels * args.input[0] * args.input[1]
  const places = outs * args.output[0] * args.output[1]
  const atPlan = aligned(workspace)
  const atWeights = aligned(atPlan + words.byteLength)
  const atImages = aligned(atWeights + weights.length * bytes)
  const most = Math.min(batch, Math.floor((LIMIT - atImages - 16) / ((pixels + places) * bytes)))
  if (most < 1 && batch > 0) return false

  const atResults = aligned(atImages + most * pixels * bytes)
  const view = native.view(atResults + most * places * bytes)
  new Int32Array(view.buffer, atPlan, words.length).set(words)
  if (form !== 'convWeight') view.set(weights, atWeights / bytes)
  for (let first = 0; first < batch; first += most) {
    const count = Math.min(most, batch - first)
    const part = (data: FloatArray, each: number): FloatArray => data.subarray(first * each, (first + count) * each)
    if (form !== 'convInput') view.set(part(images, pixels), atImages / bytes)
    if (form !== 'conv') view.set(part(results, places), atResults / bytes)
    native.conv[form](atImages, atWeights, atResults, count, atPlan, 0)
    const read = (at: number, count: number): FloatArray => view.subarray(at / bytes, at / bytes + count)
    if (form === 'conv') results.set(read(atResults, count * places), first * places)
    else if (form === 'convInput') images.set(read(atImages, count * pixels), first * pixels)
    else addTo(weights, read(atWeights, weights.length))
  }
  return true
}

function addTo(sum: FloatArray, x: FloatArray): void {
  for (let e = 0; e < sum.length; e++) sum[e] = (sum[e] as number) + (x[e] as number)
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}
