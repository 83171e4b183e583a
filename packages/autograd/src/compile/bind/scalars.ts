/** Binds programs of single numbers, whose loops were found again. */
import type { Data, FloatArray } from '../../data.ts'
import { CONSTANT } from '../../op.ts'
import { sizeOf } from '../../shape.ts'
import type { Derivation } from '../../transforms/derived.ts'
import { rebuild } from '../../transforms/structure.ts'
import { make, type Value } from '../../value.ts'
import type { Executable } from '../program/executable.ts'
import type { Buffer, Program } from '../program/program.ts'
import { gradientProgram, valueProgram } from '../reroll/programs.ts'
import { reroll } from '../reroll/reroll.ts'
import type { Cells, Flat } from '../trace/flat.ts'
import type { Recording } from '../trace/recording.ts'
import type { Binding, Target } from './binding.ts'
import { download } from './loan.ts'
import { runChecked, type Twins, withCheck } from './plain.ts'
import { execute } from './target.ts'
import { Resident, upload } from './transfer.ts'

function bufferOf({ buffers }: Program, name: string): Buffer | undefined {
  return buffers.find((each) => each.name === name)
}

function viewOf(executable: Executable, program: Program, name: string): FloatArray | undefined {
  const buffer = bufferOf(program, name)
  return buffer === undefined ? undefined : (executable.view(buffer) as FloatArray)
}

function partOf(view: FloatArray, { start, size }: Cells): FloatArray {
  return view.subarray(start, start + size)
}

/** The row of all inputs, and how arguments and leaves from outside get into it. */
class Inputs {
  readonly parts: readonly FloatArray[]
  private readonly row: FloatArray
  private readonly given: readonly Cells[]
  private readonly residents: readonly Resident[]

  constructor(x: FloatArray | undefined, { trace, given, captured }: Flat) {
    this.row = x ?? new Float64Array(trace.inputs)
    this.given = given
    this.parts = given.map((cells) => partOf(this.row, cells))
    this.residents = captured.map(({ leaf, cells }) => new Resident(leaf, partOf(this.row, cells)))
  }

  write(data: readonly Data[]): void {
    const { row, given, parts } = this
    for (let i = 0; i < parts.length; i++) {
      const raw = data[i] as Data
      // A list of many single numbers is common here.
      if (typeof raw === 'number') row[(given[i] as Cells).start] = raw
      else upload(parts[i] as FloatArray, raw)
    }
  }

  bring(): void {
    for (const resident of this.residents) resident.bring()
  }
}

/** Which Values of the arguments the gradient is by, in the order of the results. */
export interface Chosen {
  readonly derivation: Derivation
  /** For each chosen argument the structure, and the places of its Values among all. */
  readonly arguments: readonly { readonly structure: unknown; readonly places: readonly number[] }[]
}

/** Where the host has a clock: the time in ms. */
const clock = (globalThis as { readonly performance?: { now(): number } }).performance

/** How long the parts of the work took, for `explain()`. */
class Times {
  private readonly list: string[] = []

  of<T>(part: string, make: () => T): T {
    if (clock === undefined) return make()
    const start = clock.now()
    const made = make()
    this.list.push(`${part} ${(clock.now() - start).toFixed(1)} ms`)
    return made
  }

  /** In one line; none where nobody knows. */
  get lines(): readonly string[] {
    return this.list.length === 0 ? [] : [`times: ${this.list.join(', ')}`]
  }
}

/** The values of a scalar program; undefined where too little of it repeats. */
export function bindValues(recording: Recording, flat: Flat, target: Target): Binding | undefined {
  const times = new Times()
  const rolled = times.of('re-rolling', () => reroll(flat.trace))
  if (rolled === null) return undefined
  const program = times.of('scheduling', () => valueProgram(rolled))
  const executable = times.of('emitting', () => execute(program, target))
  const inputs = new Inputs(viewOf(executable, program, 'x'), flat)
  const values = viewOf(executable, program, 'value') as FloatArray
  const advance = (): void => {
    inputs.bring()
    executable.run()
  }
  const outputs = recording.outputs.map((_, i) => values.subarray(i, i + 1))
  const run = (data: readonly Data[]): unknown => {
    inputs.write(data)
    advance()
    return rebuild(
      'compile',
      recording.result,
      recording.outputs.map((_, i) => make(CONSTANT, values[i] as number, 0, 0, undefined)),
    )
  }
  const captured = flat.captured.map(({ leaf }) => leaf)
  return {
    run,
    views: { inputs: inputs.parts, outputs, run: advance },
    executable,
    program,
    stages: [...stagesOf(flat, program), ...times.lines],
    captured,
    reads: recording.reads,
    follows: recording.follows,
    closed: undefined,
    open: recording.outputs.map((y) => y.requiresGrad),
  }
}

/** The value and the gradient of a scalar program; undefined where too little of it repeats. */
export function bindGradient(recording: Recording, flat: Flat, chosen: Chosen, target: Target): Binding | undefined {
  const times = new Times()
  const rolled = times.of('re-rolling', () => reroll(flat.trace))
  if (rolled === null) return undefined
  const places = chosen.arguments.flatMap((argument) => argument.places)
  const cells = places.map((place) => flat.given[place] as Cells)
  const order = [...cells].sort((a, b) => a.start - b.start)
  const by = order.flatMap(({ start, size }) => Array.from({ length: size }, (_, i) => start + i))
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
  let next = 0
  const starts = new Map(
    order.map((each) => {
      next += each.size
      return [each, next - each.size]
    }),
  )
  const views = cells.map((each, i) => {
    const shape = (recording.inputs[places[i] as number] as Value).shape
    const start = starts.get(each) ?? 0
    return { view: gradient.subarray(start, start + sizeOf(shape)), shape }
  })
  const { argument, withValue } = chosen.derivation
  const advance = (): void => {
    inputs.bring()
    runChecked(executable, checked, own, exact)
  }
  const outputs = [...(withValue ? [value] : []), ...views.map(({ view }) => view)]
  const run = (data: readonly Data[]): unknown => {
    inputs.write(data)
    advance()
    let at = 0
    const grads = chosen.arguments.map(({ structure, places: own }) =>
      rebuild(
        'compile',
        structure,
        own.map(() => {
          const { view, shape } = views[at++] as (typeof views)[number]
          return make(CONSTANT, download(view, shape), 0, 0, undefined)
        }),
      ),
    )
    const grad = typeof argument === 'number' ? grads[0] : grads
    return withValue ? { value: make(CONSTANT, value[0] as number, 0, 0, undefined), grad } : grad
  }
  const captured = flat.captured.map(({ leaf }) => leaf)
  return {
    run,
    views: { inputs: inputs.parts, outputs, run: advance },
    executable: { ...executable, close: () => closeAll([executable, twin?.executable]) },
    program,
    stages: [...stagesOf(flat, program), ...times.lines],
    captured,
    reads: recording.reads,
    follows: recording.follows,
    closed: undefined,
    open: outputs.map(() => true),
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

function stagesOf({ trace }: Flat, { body, buffers }: Program): string[] {
  const loops = body.filter((statement) => statement.kind === 'loop').length
  return [
    `traced: ${trace.count - trace.inputs} scalar operations on ${trace.inputs} numbers`,
    `re-rolled: ${loops} loops among ${body.length} statements, ${buffers.length} buffers`,
  ]
}
