/** Runs a function on arguments of its own, so that the graph between them and the result can be differentiated. */

import { GradientError, show } from '../errors.ts'
import { mode, type Node } from '../node.ts'
import { ARGUMENT } from '../op.ts'
import { inOrder } from '../pass.ts'
import { make, type Value } from '../value.ts'
import type { Boundary } from '../walk.ts'
import { withRecording } from './recording.ts'
import { mapStructure } from './structure.ts'

export interface Trace {
  /** What the function returned. */
  readonly result: unknown
  /** The nodes that stand for the differentiated arguments, flattened, in the order of the arguments. */
  readonly inputs: readonly Value[]
  /** What marks them: the boundary of passes. */
  readonly token: Boundary
  /** Whether results have to stay differentiable: an argument is, and recording was on. */
  readonly live: boolean
  /** Whether recording was on when the function was called. */
  readonly recording: boolean
}

/**
 * Calls f with Values: the chosen arguments replaced by fresh nodes, numbers and arrays in the others by constants.
 * Recording is on inside, whatever surrounds it. Passes also reach the sources, if there are any.
 */
export function traceCall(
  name: string,
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  chosen: readonly number[],
  sources?: ReadonlySet<Node>,
): Trace {
  // The clock goes on, so that whatever was made before can be told from what depends on the arguments.
  if (typeof f !== 'function') {
    throw new GradientError(`${name}: got ${show(f)}. Give a function that returns a Value.`)
  }
  const token: Boundary = { clock: --mode.clock, ...(sources && { sources }) }
  const recording = mode.recording
  const inputs: Value[] = []
  let live = false
  const replaced = args.map((arg, index) =>
    mapStructure(name, arg, (x) => {
      if (!chosen.includes(index)) return x
      live ||= x.requiresGrad
      const input = make(ARGUMENT, x.raw, x, 0, token)
      if (mode.mapped?.has(x)) mode.mapped.add(input)
      inputs.push(input)
      return x.label === undefined ? input : input.withLabel(x.label)
    }),
  )
  if (inputs.length === 0) {
    const got = args.length === 0 ? 'no arguments' : args.map(show).join(', ')
    throw new GradientError(`${name}: got ${got}, nothing to differentiate by. Give Values, numbers or arrays.`)
  }
  const result = withRecording(name, true, () => f(...(replaced as never[])))
  return { result, inputs, token, recording, live: recording && live }
}

/** A result of the traced function, freed from the graph where nothing outside can be differentiated through it. */
export function settle(trace: Trace, y: Value): Value {
  return trace.recording && (trace.live || (y.requiresGrad && inOrder(y, trace.token).open)) ? y : y.detach()
}
