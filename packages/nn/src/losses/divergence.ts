/** How two distributions, or two directions, differ. */
import { defineOp, type Operand, type Value } from '@adjoint/autograd'
import { readBoth, readPair } from '../input.ts'
import { checkNumber, checkOptions, type Names } from '../options.ts'
import { type LossOptions, lossOptions, reduce } from './reduction.ts'

/** x·log x, 0 at 0. As an operation of its own its second derivative 1/x does not overflow on the way. */
const xLogX = defineOp({
  name: 'xLogX',
  forward: (x: number) => (x === 0 ? 0 : x * Math.log(x)),
  derivative: (k, x) => k.add(k.log(x), 1),
})

export interface KLDivOptions extends LossOptions {
  /** Whether p is given by its logarithms. Default: false. */
  readonly logTarget?: boolean
}

const klDivOptions: Names<KLDivOptions> = { ...lossOptions, logTarget: true }

/**
 * The Kullback-Leibler divergence p·(log p − log q), 0 where p is 0.
 * 'mean' divides by the number of elements; sum it, or sum along the classes, for the divergence itself.
 * @param logQ The logarithms of the modelled probabilities, as logSoftmax gives them.
 * @param p The probabilities that they should be, or with logTarget their logarithms.
 * @throws ShapeError when the shapes differ.
 * @example klDivLoss(log([0.5, 0.5]), [1, 0], { reduction: 'sum' }) // log 2
 */
export function klDivLoss(logQ: Operand, p: Operand, options: KLDivOptions = {}): Value {
  checkOptions('klDivLoss', options, klDivOptions)
  const { reduction, logTarget = false } = options
  const [q, target] = readPair('klDivLoss', logQ, p)
  if (logTarget) return reduce('klDivLoss', target.exp().mulNoNan(target.sub(q)), reduction)
  return reduce('klDivLoss', xLogX(target).sub(target.mulNoNan(q)), reduction)
}

export interface CosineOptions {
  /** The axis that the vectors lie along. Default: the last. */
  readonly axis?: number
  /** Norms below this count as this. Default: 0, where a vector of zeros is at right angles to every other. */
  readonly eps?: number
}

const cosineOptions: Names<CosineOptions> = { axis: true, eps: true }

/**
 * The cosine of the angle between a and b, a·b/(‖a‖‖b‖), of vectors of any length: nothing overflows or vanishes.
 * (PyTorch's eps is 1e-8, which makes the cosine of shorter vectors too small.)
 * @throws ShapeError when the shapes do not broadcast; DomainError for unknown options or a negative eps.
 * @example cosineSimilarity([1, 0], [1, 1]) // √½
 */
export function cosineSimilarity(a: Operand, b: Operand, options: CosineOptions = {}): Value {
  checkOptions('cosineSimilarity', options, cosineOptions)
  const { axis = -1, eps = 0 } = options
  checkNumber('cosineSimilarity', 'eps', eps, 0)
  const [x, y] = readBoth('cosineSimilarity', a, b)
  const unit = (v: Value): Value => {
    // The direction does not depend on the length, so a constant may be divided out: afterwards the largest is 1.
    const largest = v.detach().abs().max({ axis, keepDims: true })
    const length = largest.add(largest.eq(0))
    const scaled = v.div(length)
    const norm = scaled.norm({ axis, keepDims: true })
    return scaled.div(eps === 0 ? norm.add(norm.eq(0)) : norm.maximum(length.reciprocal().mul(eps)))
  }
  return unit(x).mul(unit(y)).sum({ axis })
}
