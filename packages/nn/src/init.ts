/** How a module chooses its first weights: an initialiser by name, and the stream that random numbers come from. */
import { DomainError, type Random, random } from '@adjoint/autograd'
import { fanInUniform, heUniform, type Initializer, xavierUniform, zeros } from './initializers.ts'
import { show } from './options.ts'

/** Short names for the usual initialisers: `uniform` is `fanInUniform`, `xavier` and `he` are the uniform forms. */
export type InitName = 'uniform' | 'xavier' | 'he' | 'zeros'

const byName: Readonly<Record<InitName, () => Initializer>> = {
  uniform: fanInUniform,
  xavier: () => xavierUniform(),
  he: () => heUniform(),
  zeros,
}

/** The initialiser behind a name. @throws DomainError for a name that is not one. */
export function readInit(owner: string, init: InitName | Initializer): Initializer {
  if (typeof init === 'function') return init
  if (typeof init === 'string' && Object.hasOwn(byName, init)) return byName[init]()
  throw new DomainError(
    `${owner}: there is no initialiser ${show(init)}. Use one of ${Object.keys(byName).join(', ')}, or a function as init.xavierNormal() makes.`,
  )
}

/** @throws DomainError for what is given as `random` and is no stream; a seed, most likely. */
export function checkRandom(owner: string, given: Random | undefined): void {
  if (given === undefined || typeof given?.uniform === 'function') return
  const seed = typeof given === 'number' ? given : 1
  throw new DomainError(`${owner}: random is ${show(given)}. Give a stream of random numbers: random(${seed}).`)
}

/** The seed of the stream that weights and shuffles come from when none is given. */
export const DEFAULT_SEED = 0

let shared: Random | undefined

/** One stream for all modules that were given none, so that two layers of one shape do not begin alike. */
export function defaultRandom(): Random {
  shared ??= random(DEFAULT_SEED)
  return shared
}
