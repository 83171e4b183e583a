/** What is saved and what is loaded: a module, or the state of one. */
import { DomainError, type Operand, type Value } from '@adjoint/autograd'
import { readInput } from '../input.ts'
import { Module, type StateDict } from '../module.ts'
import { show } from '../options.ts'

/** A module, or numbers by name. */
export type Saveable = Module<unknown> | Readonly<Record<string, Operand>>

/** A fault of a file: what it is, and where. */
export function fault(reader: string, what: string, advice: string): DomainError {
  return new DomainError(`${reader}: ${what}. ${advice}`)
}

/**
 * Name and Value of everything to be saved, in the order of the state.
 * @throws DomainError for what is neither a module nor numbers by name; DTypeError, ShapeError for what is no array.
 */
export function readState(writer: string, source: Saveable): [name: string, x: Value][] {
  const state = source instanceof Module ? source.stateDict() : source
  if (!isPlain(state)) {
    throw fault(writer, `got ${show(source)}`, 'Give a module, or numbers by name: model, or model.stateDict().')
  }
  return Object.entries(state).map(([name, x]) => [name, readInput(x, undefined, `${writer} (${name})`)])
}

/** The state that was read; given a module, the module with that state. */
export function deliver<M extends Module<unknown>>(
  reader: string,
  state: StateDict,
  module: M | undefined,
): StateDict | M {
  if (module === undefined) return state
  if (module instanceof Module) return module.loadStateDict(state)
  throw fault(reader, `the module is ${show(module)}`, 'Give a Module to load into, or nothing for the state alone.')
}

/** Whether x is an object of named fields and nothing else: no Value, Map or optimizer, whose fields are no numbers. */
function isPlain(x: unknown): boolean {
  if (!isRecord(x)) return false
  const kind: unknown = Object.getPrototypeOf(x)
  return kind === null || Object.getPrototypeOf(kind) === null
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
