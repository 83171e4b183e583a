/** A function compiled, in the place of the function: what all replacements of the second run are made of. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { compile } from '../../src/compile/index.ts'
import { TraceError, UnsupportedError } from '../../src/errors.ts'
import { mode } from '../../src/node.ts'

type Fn = (...args: never[]) => unknown

/** What was computed step by step after all, since it was last asked. */
const fallbacks: string[] = []
let runs = 0
/** Inside of a replacement nothing else is replaced, also not in what it waits for. */
const inside = new AsyncLocalStorage<true>()

/** Whether the code that runs is a test's own, and not part of a function that is compiled, or that runs step by step. */
export function outside(): boolean {
  return mode.tracing === 0 && inside.getStore() === undefined
}

/** Runs it with nothing replaced. */
export function asWritten<R>(f: () => R): R {
  return inside.run(true, f)
}

/** Forgets and returns what fell back. */
export function takeFallbacks(): string[] {
  return fallbacks.splice(0)
}

/** Forgets all programs. @returns How often one ran. */
export function forgetPrograms(): number {
  const before = runs
  runs = 0
  known = new WeakMap()
  for (const forget of caches) forget()
  return before
}

/** What else to forget with the programs. */
export const caches: (() => void)[] = []

/** Counts what a replacement compiles by other means. */
export function noteRun(): void {
  runs++
}

let known = new WeakMap<Fn, Fn>()

/** The function as a program: the same one whenever it is asked for. */
export function programOf<F extends Fn>(f: F): F {
  const before = known.get(f)
  if (before !== undefined) return before as F
  const made = compile(f)
  known.set(f, made)
  return made
}

/** What the first gives; where it says that something cannot be compiled, what the second gives. */
export function orAsWritten<R>(first: () => R, second: () => R): R {
  return asWritten(() => {
    try {
      const result = first()
      runs++
      return result
    } catch (error) {
      if (!(error instanceof TraceError || error instanceof UnsupportedError)) throw error
      const result = second()
      fallbacks.push(error.message)
      return result
    }
  })
}

/** Calls the program; where the function cannot be compiled, the function itself. */
export function attempt<F extends Fn>(f: F, ...args: Parameters<F>): ReturnType<F> {
  return orAsWritten(
    () => programOf(f)(...args),
    () => f(...args),
  ) as ReturnType<F>
}

/** The function, compiled wherever a test calls it. */
export function compiled<F extends Fn>(f: F): F {
  return ((...args: Parameters<F>) => (outside() ? attempt(f, ...args) : f(...args))) as F
}
