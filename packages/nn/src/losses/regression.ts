/** Losses of numbers against numbers. Each throws a ShapeError unless prediction and target have one shape. */
import { DomainError, type Operand, type Value } from '@adjoint/autograd'
import { readPair } from '../input.ts'
import { checkNumber, checkOptions, type Names, show } from '../options.ts'
import { type LossOptions, lossOptions, reduce } from './reduction.ts'

/**
 * The mean squared error, (p − t)².
 * @example mseLoss([1, 2], [1, 4]) // 2
 */
export function mseLoss(prediction: Operand, target: Operand, options: LossOptions = {}): Value {
  checkOptions('mseLoss', options, lossOptions)
  const [p, t] = readPair('mseLoss', prediction, target)
  return reduce('mseLoss', p.sub(t).square(), options.reduction)
}

/**
 * The mean absolute error, |p − t|, with slope 0 where they agree.
 * @example maeLoss([1, 2], [1, 4]) // 1
 */
export function maeLoss(prediction: Operand, target: Operand, options: LossOptions = {}): Value {
  checkOptions('maeLoss', options, lossOptions)
  const [p, t] = readPair('maeLoss', prediction, target)
  return reduce('maeLoss', p.sub(t).abs(), options.reduction)
}

export interface HuberOptions extends LossOptions {
  /** Where the parabola becomes a line. Default: 1. */
  readonly delta?: number
}

const huberOptions: Names<HuberOptions> = { ...lossOptions, delta: true }

/** d²/2 up to |d| = δ, then δ(|d| − δ/2): with q = d clamped to ±δ both are q(d − q/2), which loses no digits. */
function huber(d: Value, delta: number): Value {
  const q = d.clamp(-delta, delta)
  return q.mul(d.sub(q.mul(0.5)))
}

/**
 * Squared error for small, absolute for large differences.
 * @throws DomainError unless delta > 0.
 * @example huberLoss([0.5, 3], [0, 0]) // (0.125 + 2.5)/2
 */
export function huberLoss(prediction: Operand, target: Operand, options: HuberOptions = {}): Value {
  checkOptions('huberLoss', options, huberOptions)
  const { reduction, delta = 1 } = options
  if (typeof delta !== 'number' || !(delta > 0))
    throw new DomainError(`huberLoss: delta is ${show(delta)}. Give a number above 0.`)
  const [p, t] = readPair('huberLoss', prediction, target)
  return reduce('huberLoss', huber(p.sub(t), delta), reduction)
}

export interface SmoothL1Options extends LossOptions {
  /** Where the parabola becomes a line. Default: 1; 0 gives the absolute error. */
  readonly beta?: number
}

const smoothL1Options: Names<SmoothL1Options> = { ...lossOptions, beta: true }

/**
 * Huber's loss divided by β: d²/2β up to |d| = β, then |d| − β/2.
 * @throws DomainError for a negative beta.
 */
export function smoothL1Loss(prediction: Operand, target: Operand, options: SmoothL1Options = {}): Value {
  checkOptions('smoothL1Loss', options, smoothL1Options)
  const { reduction, beta = 1 } = options
  checkNumber('smoothL1Loss', 'beta', beta, 0)
  const [p, t] = readPair('smoothL1Loss', prediction, target)
  const d = p.sub(t)
  return reduce('smoothL1Loss', beta === 0 ? d.abs() : huber(d, beta).div(beta), reduction)
}

/**
 * The max-margin loss of a support vector machine: relu(1 − y·s) for scores s and labels y = ±1.
 * @example hingeLoss([0.3, -0.2, 2], [1, -1, 1]) // 0.5
 */
export function hingeLoss(scores: Operand, labels: Operand, options: LossOptions = {}): Value {
  checkOptions('hingeLoss', options, lossOptions)
  const [s, y] = readPair('hingeLoss', scores, labels)
  return reduce('hingeLoss', y.mul(s).neg().add(1).relu(), options.reduction)
}
