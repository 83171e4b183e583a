/** Activation functions by name. Any function of one Value serves as well. */
import { DomainError, type Value } from '@adjoint/autograd'
import { show } from './options.ts'

/** What a unit does to its weighted sum: `tanh` of @adjoint/autograd, or `(x) => x.mul(x.sigmoid())`. */
export type Activation = (x: Value) => Value

/** `linear` leaves the sum as it is; `step` is 1 above 0, else 0, and has slope 0; `softmax` is over the last axis. */
export type ActivationName =
  | 'linear'
  | 'step'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'silu'
  | 'mish'
  | 'softplus'
  | 'softsign'
  | 'logSigmoid'
  | 'hardtanh'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'softmax'
  | 'logSoftmax'

const byName: Readonly<Record<ActivationName, Activation>> = {
  linear: (x) => x,
  step: (x) => x.step(),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  relu: (x) => x.relu(),
  relu6: (x) => x.relu6(),
  leakyRelu: (x) => x.leakyRelu(),
  elu: (x) => x.elu(),
  selu: (x) => x.selu(),
  gelu: (x) => x.gelu(),
  silu: (x) => x.silu(),
  mish: (x) => x.mish(),
  softplus: (x) => x.softplus(),
  softsign: (x) => x.softsign(),
  logSigmoid: (x) => x.logSigmoid(),
  hardtanh: (x) => x.hardtanh(),
  hardSigmoid: (x) => x.hardSigmoid(),
  hardSwish: (x) => x.hardSwish(),
  softmax: (x) => x.softmax(),
  logSoftmax: (x) => x.logSoftmax(),
}

/** The function behind a name. @throws DomainError for a name that is not one. */
export function readActivation(owner: string, activation: ActivationName | Activation): Activation {
  if (typeof activation === 'function') return activation
  if (typeof activation === 'string' && Object.hasOwn(byName, activation)) return byName[activation]
  throw new DomainError(
    `${owner}: there is no activation ${show(activation)}. Use a function of one Value, or one of ${Object.keys(byName).join(', ')}.`,
  )
}
