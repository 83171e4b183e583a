/** Calls the function once, on stand-ins for its arguments, and keeps what it did. */
import { show, TraceError } from '../../errors.ts'
import { type Graded, mode, Node, type Recorder } from '../../node.ts'
import { EXAMPLE, FIXED, LEAF } from '../../op.ts'
import { checkSynchronous } from '../../transforms/recording.ts'
import { mapStructure, valuesOf } from '../../transforms/structure.ts'
import { make, type Value } from '../../value.ts'

export interface Recording extends Recorder {
  /** What stands for each Value of the arguments, in order. */
  readonly inputs: readonly Value[]
  /** What the function returned, made of recorded Values. */
  readonly result: unknown
  readonly outputs: readonly Value[]
  /** What the function did to the gradients of leaves and arguments. */
  readonly gradients: readonly Left[]
}

/** The gradient that a node has after a call. */
export interface Left extends Graded {
  readonly of: Node
  readonly gradient: Node | undefined
}

/** Calls `f` with the recorder on; the gradients of leaves are afterwards what they were before. */
function during<R>(recorder: Recorder, f: () => R): R {
  const before = { recording: mode.recording, compiling: mode.compiling }
  mode.compiling = recorder
  mode.recording = true
  mode.tracing++
  try {
    return f()
  } finally {
    for (const [leaf, { before }] of recorder.graded) leaf.gradient = before
    mode.tracing--
    mode.compiling = before.compiling
    mode.recording = before.recording
  }
}

function valuesIn(result: unknown): readonly Value[] {
  checkSynchronous('compile', result)
  return valuesOf('compile', result)
}

/** @throws TraceError where the function reads a number that is only known when the program runs. */
export function record(f: (...args: never[]) => unknown, args: readonly unknown[]): Recording {
  const clock = --mode.clock
  const recorder: Recorder = {
    clock,
    began: clock,
    reads: new Map(),
    follows: [],
    graded: new Map(),
    nodes: [],
    draws: [],
    effects: [],
    replayed: [],
  }
  const inputs: Value[] = []
  const standIns = args.map((arg) =>
    mapStructure('compile', arg, (x) => {
      const input = make(x.requiresGrad ? EXAMPLE : FIXED, x.raw, 0, 0, undefined)
      inputs.push(input)
      return x.label === undefined ? input : input.withLabel(x.label)
    }),
  )
  return during(recorder, () => {
    const result = f(...(standIns as never[]))
    const outputs = valuesIn(result)
    if (outputs.length === 0 && recorder.effects.length === 0 && recorder.graded.size === 0) {
      throw new TraceError(
        `compile: the function returned ${show(result)}, in which there is no Value, and changed none. Return Values.`,
      )
    }
    const given = new Set<Node>(inputs)
    const gradients = Array.from(recorder.graded, ([of, graded]): Left => {
      return { ...graded, of, gradient: of.gradient instanceof Node ? of.gradient : undefined }
    }).filter(({ of }) => of.op === LEAF || given.has(of))
    return { inputs, result, outputs, gradients, ...recorder }
  })
}

/** The recording with what is left to do of the call, whose result takes the place of the first one. */
export function goOn(recording: Recording, finish: () => unknown): Recording {
  return during(recording, () => {
    const result = finish()
    return { ...recording, result, outputs: valuesIn(result) }
  })
}
