/** Vectors for words, characters, users: whatever is counted. */
import { DomainError, embedding, type Value, where, zeros } from '@adjoint/autograd'
import { defaultRandom } from '../init.ts'
import { normal } from '../initializers.ts'
import { checkedIndices, type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names, show } from '../options.ts'
import { checkSize, checkWeights, draw, type WeightOptions } from '../units.ts'

/** Of `WeightOptions`, the default of `init` is normal with mean 0 and deviation 1, as in PyTorch. */
export interface EmbeddingOptions extends Omit<WeightOptions, 'bias'> {
  /**
   * The index that fills sequences up to one length (negatives count from the end): its vector begins at 0 and gets no
   * gradient. Default: none.
   */
  readonly paddingIndex?: number
}

const embeddingOptions: Names<EmbeddingOptions> = { paddingIndex: true, init: true, random: true, dtype: true }

/**
 * A table that learns one vector for each index.
 * @example new Embedding(27, 8).forward([[0, 5], [26, 26]]) // [2, 2, 8]
 */
export class Embedding extends Module {
  /** [count, size] */
  readonly weight: Value
  readonly paddingIndex: number | undefined

  /**
   * @param count How many indices there are: 0 … count − 1.
   * @param size The numbers of each vector.
   * @throws DomainError for sizes that are not whole numbers from 1, or options unknown or out of range.
   */
  constructor(count: number, size: number, options: EmbeddingOptions = {}) {
    super()
    checkOptions('Embedding', options, embeddingOptions)
    checkWeights('Embedding', options)
    const { init = normal(), random = defaultRandom(), dtype = 'float64' } = options
    const shape = [checkSize('Embedding', 'indices', count), checkSize('Embedding', 'features', size)]
    this.weight = draw('Embedding', init, shape, random, dtype)
    this.paddingIndex = readPadding(options.paddingIndex, count)
    if (this.paddingIndex === undefined) return
    const start = this.paddingIndex * size
    this.weight.update((data) => data.fill(0, start, start + size))
  }

  /** @param x Indices, in any shape. @returns The shape of x, then the size. @throws ShapeError for an unknown index. */
  override forward(x: Input): Value {
    const given = readInput(x, undefined, 'Embedding').detach()
    const indices = checkedIndices(given, { name: 'Embedding', kind: 'index', count: this.weight.shape[0] as number })
    const vectors = embedding(this.weight, indices)
    if (this.paddingIndex === undefined) return vectors
    return where(indices.ne(this.paddingIndex).unsqueeze(-1), vectors, vectors.detach())
  }

  protected override exampleInput(): Value {
    return zeros([1])
  }
}

function readPadding(index: number | undefined, count: number): number | undefined {
  if (index === undefined) return undefined
  if (Number.isInteger(index) && index >= -count && index < count) return index < 0 ? index + count : index
  throw new DomainError(
    `Embedding: paddingIndex is ${show(index)}, of ${count} indices. Give one of 0 to ${count - 1}, or of −${count} to −1 from the end.`,
  )
}
