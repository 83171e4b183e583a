/** Windows over images, sorted by what of them lies inside. */
import type { WindowArgs } from '../../op.ts'

/** Larger windows are left to others: taps are written out one after the other. */
const MOST_TAPS = 36

export function isSmall({ kernel }: WindowArgs): boolean {
  return kernel[0] * kernel[1] <= MOST_TAPS
}

/** Places along one axis, from `first` on, whose windows have the same taps inside the image. */
export interface Range {
  readonly first: number
  readonly count: number
  readonly taps: readonly number[]
}

/** The places of an axis in ranges: those in the middle have all taps, those at the borders what the padding leaves. */
export function rangesOf({ input, kernel, output, stride, padding, dilation }: WindowArgs, d: 0 | 1): Range[] {
  const ranges: { first: number; count: number; taps: number[] }[] = []
  for (let place = 0; place < output[d]; place++) {
    const inside = (tap: number): boolean => {
      const at = place * stride[d] + tap * dilation[d] - padding[d]
      return at >= 0 && at < input[d]
    }
    const taps = Array.from({ length: kernel[d] }, (_, tap) => tap).filter(inside)
    const last = ranges.at(-1)
    if (last !== undefined && String(last.taps) === String(taps)) last.count++
    else ranges.push({ first: place, count: 1, taps })
  }
  return ranges
}
