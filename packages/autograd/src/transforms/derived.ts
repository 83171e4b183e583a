/** What a function made by grad or valueAndGrad was made of: a compiler may differentiate the function itself. */

export interface Derivation {
  readonly f: (...args: never[]) => unknown
  /** The arguments to differentiate by. */
  readonly argument: number | readonly number[]
  readonly withValue: boolean
}

const derivations = new WeakMap<(...args: never[]) => unknown, Derivation>()

/** Remembers how a function came about, and returns it. */
export function derivedFrom<F extends (...args: never[]) => unknown>(made: F, derivation: Derivation): F {
  derivations.set(made, derivation)
  return made
}

export function derivationOf(f: (...args: never[]) => unknown): Derivation | undefined {
  return derivations.get(f)
}
