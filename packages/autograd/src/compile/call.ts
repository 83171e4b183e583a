/** What a call of a compiled function met, for the gradients that are asked for later. */
import { type Assigned, mode, type Node } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { withLeaves } from '../transforms/streams.ts'
import { mapStructure } from '../transforms/structure.ts'
import { make, Value } from '../value.ts'
import type { Encounter } from './bind/binding.ts'
import type { Met, Pullback } from './pullback.ts'

/** The numbers that nodes hold now. Numbers are replaced, never changed: nothing is copied. */
function numbersOf(nodes: readonly Node[]): Assigned {
  return new Map(nodes.map((node) => [node, { raw: node.raw, stamp: node.stamp }]))
}

/** What a program reads from outside that no gradient flows to. */
export class Held {
  private readonly nodes: readonly Node[]
  private readonly constants: Assigned
  private latest: Assigned

  /** The constants are part of the program, which ends when they change. */
  constructor(nodes: readonly Node[], constants: readonly Node[]) {
    this.nodes = nodes
    this.constants = numbersOf(constants)
    this.latest = new Map()
  }

  /** The same maps for as long as nothing changes. */
  now(): readonly Assigned[] {
    const { nodes, latest } = this
    if (nodes.some((node) => latest.get(node)?.stamp !== node.stamp)) this.latest = numbersOf(nodes)
    return [this.constants, this.latest]
  }
}

/** An argument as it is now. Those that a gradient flows to are inputs of a step, which refuses them once they change. */
function kept(x: Value): Value {
  return x.requiresGrad ? x : make(CONSTANT, x.raw, 0, 0, undefined)
}

/** One call: its arguments as they were, what it drew, and what the leaves held that have changed since. */
export class Call {
  private readonly met: Met
  private readonly found: readonly Assigned[]

  /** @param live Arguments that some result only looks at: it has the numbers of the call, whatever becomes of them. */
  constructor(args: readonly unknown[], live: readonly Value[], held: Held, { drawn, before }: Encounter) {
    this.met = {
      args: args.map((arg) => (arg instanceof Value ? kept(arg) : mapStructure('compile', arg, kept))),
      drawn: drawn.map((raw) => make(CONSTANT, raw, 0, 0, undefined)),
    }
    this.found = [...held.now(), before, numbersOf(live)]
  }

  /** Runs the pullback with the numbers that the leaves had. */
  pull(pullback: Pullback, g: Value): readonly Value[] {
    const moved = new Map<Node, { readonly raw: Node['raw']; readonly stamp: number }>()
    for (const part of this.found) {
      for (const [leaf, then] of part) if (leaf.stamp !== then.stamp) moved.set(leaf, then)
    }
    if (moved.size === 0) return pullback(this.met, g)
    // Where the pullback runs step by step, what it recorded may be used afterwards.
    return withLeaves(moved, mode.tracing === 0 && !mode.anomaly, () => pullback(this.met, g))
  }
}
