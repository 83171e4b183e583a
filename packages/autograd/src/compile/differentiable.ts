/** Results of a program as steps of a graph: their gradients are programs too. */
import { filled } from '../data.ts'
import { UnsupportedError } from '../errors.ts'
import { backpropagate } from '../graph.ts'
import type { Node } from '../node.ts'
import { isLive, type Op, op } from '../op.ts'
import { insideOf, shareOf } from '../transforms/inside.ts'
import { withRecording } from '../transforms/recording.ts'
import { vjp } from '../transforms/reverse.ts'
import { mapStructure, valuesOf } from '../transforms/structure.ts'
import { traceCall } from '../transforms/trace.ts'
import { make, Value, valueReader, values } from '../value.ts'
import type { Binding } from './bind/binding.ts'

type Fn = (...args: never[]) => unknown
/** The cotangents of the inputs for one of the result. */
type Pull = (g: Value) => readonly Value[]

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

/** The function from arguments and a cotangent of one result to the cotangents of live arguments and captured nodes. */
function pullbackOf(f: Fn, index: number, captured: readonly Node[]): Fn {
  const sources = new Set(captured)
  const pull = (args: readonly unknown[], seed: Value): Value[] => {
    const chosen = args.map((_, i) => i)
    // The seed comes along, so that there is an argument even for a function without any.
    const trace = traceCall(
      'compile',
      (_: unknown, ...rest: unknown[]) => f(...(rest as never[])),
      [seed, ...args],
      [0, ...chosen.map((i) => i + 1)],
      sources,
    )
    const root = valuesOf('compile', trace.result)[index] as Value
    const found = new Map<Node, Value>()
    if (root.requiresGrad) {
      backpropagate(root, trace.token, (_open, run) =>
        run(valueReader, seed, (node, g) => {
          if (node.args === trace.token || sources.has(node)) found.set(node, g)
        }),
      )
    }
    return [...trace.inputs.slice(1), ...captured].map(
      (node) => found.get(node) ?? values.constant(filled((node as Value).shape, 0, (node as Value).dtype)),
    )
  }
  return pull as Fn
}

function unreachable(why: string): UnsupportedError {
  return new UnsupportedError(
    `compile: the compiled function ${why}, so running it again for a gradient from outside would give something else. Take the gradient inside of it: compile(valueAndGrad(f)), or backward() in f.`,
  )
}

/** Results that nothing can be differentiated through: a pass that reaches one says why. */
function refusing(result: unknown, inputs: readonly Node[], why: string, flows: readonly boolean[]): unknown {
  const pull = (): never => {
    throw unreachable(why)
  }
  const args: CompiledArgs = { step: { pull, last: inputs.length - 1 } }
  const refused = (y: Value): Value => {
    const made = make(COMPILED as Op, y.raw, inputs, 0, args)
    return y.label === undefined ? made : made.withLabel(y.label)
  }
  // A step of training returns its loss: the one case that has to be quick.
  if (result instanceof Value) return flows[0] === false ? result : refused(result)
  let index = 0
  return mapStructure('compile', result, (y) => (flows[index++] === false ? y : refused(y)))
}

/** Connects results with what they were computed from. */
export type Connect = (
  result: unknown,
  args: readonly unknown[],
  live: readonly Value[],
  binding: Pick<Binding, 'captured' | 'closed' | 'open'>,
) => unknown

/** A compiled function, which may have threads to end. */
type Compiled = Fn & { close(): void }

export interface Differentiable {
  readonly connect: Connect
  /** Ends the programs of the gradients. */
  close(): void
}

export function differentiable(f: Fn, compile: (pull: Fn) => Compiled): Differentiable {
  const pullbacks = new Map<number, { readonly captured: readonly Node[]; readonly pull: Compiled }>()
  // The same list for the same captured nodes, so that pullbacks are found again.
  const lists = new WeakMap<readonly Node[], readonly Node[]>()
  const openOf = (captured: readonly Node[]): readonly Node[] => {
    const open = lists.get(captured) ?? captured.filter((node) => isLive(node.op))
    lists.set(captured, open)
    return open
  }
  const pullback = (index: number, captured: readonly Node[]): Fn => {
    const known = pullbacks.get(index)
    if (known?.captured === captured) return known.pull
    known?.pull.close()
    const pull = compile(pullbackOf(f, index, captured))
    pullbacks.set(index, { captured, pull })
    return pull
  }
  const connect: Connect = (result, args, live, { captured, closed, open: flows }) => {
    const open = openOf(captured)
    if (live.length === 0 && open.length === 0) return result
    const inputs = live.length === 0 ? open : [...new Set<Node>([...live, ...open])]
    if (closed !== undefined) return refusing(result, inputs, closed, flows)
    let index = 0
    return mapStructure('compile', result, (y) => {
      const own = index++
      if (flows[own] === false) return y
      const pull: Pull = (g) => {
        const all = pullback(own, open)(args as never, g as never) as Value[]
        const given = valuesOf('compile', args)
        const wanted = new Map<Node, Value>()
        for (const [i, node] of [...given, ...open].entries()) {
          // A Value may be given twice.
          const before = wanted.get(node)
          wanted.set(node, before === undefined ? (all[i] as Value) : before.add(all[i] as Value))
        }
        return inputs.map((node) => wanted.get(node) as Value)
      }
      const made = make(COMPILED as Op, y.raw, inputs, 0, { step: { pull, last: inputs.length - 1 } })
      return y.label === undefined ? made : made.withLabel(y.label)
    })
  }
  const close = (): void => {
    for (const { pull } of pullbacks.values()) pull.close()
    pullbacks.clear()
  }
  return { connect, close }
}
