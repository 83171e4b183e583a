/** Attention with several heads. */
import {
  DomainError,
  eye,
  linear,
  type Operand,
  ShapeError,
  scaledDotProductAttention,
  type Value,
  value,
  zeros,
} from '@adjoint/autograd'
import { defaultRandom } from '../init.ts'
import { xavierUniform } from '../initializers.ts'
import { type Input, readInput, showShape } from '../input.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names } from '../options.ts'
import { checkSize, checkWeights, draw, type WeightOptions, weightOptions } from '../units.ts'
import { Dropout } from './dropout.ts'

/** Of `WeightOptions`, `init` begins the input weights; default: `xavierUniform`, as in PyTorch. Biases begin at 0. */
export interface MultiHeadAttentionOptions extends WeightOptions {
  /** The probability of dropout on the attention weights, in training. Default: 0. */
  readonly dropout?: number
  /** Whether sequences are [batch, steps, size]. Default: false, [steps, batch, size], as in PyTorch. */
  readonly batchFirst?: boolean
}

const attentionOptions: Names<MultiHeadAttentionOptions> = { ...weightOptions, dropout: true, batchFirst: true }

/** Which steps see which. */
export interface Sight {
  /** 1 where a query sees a key, 0 where not (PyTorch's module: the opposite): [queries, keys], or [batch, queries, keys]. */
  readonly mask?: Operand | undefined
  /** Query i sees the keys 0 … i. */
  readonly causal?: boolean | undefined
}

const sightOptions: Names<Sight> = { mask: true, causal: true }

/**
 * For each query a mean of the values, weighted by how well the keys fit: softmax(q·kᵀ/√d)·v in each of the heads, which
 * see their own linear parts of the input. Vaswani et al. 2017.
 * @example new MultiHeadAttention(64, 4).forward(zeros([10, 32, 64])) // self-attention: [10, 32, 64]
 */
export class MultiHeadAttention extends Module {
  readonly size: number
  readonly heads: number
  readonly batchFirst: boolean
  /** [3 · size, size]: the rows for queries, keys, values. */
  readonly weight: Value
  /** [3 · size] */
  readonly bias: Value | undefined
  readonly output: Linear
  private readonly dropout: Dropout

  /**
   * @param size Of the vectors; a multiple of the heads.
   * @throws DomainError for sizes that are not, or not whole, or options unknown or out of range.
   */
  constructor(size: number, heads: number, options: MultiHeadAttentionOptions = {}) {
    super()
    checkOptions('MultiHeadAttention', options, attentionOptions)
    checkWeights('MultiHeadAttention', options)
    const { bias = true, init = xavierUniform(), random = defaultRandom(), dtype = 'float64' } = options
    this.size = checkSize('MultiHeadAttention', 'features', size)
    this.heads = checkSize('MultiHeadAttention', 'heads', heads)
    if (size % heads !== 0) {
      throw new DomainError(`MultiHeadAttention: ${size} features do not divide into ${heads} heads. Choose a divisor.`)
    }
    this.batchFirst = options.batchFirst ?? false
    this.weight = draw('MultiHeadAttention', init, [3 * size, size], random, dtype)
    this.bias = bias ? value(zeros([3 * size], { dtype }), { dtype }) : undefined
    this.output = new Linear(size, size, { bias, random, dtype })
    this.output.bias?.assign(zeros([size]))
    this.dropout = new Dropout(options.dropout ?? 0, { random })
  }

  /** PyTorch's names. */
  protected override parts(): readonly (readonly [string, unknown])[] {
    return [
      ['in_proj_weight', this.weight],
      ['in_proj_bias', this.bias],
      ['out_proj', this.output],
      ['dropout', this.dropout],
    ]
  }

  protected override exampleInput(): Value {
    return zeros([1, 1, this.size], { dtype: this.weight.dtype })
  }

  /**
   * @param query [steps, batch, size], with `batchFirst` [batch, steps, size]; or [steps, size].
   * @param key The same with steps of its own. Default: the query (self-attention).
   * @param values As many steps as the key. Default: the key.
   * @returns As the query. A query that sees nothing gets the bias of the output.
   * @throws ShapeError; DomainError for an unknown way to say which steps see which.
   */
  override forward(query: Input, key: Input = query, values: Input = key, sight: Sight = {}): Value {
    checkOptions('MultiHeadAttention (sight)', sight, sightOptions)
    const given = readInput(query, this.weight.dtype, 'MultiHeadAttention')
    const inputs = [given, key === query ? given : readInput(key, given.dtype, 'MultiHeadAttention')]
    inputs.push(values === key ? (inputs[1] as Value) : readInput(values, given.dtype, 'MultiHeadAttention'))
    const lines = inputs.map((x) => this.toBatchFirst(x))
    this.checkTogether(inputs, lines)
    const weights = this.weight.split(3, 0)
    const biases = this.bias?.split(3, 0)
    const [q, k, v] = lines.map((x, i) => this.toHeads(linear(x, weights[i] as Value, biases?.[i]))) as [
      Value,
      Value,
      Value,
    ]
    const mixed = this.attend(q, k, v, { ...sight, mask: readMask(sight.mask) })
    const [batch = 0, , steps = 0] = mixed.shape
    const output = this.output.forward(mixed.transpose([0, 2, 1, 3]).reshape([batch, steps, this.size]))
    if (given.rank === 2) return output.squeeze(0)
    return this.batchFirst ? output : output.transpose([1, 0, 2])
  }

  private attend(q: Value, k: Value, v: Value, sight: Sight): Value {
    if (!this.training || this.dropout.p === 0) return scaledDotProductAttention(q, k, v, sight)
    // The attention weights themselves are the attention to the unit vectors.
    const units = eye(k.shape[2] as number, { dtype: k.dtype })
    return this.dropout.forward(scaledDotProductAttention(q, k, units, sight)).matmul(v)
  }

  /** @throws ShapeError unless all have one batch, and keys and values one number of steps. */
  private checkTogether(inputs: readonly Value[], lines: readonly Value[]): void {
    const [q = [], k = [], v = []] = lines.map(({ shape }) => shape)
    if (q[0] === k[0] && k[0] === v[0] && k[1] === v[1]) return
    const [query, key, values] = inputs.map(({ shape }) => showShape(shape))
    throw new ShapeError(
      `MultiHeadAttention: the queries have shape ${query}, the keys ${key}, the values ${values}. Give all the same batch, and as many values as keys.`,
    )
  }

  private toBatchFirst(x: Value): Value {
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[x.rank - 1] !== this.size) {
      const order = this.batchFirst ? '[batch, steps, features]' : '[steps, batch, features]'
      throw new ShapeError(
        `MultiHeadAttention: it has ${this.size} features, got a sequence of shape ${showShape(x.shape)}. Give ${order}, or [steps, features] without a batch.`,
      )
    }
    if (x.rank === 2) return x.unsqueeze(0)
    return this.batchFirst ? x : x.transpose([1, 0, 2])
  }

  /** [batch, steps, size] as [batch, heads, steps, size / heads] */
  private toHeads(x: Value): Value {
    const [batch = 0, steps = 0] = x.shape
    return x.reshape([batch, steps, this.heads, this.size / this.heads]).transpose([0, 2, 1, 3])
  }
}

/** A mask for each example is one for all of its heads. */
function readMask(mask: Operand | undefined): Value | undefined {
  const given = mask === undefined ? undefined : readInput(mask, undefined, 'MultiHeadAttention')
  return given?.rank === 3 ? given.unsqueeze(1) : given
}
