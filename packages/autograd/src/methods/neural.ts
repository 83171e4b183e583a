/** Methods of neural networks: convolution, pooling, normalization, attention. */
import * as attention from '../compose/neuralAttention.ts'
import * as convolution from '../compose/neuralConv.ts'
import * as normalization from '../compose/neuralNorm.ts'
import * as pooling from '../compose/neuralPool.ts'
import type { Size } from '../compose/neuralWindow.ts'
import { toNdArray } from '../data.ts'
import { isReadable, type Node } from '../node.ts'
import { type Operand, readOperand, readParameters } from '../operand.ts'
import type { Shape } from '../shape.ts'
import { Methods } from './methods.ts'

/** Documented in functions/neuralConv.ts, neuralPool.ts, neuralNorm.ts and neuralAttention.ts. */
export abstract class NeuralMethods<V extends Node> extends Methods<V> {
  conv1d(weight: Operand<V>, options?: convolution.ConvOptions<Operand<V>>): V {
    return convolved('conv1d', this.self, weight, options, (w, read) => convolution.conv(this.k, this.self, w, 1, read))
  }
  conv2d(weight: Operand<V>, options?: convolution.ConvOptions<Operand<V>>): V {
    return convolved('conv2d', this.self, weight, options, (w, read) => convolution.conv(this.k, this.self, w, 2, read))
  }
  convTranspose1d(weight: Operand<V>, options?: convolution.ConvTransposeOptions<Operand<V>>): V {
    return convolved('convTranspose1d', this.self, weight, options, (w, read) =>
      convolution.convTranspose(this.k, this.self, w, 1, read),
    )
  }
  convTranspose2d(weight: Operand<V>, options?: convolution.ConvTransposeOptions<Operand<V>>): V {
    return convolved('convTranspose2d', this.self, weight, options, (w, read) =>
      convolution.convTranspose(this.k, this.self, w, 2, read),
    )
  }
  maxPool1d(kernel: Size, options?: pooling.MaxPoolOptions): V {
    return pooling.maxPool(this.k, this.self, kernel, 1, options)
  }
  maxPool2d(kernel: Size, options?: pooling.MaxPoolOptions): V {
    return pooling.maxPool(this.k, this.self, kernel, 2, options)
  }
  avgPool1d(kernel: Size, options?: pooling.AvgPoolOptions): V {
    return pooling.avgPool(this.k, this.self, kernel, 1, options)
  }
  avgPool2d(kernel: Size, options?: pooling.AvgPoolOptions): V {
    return pooling.avgPool(this.k, this.self, kernel, 2, options)
  }
  layerNorm(shape: Shape, { weight, bias, eps }: normalization.NormalizeOptions<Operand<V>> = {}): V {
    const [w, b] = readParameters('layerNorm', this.self, [weight, bias])
    return normalization.layerNorm(this.k, this.self, shape, { weight: w, bias: b, eps })
  }
  rmsNorm(shape: Shape, { weight, eps }: normalization.RmsNormOptions<Operand<V>> = {}): V {
    const [w] = readParameters('rmsNorm', this.self, [weight])
    return normalization.rmsNorm(this.k, this.self, shape, { weight: w, eps })
  }
  groupNorm(groups: number, { weight, bias, eps }: normalization.NormalizeOptions<Operand<V>> = {}): V {
    const [w, b] = readParameters('groupNorm', this.self, [weight, bias])
    return normalization.groupNorm(this.k, this.self, groups, { weight: w, bias: b, eps })
  }
  batchNorm({ mean, variance, weight, bias, eps }: normalization.BatchNormOptions<Operand<V>> = {}): V {
    const [m, v, w, b] = readParameters('batchNorm', this.self, [mean, variance, weight, bias])
    return normalization.batchNorm(this.k, this.self, { mean: m, variance: v, weight: w, bias: b, eps })
  }
  embedding(indices: Operand<V>): V {
    const places = readOperand('embedding', indices)
    attention.checkRows(this.shape, toNdArray(places.raw))
    return attention.embedding(this.k, this.self, places)
  }
  scaledDotProductAttention(
    key: Operand<V>,
    value: Operand<V>,
    { mask, causal }: attention.AttentionOptions<Operand<V>> = {},
  ): V {
    const [k, v] = readParameters('scaledDotProductAttention', this.self, [key, value]) as [V, V]
    const seen = mask === undefined ? undefined : readOperand('scaledDotProductAttention', mask)
    const mixed = attention.scaledDotProductAttention(this.k, this.self, k, v, { mask: seen, causal })
    if (seen !== undefined && isReadable(seen)) attention.checkMask(toNdArray(seen.raw))
    return mixed
  }
  dropout(p: number, options?: { readonly random: attention.Uniform<V> }): V {
    return attention.dropout(this.k, this.self, p, options?.random)
  }
}

/** Weights and bias of a convolution read as Values, beside the other options. */
function convolved<V extends Node, Options extends { readonly bias?: Operand<V> | undefined }>(
  op: string,
  x: V,
  weight: Operand<V>,
  options: Options | undefined,
  run: (weight: V, options: Omit<Options, 'bias'> & { readonly bias: V | undefined }) => V,
): V {
  const [w, bias] = readParameters(op, x, [weight, options?.bias])
  return run(w as V, { ...(options as Options), bias })
}
