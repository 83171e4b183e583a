/** `@adjoint/nn` for the second run: layers, losses and steps of optimizers as programs, and `fit` with `compile: true`. */
import type { Value } from '@adjoint/autograd'
import {
  asWritten,
  attempt,
  noteRun,
  orAsWritten,
  outside,
  programOf,
} from '../../../autograd/test/compiled/attempt.ts'
import { compiledCall } from '../../../autograd/test/compiled/calls.ts'
import * as plain from '../../src/index.ts'

export * from '../../src/index.ts'

type Fn = (...args: never[]) => unknown

for (const part of Object.values(plain)) {
  if (typeof part !== 'function' || !(part.prototype instanceof plain.Module)) continue
  const prototype = part.prototype as plain.Module
  if (!Object.hasOwn(prototype, 'forward')) continue
  const { forward } = prototype
  prototype.forward = compiledCall(forward)
}

const { step } = plain.Optimizer.prototype
type AnyOptimizer = Pick<typeof plain.Optimizer.prototype, 'groups' | 'step' | 'zeroGrad'>

/** A step from the gradients of the parameters that have one. */
function stepOf(optimizer: AnyOptimizer): (leaves: readonly Value[]) => Fn {
  return (leaves) => (gradients: readonly Value[]) => {
    optimizer.zeroGrad()
    for (const [i, leaf] of leaves.entries()) leaf.grad = gradients[i] as Value
    step.call(optimizer)
    return gradients
  }
}
const steps = new WeakMap<object, Map<string, Fn>>()
/** Whole steps of training, for closures that are called more than once. */
const closures = new WeakMap<Fn, Fn>()

plain.Optimizer.prototype.step = function (this: AnyOptimizer, closure) {
  if (!outside() || (closure !== undefined && typeof closure !== 'function')) return step.call(this, closure)
  if (closure !== undefined) {
    const run = closures.get(closure) ?? (() => step.call(this, closure))
    closures.set(closure, run)
    return attempt(run) as ReturnType<typeof step>
  }
  const all = this.groups.flatMap(({ parameters }) => parameters)
  const leaves = all.filter(({ hasGrad }) => hasGrad)
  if (leaves.length === 0) return step.call(this)
  const key = all.map(({ hasGrad }) => Number(hasGrad)).join('')
  const own = steps.get(this) ?? new Map<string, Fn>()
  steps.set(this, own)
  const run = own.get(key) ?? stepOf(this)(leaves)
  own.set(key, run)
  attempt(run, leaves.map(({ grad }) => grad) as never)
  return undefined
}

const { step: search } = plain.LBFGS.prototype
/** It looks at numbers between the runs of its closure, which is a program. */
plain.LBFGS.prototype.step = function (closure) {
  if (!outside() || typeof closure !== 'function') return search.call(this, closure)
  return orAsWritten(
    () => search.call(this, programOf(closure)),
    () => search.call(this, closure),
  )
}

export const fit: typeof plain.fit = (model, data, options) => {
  if (!outside() || typeof options !== 'object' || options === null) return plain.fit(model, data, options)
  noteRun()
  return asWritten(() => plain.fit(model, data, { compile: true, ...options }))
}

export const bceLoss: typeof plain.bceLoss = compiledCall(plain.bceLoss)
export const bceWithLogitsLoss: typeof plain.bceWithLogitsLoss = compiledCall(plain.bceWithLogitsLoss)
export const crossEntropyLoss: typeof plain.crossEntropyLoss = compiledCall(plain.crossEntropyLoss)
export const nllLoss: typeof plain.nllLoss = compiledCall(plain.nllLoss)
export const cosineSimilarity: typeof plain.cosineSimilarity = compiledCall(plain.cosineSimilarity)
export const klDivLoss: typeof plain.klDivLoss = compiledCall(plain.klDivLoss)
export const hingeLoss: typeof plain.hingeLoss = compiledCall(plain.hingeLoss)
export const huberLoss: typeof plain.huberLoss = compiledCall(plain.huberLoss)
export const maeLoss: typeof plain.maeLoss = compiledCall(plain.maeLoss)
export const mseLoss: typeof plain.mseLoss = compiledCall(plain.mseLoss)
export const smoothL1Loss: typeof plain.smoothL1Loss = compiledCall(plain.smoothL1Loss)
