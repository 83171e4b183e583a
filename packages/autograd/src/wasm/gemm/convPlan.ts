/**
 * What the kernels of convolutions read at run time: sizes and tables, as whole numbers of 32 bits in memory.
 *
 * Images are padded, and split by their strides, into planes of one phase each: the elements that a tap meets lie in one
 * plane, one after the other, and taps differ by an offset only. So a stride is no special case for the products.
 */
import type { ConvArgs } from '../../op.ts'
import { workspaceOf } from './block.ts'
import { GATHERED } from './convTile.ts'
import { type FloatType, lanesOf } from './lanes.ts'
import { WIDTH } from './tile.ts'

/** The head of a plan. Distances are in bytes. */
export const FIELDS = [
  'groups',
  /** Channels of the images and of the results in a group, and taps of the kernel in all its channels. */
  'channels',
  'outs',
  'taps',
  'image',
  'imagePlane',
  'imageRow',
  'result',
  'resultPlane',
  'resultRow',
  /** Rows and columns of a result; how many rows are computed at a time. */
  'rows',
  'columns',
  'band',
  /** What the padded planes have more than the results. */
  'extraRows',
  'pitch',
  'phases',
  /** One plane, and all of a group. */
  'plane',
  'planes',
  'strideY',
  /** The distance in the image of what is next in a plane. */
  'step',
  /** Where the workspace of products begins, and what follows it. */
  'products',
  'gemm',
  'phaseTable',
  'tapTable',
] as const

export type Field = (typeof FIELDS)[number]

/** A phase of the image: rows first to end of its plane are inside the image, and so are `count` columns. */
export const PHASE = ['first', 'end', 'origin', 'margin', 'count'] as const

export interface ConvPlan {
  readonly words: Int32Array
  /** Bytes that a call needs at its address `workspace`; one for each thread. */
  readonly workspace: number
}

/** Bytes of planes and products that are worked on at a time. */
const BAND = 1 << 18

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/**
 * The plan of a convolution of images with `channels` channels to results with `out`.
 * @example convPlan('f32', args, 6, 16).words
 */
export function convPlan(type: FloatType, args: ConvArgs, channels: number, out: number): ConvPlan {
  const { input, kernel, output, stride, padding, dilation, groups } = args
  const lanes = lanesOf(type)
  const { bytes } = lanes
  const [rows, columns] = output
  const perGroup = channels / groups
  const outs = out / groups
  const taps = perGroup * kernel[0] * kernel[1]
  const ys = Array.from({ length: kernel[0] }, (_, i) => i * dilation[0])
  const xs = Array.from({ length: kernel[1] }, (_, i) => i * dilation[1])
  const phasesY = unique(ys.map((y) => y % stride[0]))
  const phasesX = unique(xs.map((x) => x % stride[1]))
  const phases = phasesY.flatMap((y) => phasesX.map((x) => [y, x] as const))
  const extraRows = Math.floor((ys.at(-1) ?? 0) / stride[0])
  const width = columns + Math.floor((xs.at(-1) ?? 0) / stride[1])
  const pitch = width * bytes
  const rowBytes = pitch * Math.max(perGroup * phases.length + outs, taps)
  const band = Math.max(1, Math.min(rows, Math.floor(BAND / rowBytes)))
  const plane = (band + extraRows) * pitch
  const planes = perGroup * phases.length * plane

  const phaseWords = phases.flatMap(([y, x]) => {
    const [first, end] = inside(input[0], stride[0], padding[0] - y)
    const [margin, stop] = inside(input[1], stride[1], padding[1] - x)
    const count = Math.max(0, Math.min(stop, width) - margin)
    const origin = (y - padding[0]) * input[1] + margin * stride[1] + x - padding[1]
    return [first, end, origin * bytes, margin * bytes, count]
  })
  const phaseOf = (y: number, x: number): number =>
    phasesY.indexOf(y % stride[0]) * phasesX.length + phasesX.indexOf(x % stride[1])
  const offsets = ys.flatMap((y) =>
    xs.map((x) => {
      const [down, right] = [Math.floor(y / stride[0]), Math.floor(x / stride[1])]
      return phaseOf(y, x) * plane + down * pitch + right * bytes
    }),
  )

  // Tiles read past the last plane, and round the width of products up.
  const products = aligned(planes + 64)
  const tile = GATHERED * lanes.count
  const paddedOuts = Math.ceil(outs / tile) * tile
  const forward = outs * (band * pitch + WIDTH)
  const byInput = taps * band * columns * bytes
  const byWeight = paddedOuts * (band * columns + taps) * bytes
  const rest = products + aligned(Math.max(forward, byInput, byWeight))
  const head: Record<Field, number> = {
    groups,
    channels: perGroup,
    outs,
    taps,
    image: channels * input[0] * input[1] * bytes,
    imagePlane: input[0] * input[1] * bytes,
    imageRow: input[1] * bytes,
    result: out * rows * columns * bytes,
    resultPlane: rows * columns * bytes,
    resultRow: columns * bytes,
    rows,
    columns,
    band,
    extraRows,
    pitch,
    phases: phases.length,
    plane,
    planes,
    strideY: stride[0],
    step: stride[1] * bytes,
    products,
    gemm: rest,
    phaseTable: FIELDS.length * 4,
    tapTable: (FIELDS.length + phaseWords.length) * 4,
  }
  const words = new Int32Array(FIELDS.length + phaseWords.length + taps)
  words.set([...FIELDS.map((field) => head[field]), ...phaseWords])
  let at = words.length - taps
  for (let channel = 0; channel < perGroup; channel++) {
    for (const offset of offsets) words[at++] = channel * phases.length * plane + offset
  }
  return { words, workspace: rest + workspaceOf(lanes).size }
}

/** Which of the places i·stride − shift, for i = 0, 1, …, lie on 0 … size − 1: from the first up to the end. */
function inside(size: number, stride: number, shift: number): readonly [number, number] {
  const first = Math.max(0, Math.ceil(shift / stride))
  return [first, Math.max(first, Math.floor((size - 1 + shift) / stride) + 1)]
}

function unique(list: readonly number[]): number[] {
  return [...new Set(list)]
}
