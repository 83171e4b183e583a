/** Holding a part of the data back, to test on what the model has not seen. */
import { DomainError, type Operand, type Random, random as seeded } from '@adjoint/autograd'
import { checkRandom, DEFAULT_SEED } from '../init.ts'
import { readInput } from '../input.ts'
import { checkOptions, type Names } from '../options.ts'
import { type Examples, readExamples, rowCount, takeRows } from './dataset.ts'

export interface SplitOptions {
  /** The part to hold back, as a fraction or as a number of examples. Default: 0.25. */
  readonly testSize?: number
  /** Keep the proportions of the classes: those in y (true), or one label an example. Default: false. */
  readonly stratify?: boolean | Operand
  /** Where the order comes from. Default: a stream seeded with 0, so the same split each time. */
  readonly random?: Random
}

const splitOptions: Names<SplitOptions> = { testSize: true, stratify: true, random: true }

export interface Split {
  readonly train: Examples
  readonly test: Examples
}

/**
 * Splits examples at random into a training and a test part. With `stratify` no class goes to the test part whole, as
 * long as another one has an example to give instead.
 * @throws ShapeError when x and y differ in rows; DomainError when a part would be empty, or for labels that do not fit.
 * @example
 * const { train, test } = trainTestSplit(x, y, { testSize: 0.2, stratify: true, random: random(1) })
 * await fit(model, train, { validation: test, … })
 */
export function trainTestSplit(x: Operand, y: Operand, options: SplitOptions = {}): Split {
  checkOptions('trainTestSplit', options, splitOptions)
  checkRandom('trainTestSplit', options.random)
  const { testSize = 0.25, stratify = false, random = seeded(DEFAULT_SEED) } = options
  const examples = readExamples('trainTestSplit', x, y)
  const rows = rowCount(examples)
  const count = testCount(testSize, rows)
  const order = random.permutation(rows).data
  const groups = stratify === false ? [Array.from(order)] : byLabel(order, stratify === true ? examples.y : stratify)
  const test: number[] = []
  const train: number[] = []
  const quotas = shares(
    groups.map((group) => group.length),
    count,
  )
  groups.forEach((group, i) => {
    test.push(...group.slice(0, quotas[i]))
    train.push(...group.slice(quotas[i]))
  })
  // Groups of one class stand together: mix them as the order did.
  const rank = new Float64Array(rows)
  order.forEach((row, place) => {
    rank[row] = place
  })
  const mixed = (part: number[]): number[] => part.sort((a, b) => (rank[a] as number) - (rank[b] as number))
  return { train: takeRows(examples, mixed(train)), test: takeRows(examples, mixed(test)) }
}

function testCount(testSize: number, rows: number): number {
  // A fraction is rounded up, as scikit-learn does; the product may be an ulp above a whole number.
  const count = testSize < 1 ? Math.ceil(testSize * rows - 1e-9) : testSize
  if (Number.isInteger(count) && count >= 1 && count < rows) return count
  throw new DomainError(
    `trainTestSplit: a testSize of ${testSize} leaves no training or no test part of ${rows} examples. Give a fraction between 0 and 1, or a whole number below ${rows}.`,
  )
}

/** The rows of each label, in the given order; labels in ascending order. */
function byLabel(order: ArrayLike<number>, labels: Operand): number[][] {
  const { data, rank, size } = readInput(labels, undefined, 'trainTestSplit (stratify)')
  if (rank !== 1 || size !== order.length) {
    throw new DomainError(
      `trainTestSplit: stratify needs one label an example, a list of ${order.length}. Give { stratify: labels } when y holds something else.`,
    )
  }
  const groups = new Map<number, number[]>()
  for (const row of Array.from(order)) {
    const label = data[row] as number
    const group = groups.get(label)
    if (group === undefined) groups.set(label, [row])
    else group.push(row)
  }
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, rows]) => rows)
}

/**
 * `count` in proportion to the sizes, in whole numbers: the largest remainders are rounded up, and the last of a group is
 * taken only when every other group is down to one.
 */
function shares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, n) => sum + n, 0)
  const exact = sizes.map((n) => (n * count) / total)
  const quotas = exact.map(Math.floor)
  const rest = count - quotas.reduce((sum, n) => sum + n, 0)
  const takesLast = (i: number): number => Number((quotas[i] as number) + 1 >= (sizes[i] as number))
  const remainder = (i: number): number => (exact[i] as number) - (quotas[i] as number)
  const first = (i: number, j: number): number => takesLast(i) - takesLast(j) || remainder(j) - remainder(i) || i - j
  for (let given = 0; given < rest; given++) {
    const next = sizes.reduce((best, _, i) => (first(i, best) < 0 ? i : best), 0)
    quotas[next] = (quotas[next] as number) + 1
  }
  return quotas
}
