/** The result of a program as a step of a graph. */
import type { Node } from '../node.ts'
import { type Op, op } from '../op.ts'
import { insideOf, shareOf } from '../transforms/inside.ts'
import { withRecording } from '../transforms/recording.ts'
import { vjp } from '../transforms/reverse.ts'
import { make, type Value, values } from '../value.ts'

/** The cotangents of the inputs for one of the result. */
export type Pull = (g: Value) => readonly Value[]

interface CompiledArgs {
  readonly step: { readonly pull: Pull; readonly last: number }
}

const COMPILED: Op<CompiledArgs> = op<CompiledArgs>({
  name: 'compiled',
  linearity: 'custom',
  // Made with its numbers, by the program.
  forwardList: () => 0,
  dlist: (k, g, _y, _inputs, index, { step }) => {
    const { live, toValue, fromValue } = insideOf('compile', k)
    const pull = (): readonly Value[] => step.pull(toValue(g))
    const compute = (): readonly Value[] => (live ? pull() : withRecording('compile', false, pull))
    return shareOf(step, g, index, step.last, () => compute().map(fromValue))
  },
  // The pullback is linear in the cotangent, so its own pullback is the pushforward.
  pushList: (k, tangents, y, inputs, { step }) => {
    const { live, toValue, fromValue } = insideOf('compile', k)
    const run = (): Value => {
      const along = tangents.map((t, i) => toValue(t ?? k.mulNoNan(0, inputs[i] ?? 0)))
      const zero = values.mulNoNan(0, toValue(y).detach())
      return vjp((g: Value) => [...step.pull(g)], zero).pullback(along) as Value
    }
    return fromValue(live ? run() : withRecording('compile', false, run))
  },
})

/** The numbers and the label of `y`, computed from the inputs. */
export function stepOf(y: Value, inputs: readonly Node[], pull: Pull): Value {
  const args: CompiledArgs = { step: { pull, last: inputs.length - 1 } }
  const made = make(COMPILED as Op, y.raw, inputs, 0, args)
  return y.label === undefined ? made : made.withLabel(y.label)
}
