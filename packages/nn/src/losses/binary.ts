/** Losses of yes or no: the target is the probability of yes. */
import type { Operand, Value } from '@adjoint/autograd'
import { readInput, readPair } from '../input.ts'
import { checkOptions, type Names } from '../options.ts'
import { type LossOptions, lossOptions, reduce } from './reduction.ts'

export interface BCEOptions extends LossOptions {
  /** Multiplies the loss of each element; broadcast against the prediction. */
  readonly weight?: Operand
}

export interface BCEWithLogitsOptions extends BCEOptions {
  /** Multiplies the part for yes: above 1 it finds more of the positives. One number, or one for each column. */
  readonly positiveWeight?: Operand
}

const bceOptions: Names<BCEOptions> = { ...lossOptions, weight: true }
const logitsOptions: Names<BCEWithLogitsOptions> = { ...bceOptions, positiveWeight: true }

/**
 * Binary cross-entropy of logits x: t·softplus(−x) + (1 − t)·softplus(x), which is −log of the probability
 * 1/(1 + e^−x) given to what happened. Neither term cancels, so its gradient is right however sure the logit is.
 * @throws ShapeError when the shapes differ.
 * @example bceWithLogitsLoss([0, 0], [1, 0]) // log 2
 */
export function bceWithLogitsLoss(logits: Operand, target: Operand, options: BCEWithLogitsOptions = {}): Value {
  checkOptions('bceWithLogitsLoss', options, logitsOptions)
  const { reduction, weight, positiveWeight } = options
  const [x, t] = readPair('bceWithLogitsLoss', logits, target)
  // Where a target is 0 or 1, the other term does not count, even if it is infinite.
  const yes = t.mulNoNan(x.neg().softplus())
  const no = t.neg().add(1).mulNoNan(x.softplus())
  const losses = (
    positiveWeight === undefined ? yes : yes.mul(readInput(positiveWeight, x.dtype, 'bceWithLogitsLoss'))
  ).add(no)
  return reduce('bceWithLogitsLoss', weighted('bceWithLogitsLoss', losses, weight), reduction)
}

/**
 * Binary cross-entropy of probabilities p: −t·log p − (1 − t)·log(1 − p), each logarithm kept above −100 as PyTorch
 * does. Prefer `bceWithLogitsLoss`: where p has rounded to 0 or 1 this one has lost the gradient.
 * @throws ShapeError when the shapes differ.
 */
export function bceLoss(probabilities: Operand, target: Operand, options: BCEOptions = {}): Value {
  checkOptions('bceLoss', options, bceOptions)
  const { reduction, weight } = options
  const [p, t] = readPair('bceLoss', probabilities, target)
  const yes = t.mul(p.log().clamp(-100))
  const no = t.neg().add(1).mul(p.neg().log1p().clamp(-100))
  return reduce('bceLoss', weighted('bceLoss', yes.add(no).neg(), weight), reduction)
}

function weighted(name: string, losses: Value, weight: Operand | undefined): Value {
  return weight === undefined ? losses : losses.mul(readInput(weight, losses.dtype, name))
}
