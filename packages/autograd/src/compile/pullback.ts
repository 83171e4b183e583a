/** The way back through a compiled function: it runs again, meets what it met at the call, and a cotangent goes back. */
import type { Node } from '../node.ts'
import { type Begun, derivedFrom } from '../transforms/derived.ts'
import { pullBack } from '../transforms/reverse.ts'
import { repeating } from '../transforms/streams.ts'
import { argumentValues, rebuildArguments, valuesOf } from '../transforms/structure.ts'
import { traceCall } from '../transforms/trace.ts'
import type { Value } from '../value.ts'

export type Fn = (...args: never[]) => unknown

/** What a call met: its arguments, and the numbers that it drew. In objects, since a list of numbers is one Value. */
export interface Met {
  readonly args: readonly unknown[]
  readonly drawn: readonly Value[]
}

/** The function from what a call met and a cotangent to the cotangents of live arguments, then of the sources. */
export type Pullback = (met: Met, seed: Value) => readonly Value[]

/** Of which function, and which of its results. */
export interface Primal {
  readonly f: Fn
  readonly index: number
  /** What the function closes over that a gradient flows to. */
  readonly sources: readonly Node[]
  /** What it was told of the state that it follows. */
  readonly answers: readonly unknown[]
}

/** The pullback as a function of Values, to be compiled. */
export function pullbackOf({ f, index, sources, answers }: Primal): Pullback {
  const open = new Set(sources)
  const begin = ({ args, drawn }: Met, seed: Value): Begun => {
    const given = argumentValues('compile', args)
    const live = given.filter((x) => x.requiresGrad)
    const run = (_seed: Value, { list }: { list: readonly Value[] }): unknown => {
      let next = 0
      const inside = given.map((x) => (x.requiresGrad ? list[next++] : x))
      return f(...(rebuildArguments('compile', args, inside) as never[]))
    }
    const again = { drawn: drawn.values(), answers: answers.values() }
    // The seed comes along, so that there is an argument even for a function without any.
    const trace = repeating(again, () => traceCall('compile', run, [seed, { list: live }], [0, 1], open))
    const y = valuesOf('compile', trace.result)[index] as Value
    const finish = (): readonly Value[] => pullBack(trace, y, seed).cotangents.slice(1)
    // The gradient of a scalar program has the cotangent as a factor of what it differentiates.
    return { value: y.mul(seed), finish }
  }
  const pull: Pullback = (met, seed) => begin(met, seed).finish() as readonly Value[]
  const derivation = {
    begin: (args: unknown) => begin(...(args as [Met, Value])),
    argument: 0,
    withValue: false,
    sources,
  }
  return derivedFrom(pull as Fn, derivation) as Pullback
}
