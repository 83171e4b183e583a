/** Products and convolutions as their formulas say: what kernels are compared with. */
import type { NdArray } from '../../src/data.ts'
import type { ConvArgs, MatmulArgs } from '../../src/op.ts'

export type Form = 'conv' | 'convInput' | 'convWeight'

/** Σₖ op(A)[i, k]·op(B)[k, j] */
export function naiveMatmul(a: NdArray, b: NdArray, { transposeA, transposeB }: MatmulArgs): Float64Array {
  const [rows, inner] = transposeA ? [a.shape[1] ?? 0, a.shape[0] ?? 0] : [a.shape[0] ?? 0, a.shape[1] ?? 0]
  const columns = b.shape[transposeB ? 0 : 1] ?? 0
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < inner; k++) {
        const x = a.data[transposeA ? k * rows + i : i * inner + k] ?? 0
        sum += x * (b.data[transposeB ? j * inner + k : k * columns + j] ?? 0)
      }
      out[i * columns + j] = sum
    }
  }
  return out
}

/** The partial derivatives of Σ x[n, c, iy, ix]·w[o, c, ky, kx]·y[n, o, oy, ox] by y, by x, by w. */
export function naiveConv(form: Form, x: NdArray, w: NdArray, y: NdArray, args: ConvArgs): Float64Array {
  const { input, kernel, output, stride, padding, dilation, groups } = args
  const [batch = 0, channels = 0] = x.shape
  const [outs = 0, perGroup = 0] = w.shape
  const out = new Float64Array({ conv: y, convInput: x, convWeight: w }[form].data.length)
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outs; o++) {
      const first = Math.floor(o / (outs / groups)) * perGroup
      for (let c = 0; c < perGroup; c++) {
        for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
          const [ky, kx] = [Math.floor(tap / kernel[1]), tap % kernel[1]]
          const atW = (o * perGroup + c) * kernel[0] * kernel[1] + tap
          for (let oy = 0; oy < output[0]; oy++) {
            const iy = oy * stride[0] + ky * dilation[0] - padding[0]
            if (iy < 0 || iy >= input[0]) continue
            for (let ox = 0; ox < output[1]; ox++) {
              const ix = ox * stride[1] + kx * dilation[1] - padding[1]
              if (ix < 0 || ix >= input[1]) continue
              const atX = ((n * channels + first + c) * input[0] + iy) * input[1] + ix
              const atY = ((n * outs + o) * output[0] + oy) * output[1] + ox
              if (form === 'conv') out[atY] = (out[atY] ?? 0) + (x.data[atX] ?? 0) * (w.data[atW] ?? 0)
              else if (form === 'convInput') out[atX] = (out[atX] ?? 0) + (y.data[atY] ?? 0) * (w.data[atW] ?? 0)
              else out[atW] = (out[atW] ?? 0) + (x.data[atX] ?? 0) * (y.data[atY] ?? 0)
            }
          }
        }
      }
    }
  }
  return out
}

/** The largest difference, relative to the largest number; NaN where a number is missing. */
export function error(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let [worst, scale] = [0, 1]
  for (let e = 0; e < want.length; e++) {
    worst = Math.max(worst, Math.abs((got[e] ?? Number.NaN) - (want[e] ?? Number.NaN)))
    scale = Math.max(scale, Math.abs(want[e] ?? 0))
  }
  return worst / scale
}
