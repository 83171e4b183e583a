/** The host's way to run a program. */
import { interpret } from '../js/interpret.ts'
import type { Executable } from '../program/executable.ts'
import type { Program } from '../program/program.ts'
import { warnOnce } from '../warn.ts'
import { load } from '../wasm/executable.ts'
import type { Target } from './binding.ts'

export function execute(program: Program, { kind, threads }: Target): Executable {
  if (kind === 'wasm') return load(program, { threads })
  if (threads > 1) warnOnce("compile: the target 'js' runs on one thread.")
  return interpret(program)
}
