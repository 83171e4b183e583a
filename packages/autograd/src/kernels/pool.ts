/** Which element of each window is the largest. */
import { NdArray } from '../data.ts'
import type { WindowArgs } from '../op.ts'

/**
 * For x [planes, height, width]: the place in the plane of the first largest element of each window, NaN above all, as
 * [planes, places]. The padding is never chosen.
 */
export function argmaxWindow(x: NdArray, { input, kernel, output, stride, padding, dilation }: WindowArgs): NdArray {
  const [height, width] = input
  const [rows, columns] = output
  const planes = x.shape[0] as number
  const out = new Float64Array(planes * rows * columns)
  const { data } = x
  let to = 0
  for (let p = 0; p < planes; p++) {
    const plane = p * height * width
    for (let r = 0; r < rows; r++) {
      const top = firstInside(r * stride[0] - padding[0], dilation[0])
      const bottom = Math.min(height, r * stride[0] - padding[0] + kernel[0] * dilation[0])
      for (let c = 0; c < columns; c++) {
        const left = firstInside(c * stride[1] - padding[1], dilation[1])
        const right = Math.min(width, c * stride[1] - padding[1] + kernel[1] * dilation[1])
        let best = top * width + left
        let largest = data[plane + best] as number
        for (let y = top; y < bottom; y += dilation[0]) {
          for (let x = left; x < right; x += dilation[1]) {
            const t = data[plane + y * width + x] as number
            // The first NaN stays.
            if (t > largest || (t !== t && largest === largest)) {
              largest = t
              best = y * width + x
            }
          }
        }
        out[to++] = best
      }
    }
  }
  return new NdArray([planes, rows * columns], out)
}

/** The first place of `start`, `start + step` … that is not before the image. */
function firstInside(start: number, step: number): number {
  return start >= 0 ? start : start + Math.ceil(-start / step) * step
}
