/** Problems as native programs: gradients written by hand in C, and found by ADOL-C. Neither is needed to run Adjoint. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Evaluation, Problem } from '../scalars.ts'
import type { Block } from '../timing.ts'
import { firstLine, nativeFolder, ownFile, writeNumbers } from './files.ts'

const MILLISECONDS = 300

/** What a program prints. */
interface Printed {
  readonly value: number
  readonly gradient?: readonly number[]
  readonly ns?: number
  /** ADOL-C alone: a gradient on the tape that was recorded before. */
  readonly replay?: number
}

export interface Native {
  readonly evaluate: () => Evaluation
  readonly block: Block
  /** The least time that blocks gave to a gradient on a recorded tape, in µs. */
  readonly replay: () => number
}

function run(command: string, options: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, options, {
    cwd: nativeFolder(),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${command}: ${firstLine(`${error?.message ?? ''}\n${stderr ?? ''}`)}`)
  return stdout
}

function native(problem: Problem, name: string, [compiler, ...options]: readonly [string, ...string[]]): Native {
  const { inputs, c } = problem
  const program = join(nativeFolder(), name)
  run(compiler, [...options, '-o', program])
  const numbers = writeNumbers(`${name}.${inputs.length}.numbers`, Float64Array.from([...inputs, ...c.data]))
  const sizes = [inputs.length, ...c.sizes].map(String)
  const print = (milliseconds: number): Printed => JSON.parse(run(program, [numbers, String(milliseconds), ...sizes]))
  const { value, gradient = [] } = print(0)
  let replay = Number.POSITIVE_INFINITY
  return {
    evaluate: () => ({ value, gradient: Float64Array.from(gradient) }),
    block: () => {
      const printed = print(MILLISECONDS)
      if (printed.value !== value) throw new Error(`${name}: the value changed from ${value} to ${printed.value}`)
      replay = Math.min(replay, (printed.replay ?? Number.NaN) / 1000)
      return (printed.ns ?? Number.NaN) / 1000
    },
    replay: () => replay,
  }
}

/** The gradient written by hand, `gcc -O3`. @throws Error when there is no gcc. */
export function inC(problem: Problem): Native {
  const sources = ['driver', problem.c.file].map((file) => ownFile(`c/${file}.c`))
  return native(problem, `c-${problem.c.file}`, ['gcc', '-std=gnu11', '-O3', ...sources, '-lm'])
}

/** With ADOL-C, `g++ -O3`. @throws Error when there is no g++, or no ADOL-C (Debian's libadolc-dev). */
export function withAdolC(problem: Problem): Native {
  const sources = ['driver', problem.c.file].map((file) => ownFile(`adolc/${file}.cpp`))
  return native(problem, `adolc-${problem.c.file}`, ['g++', '-std=c++17', '-O3', ...sources, '-ladolc'])
}
