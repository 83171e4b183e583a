/** The target of a classification, given as class indices: what each example counts, and the mean over that. */
import { type Operand, ones, ShapeError, type Value, where, zeros } from '@adjoint/autograd'
import { checkedIndices, numbersOf, readInput, showShape } from '../input.ts'
import { checkNumber, type Names } from '../options.ts'
import { type LossOptions, lossOptions, type Reduction, reduce } from './reduction.ts'

export interface ClassOptions extends LossOptions {
  /** One number a class: multiplies the loss of its examples. */
  readonly weight?: Operand
  /** Examples of this class do not count. Default: −100. */
  readonly ignoreIndex?: number
}

export const classOptions: Names<ClassOptions> = { ...lossOptions, weight: true, ignoreIndex: true }

/** The axis of the classes: the only one of a vector, else the second, after the batch. */
export function classAxis(name: string, scores: Value): number {
  if (scores.rank > 0) return scores.rank === 1 ? 0 : 1
  throw new ShapeError(`${name}: the scores are a scalar. Give one score a class: [classes] or [batch, classes].`)
}

/** The weights along the class axis. @throws ShapeError unless there is one a class. */
export function readWeight(name: string, weight: Operand, scores: Value, axis: number): Value {
  const w = readInput(weight, scores.dtype, name)
  const classes = scores.shape[axis] as number
  if (w.rank === 1 && w.size === classes) return w.reshape(scores.shape.map((_, d) => (d === axis ? classes : 1)))
  throw new ShapeError(
    `${name}: the weight has shape ${showShape(w.shape)} for ${classes} classes. Give one number a class: [${classes}].`,
  )
}

/** The class of each example, in the shape of the scores with size 1 along the class axis. */
export interface Classes {
  readonly indices: Value
  /** What each example counts: its class's weight, 0 if it is ignored; undefined when all count 1. */
  readonly counts: Value | undefined
  /** 0 for the ignored examples, 1 for all others; undefined when none is ignored. */
  readonly kept: Value | undefined
}

/** @throws ShapeError when the target does not have the scores' shape less the class axis, or for an unknown class. */
export function readClasses(name: string, scores: Value, given: Value, options: ClassOptions): Classes {
  const { weight, ignoreIndex = -100 } = options
  checkNumber(name, 'ignoreIndex', ignoreIndex)
  const axis = classAxis(name, scores)
  const classes = scores.shape[axis] as number
  const shape = scores.shape.filter((_, d) => d !== axis)
  if (given.rank !== shape.length || given.shape.some((n, d) => n !== shape[d])) {
    throw new ShapeError(
      `${name}: scores of shape ${showShape(scores.shape)} with classes of shape ${showShape(given.shape)}. Give one class an example: ${showShape(shape)}.`,
    )
  }
  const each = scores.shape.map((n, d) => (d === axis ? 1 : n))
  const indices = checkedIndices(given.detach(), {
    name,
    kind: 'class',
    count: classes,
    ignored: ignoreIndex,
  }).reshape(each)
  // Where the numbers are not known yet, an example may be one that is ignored.
  const isWhole = numbersOf(given)?.includes(ignoreIndex) === false
  const kept = isWhole ? undefined : keptOf(given, ignoreIndex, scores).reshape(each)
  const own = weight === undefined ? undefined : readWeight(name, weight, scores, axis).flatten().take(indices, 0)
  return { indices, kept, counts: own === undefined || kept === undefined ? (own ?? kept) : own.mul(kept) }
}

/** 1 for each example of another class than the ignored one, in the dtype of the scores. */
function keptOf(given: Value, ignoreIndex: number, { dtype }: Value): Value {
  return where(given.detach().ne(ignoreIndex), ones([], { dtype }), zeros([], { dtype }))
}

/** The losses times what each example counts; one that does not count may be infinite. */
export function counted(losses: Value, counts: Value | undefined): Value {
  return counts === undefined ? losses : counts.mulNoNan(losses)
}

/** The reduction of counted losses; the mean is over what the examples count together. */
export function reduceCounted(name: string, losses: Value, { counts }: Classes, reduction: Reduction = 'mean'): Value {
  if (counts === undefined || reduction !== 'mean') return reduce(name, losses, reduction)
  return losses.sum().div(counts.sum())
}
