/** Binds programs of single numbers, whose loops were found again. */
import type { Data, FloatArray } from '../../data.ts'
import { CONSTANT } from '../../op.ts'
import { rebuild } from '../../transforms/structure.ts'
import { make, type Value } from '../../value.ts'
import type { Executable } from '../program/executable.ts'
import type { Buffer, Program } from '../program/program.ts'
import { gradientProgram, valueProgram } from '../reroll/programs.ts'
import { reroll } from '../reroll/reroll.ts'
import type { Flat } from '../trace/flat.ts'
import type { Recording } from '../trace/recording.ts'
import { sweep } from '../trace/sweep.ts'
import type { Binding, Target } from './binding.ts'
import { agree } from './check.ts'
import { Inputs } from './inputs.ts'
import { download } from './loan.ts'
import { runChecked, type Twins, withCheck } from './plain.ts'
import { execute } from './target.ts'
import type { Times } from './times.ts'
import { templateOf, type Wanted } from './wanted.ts'

function bufferOf({ buffers }: Program, name: string): Buffer | undefined {
  return buffers.find((each) => each.name === name)
}

function viewOf(executable: Executable, program: Program, name: string): FloatArray | undefined {
  const buffer = bufferOf(program, name)
  return buffer === undefined ? undefined : (executable.view(buffer) as FloatArray)
}

/** Runs it at the arguments that were traced. */
function start(recording: Recording, inputs: Inputs, advance: () => void): void {
  inputs.write(recording.inputs.map(({ raw }) => raw))
  advance()
}

function dropped(executable: Executable): undefined {
  executable.close()
}

function numbersOf(outputs: readonly Value[]): readonly number[] {
  return outputs.map(({ raw }) => raw as number)
}

/** The gradient by these inputs, directly. */
function slopesOf(flat: Flat, { row }: Inputs, by: readonly number[], times: Times): readonly number[] {
  const slopes = times.of('checking', () => sweep(flat, row, flat.trace.outputs[0] as number))
  return by.map((i) => slopes[i] as number)
}

/** The values of a scalar program; undefined where too little of it repeats. */
export function bindValues(recording: Recording, flat: Flat, times: Times, target: Target): Binding | undefined {
  const { trace } = flat
  const rolled = times.of('re-rolling', () => reroll(trace))
  if (rolled === null) return undefined
  const program = times.of('scheduling', () => valueProgram(rolled))
  const executable = times.of('emitting', () => execute(program, target))
  const inputs = new Inputs(viewOf(executable, program, 'x'), flat)
  const values = viewOf(executable, program, 'value') as FloatArray
  const advance = (): void => {
    inputs.bring()
    executable.run()
  }
  start(recording, inputs, advance)
  if (!agree([values], [numbersOf(recording.outputs)])) return dropped(executable)
  const outputs = Array.from(values, (_, i) => values.subarray(i, i + 1))
  const template = templateOf(recording.result)
  const labels = recording.outputs.map(({ label }) => label)
  const run = (data: readonly Data[]): unknown => {
    inputs.write(data)
    advance()
    const made = labels.map((label, i) => {
      const y = make(CONSTANT, values[i] as number, 0, 0, undefined)
      return label === undefined ? y : y.withLabel(label)
    })
    return rebuild('compile', template, made)
  }
  return {
    run,
    views: { inputs: inputs.parts, outputs, run: advance },
    executable,
    ...aboutOf(recording, flat, program, times),
    flows: recording.outputs.map((y) => (y.requiresGrad ? 'open' : 'none')),
  }
}

/** The gradient of a scalar program, with its value; undefined where too little of it repeats. */
export function bindGradient(
  recording: Recording,
  flat: Flat,
  wanted: Wanted,
  times: Times,
  target: Target,
): Binding | undefined {
  const { trace } = flat
  const { by } = wanted
  if (by.length === 0) return undefined
  const rolled = times.of('re-rolling', () => reroll(trace))
  if (rolled === null) return undefined
  const plain = times.of('differentiating', () => gradientProgram(rolled, { output: 0, inputs: by, plain: true }))
  const { program, check } = withCheck(plain, bufferOf(plain, 'gradient') as Buffer)
  const executable = times.of('emitting', () => execute(program, target))
  const x = viewOf(executable, program, 'x')
  const inputs = new Inputs(x, flat)
  const value = viewOf(executable, program, 'value') as FloatArray
  const gradient = viewOf(executable, program, 'gradient') as FloatArray
  const checked = executable.view(check) as FloatArray
  const own = { inputs: x === undefined ? [] : [x], outputs: [value, gradient] }
  let twin: Twin | undefined
  const exact = (): Twin => {
    twin ??= twinOf(gradientProgram(rolled, { output: 0, inputs: by }), target)
    return twin
  }
  const advance = (): void => {
    inputs.bring()
    runChecked(executable, checked, own, exact)
  }
  start(recording, inputs, advance)
  if (!agree([value, gradient], [numbersOf(recording.outputs), slopesOf(flat, inputs, by, times)]))
    return dropped(executable)
  const shares = wanted.sharesOf(gradient)
  const run = (data: readonly Data[]): unknown => {
    inputs.write(data)
    advance()
    return wanted.resultOf(
      make(CONSTANT, value[0] as number, 0, 0, undefined),
      shares.map(({ view, shape }) => make(CONSTANT, download(view, shape), 0, 0, undefined)),
    )
  }
  const outputs = [...(wanted.withValue ? [value] : []), ...shares.map(({ view }) => view)]
  return {
    run,
    views: { inputs: inputs.parts, outputs, run: advance },
    executable: { ...executable, close: () => closeAll([executable, twin?.executable]) },
    ...aboutOf(recording, flat, program, times),
    flows: outputs.map(() => 'open'),
  }
}

/** A program of single numbers draws none, and changes nothing. */
const UNTOUCHED: Pick<Binding, 'changed' | 'met' | 'reaches'> = {
  reaches: undefined,
  changed: new Set(),
  met: () => ({ drawn: [], before: new Map() }),
}

/** What is told of a program. The recording itself is not kept: its nodes are many. */
function aboutOf(
  { reads, follows }: Recording,
  { trace, captured }: Flat,
  program: Program,
  { lines }: Times,
): Pick<Binding, 'program' | 'stages' | 'captured' | 'reads' | 'follows' | 'changed' | 'met' | 'reaches'> {
  const { body, buffers } = program
  const loops = body.filter((statement) => statement.kind === 'loop').length
  return {
    program,
    stages: [
      `traced: ${trace.count - trace.inputs} scalar operations on ${trace.inputs} numbers`,
      `re-rolled: ${loops} loops among ${body.length} statements, ${buffers.length} buffers`,
      ...lines,
    ],
    captured: captured.map(({ leaf }) => leaf),
    reads,
    follows,
    ...UNTOUCHED,
  }
}

interface Twin {
  readonly executable: Executable
  readonly views: Twins
}

function twinOf(program: Program, target: Target): Twin {
  const executable = execute(program, target)
  const x = viewOf(executable, program, 'x')
  const outputs = ['value', 'gradient'].map((name) => viewOf(executable, program, name) as FloatArray)
  return { executable, views: { inputs: x === undefined ? [] : [x], outputs } }
}

function closeAll(list: readonly (Executable | undefined)[]): void {
  for (const executable of list) executable?.close()
}
