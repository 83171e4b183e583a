/** Losses of one class among several. */
import { DomainError, type Operand, ShapeError, type Value } from '@adjoint/autograd'
import { readBoth, showShape } from '../input.ts'
import { checkOptions, type Names, show } from '../options.ts'
import {
  type ClassOptions,
  classAxis,
  classOptions,
  counted,
  readClasses,
  readWeight,
  reduceCounted,
} from './classes.ts'
import { reduce } from './reduction.ts'

/**
 * The negative log-likelihood: −logProbabilities[class] of each example.
 * @param logProbabilities [batch, classes] (or [classes], or with further axes after the classes), from logSoftmax.
 * @param target One class index an example, from 0.
 * @throws ShapeError when shapes do not fit, or for an unknown class.
 */
export function nllLoss(logProbabilities: Operand, target: Operand, options: ClassOptions = {}): Value {
  checkOptions('nllLoss', options, classOptions)
  const [scores, wanted] = readBoth('nllLoss', logProbabilities, target)
  const axis = classAxis('nllLoss', scores)
  const classes = readClasses('nllLoss', scores, wanted, options)
  const losses = counted(scores.gather(axis, classes.indices).neg(), classes.counts)
  return reduceCounted('nllLoss', losses.squeeze(axis), classes, options.reduction)
}

export interface CrossEntropyOptions extends ClassOptions {
  /** The part ε of the target's probability that is spread evenly over all classes. Default: 0. */
  readonly labelSmoothing?: number
}

const crossEntropyOptions: Names<CrossEntropyOptions> = { ...classOptions, labelSmoothing: true }

/**
 * The cross-entropy −Σ p·log softmax(logits) of each example, where p is all on one class when classes are given.
 * The mean is over the examples (weighted ones over the sum of their weights, as PyTorch does).
 * @param logits [batch, classes], [classes], or with further axes after the classes.
 * @param target One class index an example; or probabilities in the shape of the logits.
 * @throws ShapeError when shapes do not fit, or for an unknown class; DomainError for a labelSmoothing outside 0 … 1.
 * @example crossEntropyLoss([[2, 0, 0]], [0]) // log(1 + 2e⁻²)
 */
export function crossEntropyLoss(logits: Operand, target: Operand, options: CrossEntropyOptions = {}): Value {
  checkOptions('crossEntropyLoss', options, crossEntropyOptions)
  const { labelSmoothing: smoothing = 0, weight, reduction } = options
  if (typeof smoothing !== 'number' || !(smoothing >= 0 && smoothing <= 1)) {
    throw new DomainError(`crossEntropyLoss: labelSmoothing is ${show(smoothing)}. Give a number from 0 to 1.`)
  }
  const [scores, wanted] = readBoth('crossEntropyLoss', logits, target)
  const axis = classAxis('crossEntropyLoss', scores)
  const logs = scores.logSoftmax(axis)
  const weighted = (): Value => {
    return weight === undefined ? logs : logs.mul(readWeight('crossEntropyLoss', weight, scores, axis))
  }
  if (wanted.rank === scores.rank) {
    const p = smoothed(readProbabilities(wanted, scores, axis), smoothing, scores.shape[axis] as number)
    return reduce('crossEntropyLoss', p.mulNoNan(weighted()).sum({ axis }).neg(), reduction)
  }
  const classes = readClasses('crossEntropyLoss', scores, wanted, options)
  const sharp = counted(logs.gather(axis, classes.indices).neg(), classes.counts).squeeze(axis)
  if (smoothing === 0) return reduceCounted('crossEntropyLoss', sharp, classes, reduction)
  // The part that is spread weighs every class by its own weight, and only ignored examples are left out of it.
  const spread = counted(weighted().mean({ axis, keepDims: true }).neg(), classes.kept).squeeze(axis)
  return reduceCounted('crossEntropyLoss', sharp.mul(1 - smoothing).add(spread.mul(smoothing)), classes, reduction)
}

function readProbabilities(p: Value, scores: Value, axis: number): Value {
  if (p.shape.every((n, d) => n === scores.shape[d])) return p
  throw new ShapeError(
    `crossEntropyLoss: the logits have shape ${showShape(scores.shape)}, the probabilities ${showShape(p.shape)}. Give probabilities in the logits' shape, or one class an example: ${showShape(scores.shape.filter((_, d) => d !== axis))}.`,
  )
}

function smoothed(p: Value, smoothing: number, classes: number): Value {
  return smoothing === 0 ? p : p.mul(1 - smoothing).add(smoothing / classes)
}
