/** Calls the function once, on stand-ins for its arguments, and keeps what it did. */
import { show, TraceError } from '../../errors.ts'
import { type Effect, mode, Node, type Recorder } from '../../node.ts'
import { EXAMPLE, FIXED } from '../../op.ts'
import { checkSynchronous } from '../../transforms/recording.ts'
import { mapStructure } from '../../transforms/structure.ts'
import { make, type Value } from '../../value.ts'

export interface Recording {
  /** What stands for each Value of the arguments, in order. */
  readonly inputs: readonly Value[]
  /** What the function returned, made of recorded Values. */
  readonly result: unknown
  readonly outputs: readonly Value[]
  readonly clock: number
  readonly nodes: readonly Node[]
  readonly began: number
  readonly reads: Recorder['reads']
  readonly follows: Recorder['follows']
  readonly draws: Recorder['draws']
  readonly effects: readonly Effect[]
  /** The gradients that the function left on leaves from outside. */
  readonly gradients: readonly { readonly leaf: Node; readonly gradient: Node }[]
}

/** @throws TraceError where the function reads a number that is only known when the program runs. */
export function record(f: (...args: never[]) => unknown, args: readonly unknown[]): Recording {
  const before = { recording: mode.recording, compiling: mode.compiling }
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
  }
  const inputs: Value[] = []
  const standIns = args.map((arg) =>
    mapStructure('compile', arg, (x) => {
      const input = make(x.requiresGrad ? EXAMPLE : FIXED, x.raw, 0, 0, undefined)
      inputs.push(input)
      return x.label === undefined ? input : input.withLabel(x.label)
    }),
  )
  mode.compiling = recorder
  mode.recording = true
  mode.tracing++
  try {
    const result = f(...(standIns as never[]))
    checkSynchronous('compile', result)
    const outputs: Value[] = []
    mapStructure('compile', result, (y) => outputs.push(y))
    if (outputs.length === 0 && recorder.effects.length === 0 && recorder.graded.size === 0) {
      throw new TraceError(
        `compile: the function returned ${show(result)}, in which there is no Value, and changed none. Return Values.`,
      )
    }
    const gradients = [...recorder.graded.keys()].flatMap((leaf) => {
      const { gradient } = leaf
      return gradient instanceof Node ? [{ leaf, gradient }] : []
    })
    return { inputs, result, outputs, gradients, ...recorder }
  } finally {
    for (const [leaf, gradient] of recorder.graded) leaf.gradient = gradient
    mode.tracing--
    mode.compiling = before.compiling
    mode.recording = before.recording
  }
}
