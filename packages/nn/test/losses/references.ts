/** The losses under the names and conventions of the reference data. */
import { concat, hessian, type Value, value } from '@adjoint/autograd'
import {
  bceWithLogitsLoss,
  cosineSimilarity,
  crossEntropyLoss,
  hingeLoss,
  huberLoss,
  klDivLoss,
  maeLoss,
  mseLoss,
} from '../../src/index.ts'

type Num = number | 'NaN' | 'Infinity' | '-Infinity' | null

export interface LossCase {
  readonly op: string
  readonly inputs: readonly (readonly Num[])[]
  readonly v: Num
  readonly d1: readonly (readonly Num[])[]
  readonly d2?: readonly (readonly Num[])[] | null
  readonly params?: Record<string, unknown>
}

type Loss = (inputs: readonly Value[], params: Record<string, unknown>) => Value

const losses: Readonly<Record<string, Loss>> = {
  mse: ([p, t]) => mseLoss(p as Value, t as Value),
  mae: ([p, t]) => maeLoss(p as Value, t as Value),
  huber: ([p, t], { delta }) => huberLoss(p as Value, t as Value, { delta: delta as number }),
  hinge: ([s], { labels }) => hingeLoss(s as Value, labels as number[]),
  bceWithLogits: ([x], { target }) => bceWithLogitsLoss(x as Value, target as number[]),
  crossEntropyLogits: ([x], { target }) => crossEntropyLoss(x as Value, target as number),
  klDiv: ([p, q]) => klDivLoss((q as Value).log(), p as Value, { reduction: 'sum' }),
  cosineSimilarity: ([a, b]) => cosineSimilarity(a as Value, b as Value),
}

export interface Computed {
  readonly v: number
  readonly d1: number[]
  readonly d2: number[]
}

/** Value, gradient and Hessian by the losses of this package, both flattened. */
export function compute({ op, inputs, params = {} }: LossCase): Computed {
  const sizes = inputs.map((input) => input.length)
  const loss = losses[op] as Loss
  const f = (x: Value): Value => loss(x.split(sizes, 0), params)
  const leaves = inputs.map((input) => value(input.map(Number)))
  const y = loss(leaves, params)
  y.backward()
  const d1 = leaves.flatMap((leaf) => Array.from(leaf.grad.data))
  const d2 = Array.from((hessian(f)(concat(leaves, 0)) as Value).data)
  return { v: y.item(), d1, d2 }
}

/** The largest deviation, by the rule that the data file states; NaN where a NaN should not be. */
export function deviation(got: readonly number[], expected: readonly Num[]): number {
  const numbers = expected.map((x) => (x === null ? 0 : Number(x)))
  const scale = Math.max(0, ...numbers.filter(Number.isFinite).map(Math.abs))
  return Math.max(
    ...got.map((g, i) => {
      const e = numbers[i] as number
      if (expected[i] === null || g === e) return 0
      if (Math.abs(g) < 1e-290 && Math.abs(e) < 1e-290) return 0
      if (Math.abs(e) >= 1.7e308 && g === Math.sign(e) * Number.POSITIVE_INFINITY) return 0
      return Math.abs(g - e) / Math.max(Math.abs(e), scale)
    }),
  )
}
