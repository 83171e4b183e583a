/** The options of L-BFGS. */
import { DomainError } from '@adjoint/autograd'
import { checkNumber, show } from '../options.ts'

export interface LBFGSOptions {
  /** The length of a step along the direction; with a line search the first one to try. Default: 1. */
  learningRate: number
  /** Iterations in one step(), at most. Default: 20. */
  maxIter: number
  /** Evaluations of the closure in one step(), at most; a line search is not interrupted. Default: maxIter·5/4. */
  maxEval: number
  /** Stop when no element of the gradient is larger. Default: 1e-7. */
  toleranceGrad: number
  /** Stop when neither a parameter nor the loss changes by more. Default: 1e-9. */
  toleranceChange: number
  /** How many past steps are kept. Default: 100. */
  historySize: number
  /** Default: none, where every step has the length learningRate. */
  lineSearch: 'strongWolfe' | undefined
}

export const defaults: LBFGSOptions = {
  learningRate: 1,
  maxIter: 20,
  maxEval: 25,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearch: undefined,
}

/** @throws DomainError for options out of range. */
export function check(group: LBFGSOptions): void {
  for (const name of ['learningRate', 'toleranceGrad', 'toleranceChange'] as const) {
    checkNumber('LBFGS', name, group[name], 0)
  }
  for (const name of ['maxIter', 'maxEval', 'historySize'] as const) {
    if (Number.isInteger(group[name]) && group[name] >= 1) continue
    throw new DomainError(`LBFGS: ${name} is ${show(group[name])}. Give a whole number, 1 or more.`)
  }
  if (group.lineSearch !== undefined && group.lineSearch !== 'strongWolfe') {
    throw new DomainError(`LBFGS: there is no line search ${show(group.lineSearch)}. Use 'strongWolfe', or none.`)
  }
}
