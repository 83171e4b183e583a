/** Compares what code tells that uses a compiled function with what it tells without compile. */
import { expect } from 'vitest'
import { type CompileOptions, compile } from '../../src/compile/index.ts'
import type { Value } from '../../src/index.ts'

/** Both ways to run a program. */
export const targets: readonly CompileOptions[] = [{ target: 'wasm' }, { target: 'js' }]

/** `compile`, or nothing. */
export type Compile = <F extends (...args: never[]) => unknown>(f: F) => F

/** Numbers, nested as they are, to be compared up to roundings. */
function about(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(about)
  return typeof x === 'number' ? expect.closeTo(x, 11) : x
}

export interface AsEager {
  readonly compiling: Compile
  /** What `run` tells has to be the same with the compiled function as without. */
  same(run: (compile: Compile) => unknown): void
}

export function asEager(options: CompileOptions): AsEager {
  const compiling = ((f: (...args: never[]) => Value) => compile(f, options)) as Compile
  return { compiling, same: (run) => expect(run(compiling)).toEqual(about(run((f) => f))) }
}
