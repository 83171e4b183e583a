/** Vectors for words, characters, users: whatever is counted. */
import { embedding, type Value, value, zeros } from '@adjoint/autograd'
import { defaultRandom, readInit } from '../init.ts'
import { normal } from '../initializers.ts'
import { type Input, readInput } from '../input.ts'
import { Module } from '../module.ts'
import { checkSize, type WeightOptions } from '../units.ts'

/**
 * A table that learns one vector for each index.
 * @example new Embedding(27, 8).forward([[0, 5], [26, 26]]) // [2, 2, 8]
 */
export class Embedding extends Module {
  /** [count, size] */
  readonly weight: Value

  /**
   * @param count How many indices there are: 0 … count − 1.
   * @param size The numbers of each vector.
   * @param options `init` (default: normal with mean 0 and deviation 1, as in PyTorch), `random`, `dtype`.
   * @throws DomainError for sizes that are not whole numbers from 1.
   */
  constructor(
    count: number,
    size: number,
    { init = normal(), random = defaultRandom(), dtype = 'float64' }: Omit<WeightOptions, 'bias'> = {},
  ) {
    super()
    const shape = [checkSize('Embedding', 'indices', count), checkSize('Embedding', 'features', size)]
    this.weight = value(readInit('Embedding', init)(shape, random, dtype), { dtype })
  }

  /** @param x Indices, in any shape. @returns The shape of x, then the size. @throws ShapeError for an unknown index. */
  override forward(x: Input): Value {
    return embedding(this.weight, readInput(x, undefined, 'Embedding'))
  }

  protected override exampleInput(): Value {
    return zeros([1])
  }
}
