/** The options of `compile`, checked. */
import { DomainError, show } from '../errors.ts'
import { checkOptions } from '../guard.ts'
import type { Target } from './bind/binding.ts'
import { MOST_THREADS } from './wasm/threads/words.ts'

export interface CompileOptions {
  /** `'wasm'`: a WebAssembly module; `'js'`: the same program, interpreted, where a page may not compile any. */
  readonly target?: 'wasm' | 'js'
  /**
   * From 1 to 64; 1 if not given. Worker threads share the loops and products that are worth it, bit for bit with the
   * results of one thread. They need SharedArrayBuffer, which pages have when they are cross-origin isolated; elsewhere
   * there is one thread, and a warning once. Workers end with the program, and never keep a process alive.
   */
  readonly threads?: number
}

/** @throws DomainError for values that an option does not have, DTypeError for options that do not exist. */
export function targetOf(options: CompileOptions): Target {
  checkOptions('compile', options, ['target', 'threads'])
  const { target = 'wasm', threads = 1 } = options
  if (target !== 'wasm' && target !== 'js') {
    throw new DomainError(`compile: the target is ${show(target)}. Give 'wasm' or 'js'.`)
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new DomainError(`compile: threads is ${show(threads)}. Give a whole number from 1 to ${MOST_THREADS}.`)
  }
  return { kind: target, threads }
}
