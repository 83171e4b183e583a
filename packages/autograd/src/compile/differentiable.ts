/** Results of a program, connected with what they were computed from: their gradients are programs too. */
import type { Node } from '../node.ts'
import { isLive } from '../op.ts'
import { mapStructure } from '../transforms/structure.ts'
import { Value } from '../value.ts'
import type { Binding } from './bind/binding.ts'
import type { Flow, Reach } from './bind/flow.ts'
import { Call, Held } from './call.ts'
import type { Fn } from './pullback.ts'
import { type Compiled, PullbackStore, type Pullbacks } from './pullbacks.ts'
import { type Pull, stepOf } from './step.ts'

/** What a program closes over, and the way back to it. */
interface Surroundings {
  /** What a gradient flows to. */
  readonly live: readonly Node[]
  /** The same without what the function assigns to: no gradient flows there, but the next call changes it. */
  readonly sources: readonly Node[]
  /** Of arguments and sources what each result does not depend on. */
  readonly missed: readonly (ReadonlySet<number> | undefined)[]
  /** What else it reads. */
  readonly held: Held
  readonly pullbacks: Pullbacks
}

function surroundingsOf(binding: Binding, store: PullbackStore): Surroundings {
  const { captured, changed, reads, reaches } = binding
  const isReached = (node: Node): boolean =>
    isLive(node.op) && (reaches?.some(({ outside }) => outside.has(node)) ?? true)
  const live = captured.filter(isReached)
  const sources = live.filter((node) => !changed.has(node))
  const held = new Held(
    captured.filter((node) => !isReached(node) && !changed.has(node)),
    [...reads.keys()],
  )
  const missed = reaches?.map((reach) => missedBy(reach, sources)) ?? []
  return { live, sources, missed, held, pullbacks: store.of(binding, sources) }
}

/** What a pullback has shares for, and each of it once: a Value may be given twice. */
interface Ways {
  readonly nodes: readonly Node[]
  readonly inputs: readonly Node[]
}

/** To arguments and what a function closes over, put together once for all results of a call. */
function waysTo(live: readonly Value[], outside: readonly Node[]): () => Ways {
  let ways: Ways | undefined
  return () => {
    if (live.length === 0) return { nodes: outside, inputs: outside }
    if (ways === undefined) {
      const nodes = [...live, ...outside]
      ways = { nodes, inputs: [...new Set(nodes)] }
    }
    return ways
  }
}

/** Of arguments and sources the places of those that no gradient of a result goes to; undefined where it goes to all. */
function missedBy({ live, outside }: Reach, sources: readonly Node[]): ReadonlySet<number> | undefined {
  const reached = [...live, ...sources.map((node) => outside.has(node))]
  return reached.includes(false) ? new Set(reached.flatMap((is, i) => (is ? [] : [i]))) : undefined
}

/** The shares of different inputs, each the sum of those that belong to it: a Value may be given twice. */
function gathered(inputs: readonly Node[], nodes: readonly Node[], shares: readonly Value[]): readonly Value[] {
  if (inputs.length === nodes.length) return shares
  const sums = new Map<Node, Value>()
  for (const [i, node] of nodes.entries()) {
    const before = sums.get(node)
    const share = shares[i] as Value
    sums.set(node, before === undefined ? share : before.add(share))
  }
  return inputs.map((node) => sums.get(node) as Value)
}

function refusing(error: () => Error): Pull {
  return () => {
    throw error()
  }
}

/** Connects results with what they were computed from. */
export type Connect = (result: unknown, args: readonly unknown[], live: readonly Value[], binding: Binding) => unknown

export interface Differentiable {
  readonly connect: Connect
  /** Ends the programs of the gradients. */
  close(): void
}

export function differentiable(f: Fn, compile: (pull: Fn) => Compiled): Differentiable {
  const store = new PullbackStore(f, compile)
  const known = new WeakMap<Binding, Surroundings>()
  const around = (binding: Binding): Surroundings => {
    const found = known.get(binding)
    if (found !== undefined) return found
    const made = surroundingsOf(binding, store)
    known.set(binding, made)
    return made
  }
  const connect: Connect = (result, args, live, binding) => {
    const { live: outside, sources, missed, held, pullbacks } = around(binding)
    if (live.length === 0 && outside.length === 0) return result
    let made: Call | undefined
    const toAll = waysTo(live, outside)
    const toSources = waysTo(live, sources)
    const connected = (y: Value, flow: Flow | undefined, index: number): Value => {
      if (flow === undefined || flow === 'none') return y
      if (flow !== 'open') return stepOf(y, toAll().inputs, refusing(flow))
      const { nodes, inputs: all } = toSources()
      const missing = missed[index]
      const inputs = missing === undefined ? all : [...new Set(nodes.filter((_, i) => !missing.has(i)))]
      if (inputs.length === 0) return y
      made ??= new Call(args, missed.some((each) => each !== undefined) ? live : [], held, binding.met())
      const call = made
      return stepOf(y, inputs, (g) => gathered(inputs, nodes, call.pull(pullbacks.of(index), g)))
    }
    const { flows } = binding
    // A step of training returns its loss: the one case that has to be quick.
    if (result instanceof Value) return connected(result, flows[0], 0)
    let index = 0
    return mapStructure('compile', result, (y) => {
      const own = index++
      return connected(y, flows[own], own)
    })
  }
  return { connect, close: () => store.close() }
}
