/** A data set in small parts. */
import { DomainError, type FloatArray, type Operand, type Random } from '@adjoint/autograd'
import { checkRandom, defaultRandom } from '../init.ts'
import { checkOptions, type Names } from '../options.ts'
import { type Examples, readExamples, rowCount, takeRows } from './dataset.ts'

export interface BatchOptions {
  /** How many examples a batch has; the last one may have fewer. 'full': all of them. Default: 32. */
  readonly batchSize?: number | 'full'
  /** Whether to go through the examples in random order. Default: false. */
  readonly shuffle?: boolean
  /** Where the order comes from. Default: a stream seeded with 0, which goes on from call to call. */
  readonly random?: Random
}

const batchOptions: Names<BatchOptions> = { batchSize: true, shuffle: true, random: true }

/** @throws DomainError unless the size is 'full' or a whole number from 1. */
export function readBatchSize(name: string, size: number | 'full', rows: number): number {
  if (size === 'full') return rows
  if (!Number.isInteger(size) || size < 1) {
    throw new DomainError(`${name}: batchSize is ${size}. Give 'full', or a whole number, 1 or more.`)
  }
  return Math.min(size, rows)
}

/**
 * The examples in batches, each example once.
 * @throws ShapeError when x and y differ in rows; DomainError for a batchSize that is none, or unknown options.
 * @example for (const { x, y } of batches(xTrain, yTrain, { batchSize: 16, shuffle: true, random: random(1) })) …
 */
export function batches(x: Operand, y: Operand, options: BatchOptions = {}): IterableIterator<Examples> {
  checkOptions('batches', options, batchOptions)
  checkRandom('batches', options.random)
  const examples = readExamples('batches', x, y)
  return parts(examples, readBatchSize('batches', options.batchSize ?? 32, rowCount(examples)), options)
}

function* parts(examples: Examples, size: number, { shuffle = false, random }: BatchOptions): Generator<Examples> {
  const rows = rowCount(examples)
  yield* inParts(examples, size, shuffle ? drawOrder(rows, size, random ?? defaultRandom()) : undefined)
}

/** The rows in random order; undefined for a single batch, within which the order does not matter. */
export function drawOrder(rows: number, size: number, random: Random): FloatArray | undefined {
  return size === rows ? undefined : random.permutation(rows).data
}

/** The examples in batches, in the order given or else as they are. */
export function* inParts(examples: Examples, size: number, order: FloatArray | undefined): Generator<Examples> {
  const rows = rowCount(examples)
  if (size === rows) {
    yield examples
    return
  }
  for (let start = 0; start < rows; start += size) {
    const stop = start + size
    yield order === undefined
      ? { x: examples.x.slice([[start, stop]]), y: examples.y.slice([[start, stop]]) }
      : takeRows(examples, order.subarray(start, stop))
  }
}
