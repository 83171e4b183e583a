/** How the losses of the elements become the loss. */
import { DomainError, type Value } from '@adjoint/autograd'
import type { Names } from '../options.ts'

/** `mean`: divided by the number of elements; `none`: left as they are. */
export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** Default: 'mean'. */
  readonly reduction?: Reduction
}

export const lossOptions: Names<LossOptions> = { reduction: true }

/** @throws DomainError for a reduction that does not exist. */
export function reduce(name: string, losses: Value, reduction: Reduction = 'mean'): Value {
  if (reduction === 'mean') return losses.mean()
  if (reduction === 'sum') return losses.sum()
  if (reduction === 'none') return losses
  throw new DomainError(`${name}: there is no reduction '${reduction}'. Use 'mean', 'sum' or 'none'.`)
}
