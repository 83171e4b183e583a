/** What is saved and what is loaded: a module, or the state of one. */
import { constant, DomainError, type Operand, Value } from '@adjoint/autograd'
import { Module, type StateDict } from '../module.ts'

/** A module, or numbers by name. */
export type Saveable = Module<unknown> | Readonly<Record<string, Operand>>

/** A fault of a file: what it is, and where. */
export function fault(reader: string, what: string, advice: string): DomainError {
  return new DomainError(`${reader}: ${what}. ${advice}`)
}

/** Name and Value of everything to be saved, in the order of the state. */
export function readState(source: Saveable): [name: string, x: Value][] {
  const state = source instanceof Module ? source.stateDict() : source
  return Object.entries(state).map(([name, x]) => [name, x instanceof Value ? x : constant(x)])
}

/** The state that was read; given a module, the module with that state. */
export function deliver<M extends Module<unknown>>(state: StateDict, module: M | undefined): StateDict | M {
  return module === undefined ? state : module.loadStateDict(state)
}

/** A name as messages show it: quoted, cut when long, so that a bad file cannot fill the screen. */
export function quote(name: string): string {
  return name.length > 80 ? `'${name.slice(0, 80)}…'` : `'${name}'`
}

/** Whether x is an object with named fields, as JSON has them. */
export function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && !Array.isArray(x)
}

/** The most axes that a file may give a tensor, as in PyTorch. */
export const MAX_RANK = 64

/**
 * The number of elements of a shape as a file gives it.
 * @returns undefined unless it is a list of whole numbers from 0 whose product can be counted exactly.
 */
export function countOf(shape: unknown): number | undefined {
  if (!Array.isArray(shape) || shape.length > MAX_RANK) return undefined
  let count = 1
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) return undefined
    count *= n
    if (count > Number.MAX_SAFE_INTEGER) return undefined
  }
  return count
}
