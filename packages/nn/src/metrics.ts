/** How good predictions are, in numbers that people read. */
import { DomainError, type Operand, ShapeError, type Value } from '@adjoint/autograd'
import { checkClass, readInput, readPair, showShape } from './input.ts'
import { checkNumber, checkOptions, type Names } from './options.ts'

export interface DecisionOptions {
  /** For one score an example: above this is class 1, else 0. Use 0 for logits, 0.5 for probabilities. */
  readonly threshold?: number
}

const decisionOptions: Names<DecisionOptions> = { threshold: true }

/** The chosen class of each example. */
function decide(name: string, scores: Value, threshold: number | undefined): ArrayLike<number> {
  if (threshold !== undefined) checkNumber(name, 'threshold', threshold)
  const [, columns] = scores.shape
  if (scores.rank === 2 && columns !== undefined && columns > 1) return scores.argmax({ axis: 1 }).data
  if (scores.rank > 2 || scores.rank === 0) {
    throw new ShapeError(
      `${name}: the scores have shape ${showShape(scores.shape)}. Give [examples, classes], or one score an example.`,
    )
  }
  if (threshold !== undefined) return scores.data.map((score) => (score > threshold ? 1 : 0))
  if (scores.data.every((score) => Number.isInteger(score) && score >= 0)) return scores.data
  throw new DomainError(
    `${name}: there is one score an example, and no threshold. Say { threshold: 0 } for logits, { threshold: 0.5 } for probabilities.`,
  )
}

/** The true class of each example, from indices, one-hot rows, or (with a threshold) labels ±1. */
function trueClasses(name: string, scores: Value, classes: Value, threshold: number | undefined): ArrayLike<number> {
  const [examples] = scores.shape
  if (classes.rank === 2 && (classes.shape[1] as number) > 1) {
    readPair(name, scores, classes)
    return classes.argmax({ axis: 1 }).data
  }
  if (classes.size !== examples) {
    throw new ShapeError(
      `${name}: scores of shape ${showShape(scores.shape)} with classes of shape ${showShape(classes.shape)}. Give one class an example.`,
    )
  }
  return threshold === undefined ? classes.data : classes.data.map((label) => (label > 0 ? 1 : 0))
}

/**
 * The fraction of examples whose class is the true one.
 * @param scores [examples, classes]: the largest wins. Or one score an example, with a threshold. Or classes.
 * @param classes Indices from 0, one-hot rows, or with a threshold labels 0/1 or ±1.
 * @throws ShapeError when the shapes do not fit; DomainError when a threshold is needed.
 * @example accuracy([[2, 1], [0, 3], [1, 0]], [0, 1, 1]) // 2/3
 */
export function accuracy(scores: Operand, classes: Operand, options: DecisionOptions = {}): number {
  checkOptions('accuracy', options, decisionOptions)
  const { threshold } = options
  const s = readInput(scores, undefined, 'accuracy')
  const predicted = decide('accuracy', s, threshold)
  const actual = trueClasses('accuracy', s, readInput(classes, undefined, 'accuracy'), threshold)
  let right = 0
  for (let i = 0; i < predicted.length; i++) if (predicted[i] === actual[i]) right++
  return right / predicted.length
}

/**
 * How many examples of each true class (row) were given each class (column).
 * @param scores As for `accuracy`.
 * @throws ShapeError when the shapes do not fit, or for a class that there is no score for.
 * @example confusionMatrix([[2, 1], [0, 3], [1, 0]], [0, 1, 1]) // [[1, 0], [1, 1]]
 */
export function confusionMatrix(scores: Operand, classes: Operand, options: DecisionOptions = {}): number[][] {
  checkOptions('confusionMatrix', options, decisionOptions)
  const { threshold } = options
  const s = readInput(scores, undefined, 'confusionMatrix')
  const predicted = decide('confusionMatrix', s, threshold)
  const actual = trueClasses('confusionMatrix', s, readInput(classes, undefined, 'confusionMatrix'), threshold)
  const [, columns = 1] = s.shape
  let size = columns > 1 ? columns : 2
  if (columns <= 1 && threshold === undefined) {
    for (let i = 0; i < predicted.length; i++) {
      size = Math.max(size, (predicted[i] as number) + 1, (actual[i] as number) + 1)
    }
  }
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (let i = 0; i < predicted.length; i++) {
    const row = matrix[checkClass('confusionMatrix', actual[i] as number, size)] as number[]
    const column = checkClass('confusionMatrix', predicted[i] as number, size)
    row[column] = (row[column] as number) + 1
  }
  return matrix
}

/**
 * The coefficient of determination, 1 − Σ(t − p)²/Σ(t − mean t)²: 1 is perfect, 0 no better than the mean. Of several
 * columns, their mean; a column of equal targets counts 1 if it is met exactly, else 0.
 * @throws ShapeError when the shapes differ.
 * @example r2Score([1, 2, 3], [1, 2, 4])
 */
export function r2Score(prediction: Operand, target: Operand): number {
  const [p, t] = readPair('r2Score', prediction, target)
  const rest = p.sub(t).square().sum({ axis: 0 }).data
  const spread = t
    .sub(t.mean({ axis: 0 }))
    .square()
    .sum({ axis: 0 }).data
  const scores = Array.from(rest, (r, i) => {
    const total = spread[i] as number
    return total > 0 ? 1 - r / total : r === 0 ? 1 : 0
  })
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}
