/**
 * Convolution as a matrix product: the input under each tap of the kernel is written out in columns (im2col, Chellapilla,
 * Puri and Simard, 2006). Convolution, its gradient by the input and its gradient by the weights are the three partial
 * derivatives of one sum Σ x·w·y, so each is one of the three forms of matmul on the same columns.
 */
import { allocate, dtypeOf, type FloatArray, joinDTypes, NdArray } from '../data.ts'
import { type ConvArgs, NN, NT, TN, type WindowArgs } from '../op.ts'
import { nativeConv, paysNativeConv } from '../wasm/gemm/nativeConv.ts'
import { matmul } from './matmul.ts'

/** Columns of so many elements are written out at a time: enough for a fast product, few enough to stay in the cache. */
const CHUNK = 1 << 17

/**
 * Where the columns of one channel come from: (column, pixel, count) for each row of places that a tap reads inside the
 * image; what is missing lies in the padding. The pixels of a run are a stride apart.
 */
function runsOf({ input, kernel, output, stride, padding, dilation }: WindowArgs): Int32Array {
  const [height, width] = input
  const [rows, columns] = output
  const runs: number[] = []
  let column = 0
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const shift = kx * dilation[1] - padding[1]
      const first = Math.max(0, Math.ceil(-shift / stride[1]))
      const count = Math.min(columns, Math.ceil((width - shift) / stride[1])) - first
      for (let r = 0; r < rows; r++, column += columns) {
        const y = r * stride[0] + ky * dilation[0] - padding[0]
        if (y >= 0 && y < height && count > 0) runs.push(column + first, y * width + first * stride[1] + shift, count)
      }
    }
  }
  return Int32Array.from(runs)
}

/** Writes the columns of an image. Places in the padding are left as they are. */
function unfold(columns: FloatArray, image: FloatArray, channels: number, plan: Plan): void {
  const { runs, step, plane, block } = plan
  for (let c = 0; c < channels; c++) {
    for (let r = 0; r < runs.length; r += 3) {
      const start = c * block + (runs[r] as number)
      const end = start + (runs[r + 2] as number)
      let i = c * plane + (runs[r + 1] as number)
      for (let e = start; e < end; e++, i += step) columns[e] = image[i] as number
    }
  }
}

/** The adjoint: adds the columns to the pixels that they came from. */
function fold(image: FloatArray, columns: FloatArray, channels: number, plan: Plan): void {
  const { runs, step, plane, block } = plan
  for (let c = 0; c < channels; c++) {
    for (let r = 0; r < runs.length; r += 3) {
      const start = c * block + (runs[r] as number)
      const end = start + (runs[r + 2] as number)
      let i = c * plane + (runs[r + 1] as number)
      for (let e = start; e < end; e++, i += step) image[i] = (image[i] as number) + (columns[e] as number)
    }
  }
}

/** One convolution as products of matrices: for each image and group, [rows, taps] · [taps, places]. */
interface Plan {
  readonly batch: number
  readonly groups: number
  readonly rows: number
  readonly taps: number
  readonly places: number
  /** Elements of a channel, and of its columns. */
  readonly plane: number
  readonly block: number
  readonly runs: Int32Array
  readonly step: number
  /** Elements of one image, of its columns, of one result. */
  readonly pixels: number
  readonly columns: number
  readonly results: number
}

function planOf(batch: number, channels: number, out: number, args: ConvArgs): Plan {
  const { input, kernel, output, stride, groups } = args
  const plane = input[0] * input[1]
  const places = output[0] * output[1]
  const block = kernel[0] * kernel[1] * places
  return {
    batch,
    groups,
    rows: out / groups,
    taps: (channels / groups) * kernel[0] * kernel[1],
    places,
    plane,
    block,
    runs: runsOf(args),
    step: stride[1],
    pixels: channels * plane,
    columns: channels * block,
    results: out * places,
  }
}

/** Whole images, as many at a time as a chunk holds. */
function eachChunk({ batch, columns }: Plan, run: (first: number, count: number) => void): void {
  const most = Math.max(1, Math.floor(CHUNK / Math.max(columns, 1)))
  for (let first = 0; first < batch; first += most) run(first, Math.min(most, batch - first))
}

/** Elements from `at` as a stack of matrices: `count` images, each with its groups. */
function stack(data: FloatArray, at: number, count: number, { groups }: Plan, m: number, n: number): NdArray {
  const size = count * groups * m * n
  return new NdArray([count, groups, m, n], data.subarray(at, at + size))
}

/** The columns of the images of each chunk. */
function eachColumns(x: NdArray, plan: Plan, run: (columns: NdArray, first: number) => void): void {
  const channels = x.shape[1] as number
  let buffer: FloatArray | undefined
  eachChunk(plan, (first, count) => {
    // The padding lies at the same places in every chunk: the zeros of the first one stay.
    buffer ??= allocate(dtypeOf(x), count * plan.columns)
    unfold(buffer, x.data.subarray(first * plan.pixels), count * channels, plan)
    run(stack(buffer, 0, count, plan, plan.taps, plan.places), first)
  })
}

/** Writes the array that the form is named for in WebAssembly, where that pays and can be done. */
function inWasm(
  form: 'conv' | 'convInput' | 'convWeight',
  x: NdArray,
  w: NdArray,
  y: NdArray,
  args: ConvArgs,
): boolean {
  const size = { args, batch: x.shape[0] as number, channels: x.shape[1] as number, outs: w.shape[0] as number }
  const dtype = dtypeOf({ conv: y, convInput: x, convWeight: w }[form])
  const arrays = { images: x.data, weights: w.data, results: y.data }
  return paysNativeConv(size) && nativeConv(dtype, form, size, arrays)
}

/** y = w·columns(x), of x [batch, channels, height, width] and w [out, channels/groups, height, width]. */
export function conv(x: NdArray, w: NdArray, args: ConvArgs): NdArray {
  const [batch, channels] = x.shape as [number, number]
  const out = w.shape[0] as number
  const y = new NdArray(
    [batch, out, ...args.output],
    allocate(joinDTypes(x, w), batch * out * args.output[0] * args.output[1]),
  )
  if (inWasm('conv', x, w, y, args)) return y
  const plan = planOf(batch, channels, out, args)
  const weights = stack(w.data, 0, 1, plan, plan.rows, plan.taps)
  eachColumns(x, plan, (columns, first) => {
    y.data.set(matmul(weights, columns, NN).data, first * plan.results)
  })
  return y
}

/** x = columnsᵀ(wᵀ·y): the adjoint of `conv` in its image. */
export function convInput(y: NdArray, w: NdArray, args: ConvArgs): NdArray {
  const [batch, out] = y.shape as [number, number]
  const channels = (w.shape[1] as number) * args.groups
  const [height, width] = args.input
  const x = new NdArray([batch, channels, height, width], allocate(joinDTypes(y, w), batch * channels * height * width))
  if (inWasm('convInput', x, w, y, args)) return x
  const plan = planOf(batch, channels, out, args)
  const weights = stack(w.data, 0, 1, plan, plan.rows, plan.taps)
  eachChunk(plan, (first, count) => {
    const part = stack(y.data, first * plan.results, count, plan, plan.rows, plan.places)
    fold(x.data.subarray(first * plan.pixels), matmul(weights, part, TN).data, count * channels, plan)
  })
  return x
}

/** w = y·columns(x)ᵀ, summed over the batch: the adjoint of `conv` in its weights. */
export function convWeight(x: NdArray, y: NdArray, args: ConvArgs): NdArray {
  const [batch, channels] = x.shape as [number, number]
  const out = y.shape[1] as number
  const [height, width] = args.kernel
  const perGroup = channels / args.groups
  const w = new NdArray([out, perGroup, height, width], allocate(joinDTypes(x, y), out * perGroup * height * width))
  if (inWasm('convWeight', x, w, y, args)) return w
  const plan = planOf(batch, channels, out, args)
  const sum = w.data
  eachColumns(x, plan, (columns, first) => {
    const part = stack(y.data, first * plan.results, columns.shape[0] as number, plan, plan.rows, plan.places)
    const { data } = matmul(part, columns, NT)
    for (let at = 0; at < data.length; at += sum.length) {
      for (let e = 0; e < sum.length; e++) sum[e] = (sum[e] as number) + (data[at + e] as number)
    }
  })
  return w
}
