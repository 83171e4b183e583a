/** The layer that transformers are made of. */
import type { Value } from '@adjoint/autograd'
import { type Activation, type ActivationName, readActivation } from '../activation.ts'
import { defaultRandom } from '../init.ts'
import { type Input, readInput } from '../input.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names } from '../options.ts'
import { checkWeights, type WeightOptions } from '../units.ts'
import { MultiHeadAttention, type Sight } from './attention.ts'
import { Dropout } from './dropout.ts'
import { LayerNorm } from './layerNorm.ts'
import { EPS } from './scale.ts'

export interface TransformerOptions extends Omit<WeightOptions, 'bias' | 'init'> {
  /** The units between the two linear layers. Default: 2048. */
  readonly feedForward?: number
  /** Default: 0.1. */
  readonly dropout?: number
  /** Between the two linear layers. Default: 'relu'. */
  readonly activation?: ActivationName | Activation
  /** Of the two normalisations. Default: 1e-5. */
  readonly eps?: number
  /** Whether to normalise before attention and the linear layers, not after them. Default: false. */
  readonly normFirst?: boolean
  /** Whether sequences are [batch, steps, size]. Default: false, [steps, batch, size], as in PyTorch. */
  readonly batchFirst?: boolean
}

const transformerOptions: Names<TransformerOptions> = {
  feedForward: true,
  dropout: true,
  activation: true,
  eps: true,
  normFirst: true,
  batchFirst: true,
  random: true,
  dtype: true,
}

/**
 * Self-attention and two linear layers, each added to what goes in and normalised: x ← norm(x + attention(x)),
 * x ← norm(x + linear(relu(linear(x)))). Vaswani et al. 2017.
 * @example new TransformerEncoderLayer(64, 4, { feedForward: 256 }).forward(zeros([10, 32, 64])) // [10, 32, 64]
 */
export class TransformerEncoderLayer extends Module {
  readonly attention: MultiHeadAttention
  readonly widen: Linear
  readonly narrow: Linear
  readonly norms: readonly [LayerNorm, LayerNorm]
  readonly normFirst: boolean
  private readonly dropout: Dropout
  private readonly activation: Activation

  /** @param size Of the vectors; a multiple of the heads. @throws DomainError */
  constructor(size: number, heads: number, options: TransformerOptions = {}) {
    super()
    checkOptions('TransformerEncoderLayer', options, transformerOptions)
    checkWeights('TransformerEncoderLayer', options)
    const { feedForward = 2048, dropout = 0.1, activation = 'relu', eps = EPS, dtype = 'float64' } = options
    const { random = defaultRandom(), batchFirst = false } = options
    this.attention = new MultiHeadAttention(size, heads, { dropout, batchFirst, random, dtype })
    this.widen = new Linear(size, feedForward, { random, dtype })
    this.narrow = new Linear(feedForward, size, { random, dtype })
    this.norms = [new LayerNorm(size, { eps, dtype }), new LayerNorm(size, { eps, dtype })]
    this.normFirst = options.normFirst ?? false
    this.dropout = new Dropout(dropout, { random })
    this.activation = readActivation('TransformerEncoderLayer', activation)
  }

  /** PyTorch's names. */
  protected override parts(): readonly (readonly [string, unknown])[] {
    return [
      ['self_attn', this.attention],
      ['linear1', this.widen],
      ['linear2', this.narrow],
      ['norm1', this.norms[0]],
      ['norm2', this.norms[1]],
      ['dropout', this.dropout],
    ]
  }

  /**
   * @param x [steps, batch, size], with `batchFirst` [batch, steps, size]; or [steps, size].
   * @param sight Which steps see which; `{ causal: true }`: each those before it.
   * @returns The shape of x.
   * @throws ShapeError
   */
  override forward(x: Input, sight: Sight = {}): Value {
    const attend = (y: Value): Value => this.dropout.forward(this.attention.forward(y, y, y, sight))
    const think = (y: Value): Value => {
      const inner = this.dropout.forward(this.activation(this.widen.forward(y)))
      return this.dropout.forward(this.narrow.forward(inner))
    }
    const [first, second] = this.norms
    const y = readInput(x, this.widen.weight.dtype, 'TransformerEncoderLayer')
    if (this.normFirst) {
      const seen = y.add(attend(first.forward(y)))
      return seen.add(think(second.forward(seen)))
    }
    const seen = first.forward(y.add(attend(y)))
    return second.forward(seen.add(think(seen)))
  }
}
