/** Products over many examples: as one large product wherever one side is the same for all. */
import { type BatchRule, type Carrier, type ConvArgs, type MatmulArgs, NN, NT } from '../../op.ts'
import { both, exampleShape, merged, repeated, withRank } from './align.ts'

export const matmul: BatchRule<MatmulArgs> = (k, inputs, args, size) => {
  const [left, right] = both(inputs)
  const [rowsOf, columnsOf] = [exampleShape(k, left), exampleShape(k, right)]
  if (!right.mapped && columnsOf.length === 2 && !args.transposeA) {
    // All rows of all examples in one product.
    const product = k.matmul(merged(k, left.x, rowsOf.length), right.x, args)
    return k.reshape(product, [size, ...rowsOf.slice(0, -1), k.shape(product)[1] as number])
  }
  if (!left.mapped && rowsOf.length === 2 && columnsOf.length === 2 && args.transposeB) {
    // (A·Bᵀ)ᵀ = B·Aᵀ, with the rows of all B below each other.
    const product = k.matmul(merged(k, right.x, 2), left.x, args.transposeA ? NN : NT)
    return k.transpose(k.reshape(product, [size, columnsOf[0] as number, k.shape(product)[1] as number]), [0, 2, 1])
  }
  const rank = Math.max(rowsOf.length, columnsOf.length)
  return k.matmul(withRank(k, left, rank), withRank(k, right, rank), args)
}

/** [examples, images, channels, …] as [images, examples · channels, …]: each example is a group of channels. */
function asGroups<T>(k: Carrier<T>, x: T): T {
  const [examples, images, channels, ...plane] = k.shape(x) as [number, number, number, ...number[]]
  return k.reshape(k.transpose(x, [1, 0, 2, 3, 4]), [images, examples * channels, ...plane])
}

type ConvOp = { run<T>(k: Carrier<T>, a: T | number, b: T | number, args: ConvArgs): T }['run']

/** conv and convInput: examples that share the weights are more images, else they are groups of channels. */
function convolution(run: ConvOp): BatchRule<ConvArgs> {
  return (k, inputs, args, size) => {
    const [x, w] = both(inputs)
    if (!w.mapped) {
      const y = run(k, merged(k, x.x, 2), w.x, args)
      return k.reshape(y, [size, exampleShape(k, x)[0] as number, ...k.shape(y).slice(1)])
    }
    const grouped = { ...args, groups: size * args.groups }
    const y = run(k, asGroups(k, repeated(k, x, size)), merged(k, w.x, 2), grouped)
    const [count, channels, ...plane] = k.shape(y) as [number, number, ...number[]]
    return k.transpose(k.reshape(y, [count, size, channels / size, ...plane]), [1, 0, 2, 3, 4])
  }
}

export const conv: BatchRule<ConvArgs> = convolution((k, x, w, args) => k.conv(x, w, args))
export const convInput: BatchRule<ConvArgs> = convolution((k, y, w, args) => k.convInput(y, w, args))

export const convWeight: BatchRule<ConvArgs> = (k, inputs, args, size) => {
  const [x, y] = both(inputs)
  const w = k.convWeight(asGroups(k, repeated(k, x, size)), asGroups(k, repeated(k, y, size)), {
    ...args,
    groups: size * args.groups,
  })
  const [channels, ...rest] = k.shape(w) as [number, ...number[]]
  return k.reshape(w, [size, channels / size, ...rest])
}
