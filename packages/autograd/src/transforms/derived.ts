/** How a gradient comes about: a compiler may have the value from the function, and differentiate it in its own way. */
import type { Node } from '../node.ts'
import type { Value } from '../value.ts'

/** A call of which the value is there, but not yet the gradient. */
export interface Begun {
  readonly value: Value
  /** What the call returns. */
  finish(): unknown
}

export interface Derivation {
  /** Calls the function that is differentiated. */
  begin(args: readonly unknown[]): Begun
  /** The arguments to differentiate by. */
  readonly argument: number | readonly number[]
  readonly withValue: boolean
  /**
   * Of a pullback: by what a gradient flows to in the argument, and by these nodes that the function closes over. The
   * result is one list.
   */
  readonly sources?: readonly Node[]
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
