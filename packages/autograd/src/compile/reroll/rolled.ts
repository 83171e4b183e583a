/** The rolled form: loops around the nodes of one iteration, and where each operand comes from. */
import type { Chained, TermKind } from './chains.ts'
import type { Kind } from './flat.ts'

export interface LoopNode {
  readonly kind: 'loop'
  /** The first node of the first iteration, in the first iteration of the loops around. */
  readonly start: number
  readonly period: number
  readonly count: number
  /** The loops around, outermost first, and this one. */
  readonly path: readonly LoopNode[]
  readonly body: Item[]
  /** Whether an iteration reads what another one made; set when operands are known. */
  sequential: boolean
  /** Whether lanes run along it. */
  vector: boolean
}

/** A node of the body of a loop (or of the straight part), once an iteration. */
export interface Leaf {
  readonly kind: 'leaf'
  /** The node in the first iteration of all loops. */
  readonly id: number
  readonly path: readonly LoopNode[]
  readonly op: Kind
  /** One an operand; of an addition into a sum, the term alone. */
  slots: readonly Slot[]
  /** How a term enters its sum; null for other nodes. */
  readonly term: TermKind | null
  /** The sum, or where the sums are that iterations add to. */
  into: Sum | Cells | null
  /** Where its value is kept for others than its own iteration. */
  group: Group | null
}

/** A sum, complete once an iteration of the loops of `path`. */
export interface Sum {
  readonly kind: 'sum'
  /** Its last addition in the first iteration. */
  readonly id: number
  readonly path: readonly LoopNode[]
  readonly members: Leaf[]
  /** Whether its terms are added in memory, since one node adds to many sums. */
  inMemory: boolean
  group: Group | null
}

export type Producer = Leaf | Sum
export type Item = Leaf | LoopNode

/** base + Σ stride·iteration along the loops around the reader; with a table, the entry there. */
export interface Place {
  readonly base: number
  readonly strides: readonly number[]
  readonly table: Int32Array | null
}

/** Where an operand comes from. */
export type Slot =
  | { readonly kind: 'constant'; readonly value: number }
  /** A constant for each iteration, row by row. */
  | { readonly kind: 'table'; readonly values: Float64Array; readonly strides: readonly number[] }
  | { readonly kind: 'input'; readonly place: Place }
  /** Made in the same iteration of all loops around the producer. */
  | { readonly kind: 'local'; readonly from: Producer }
  | Carried
  | Last
  | Cells

/** What the iteration before made; `init` in the first one. */
export interface Carried {
  readonly kind: 'carried'
  readonly from: Producer
  readonly loop: LoopNode
  readonly init: Slot
}

/** What the last iteration of a loop made that hands it on from each to the next, for those who come behind the loop. */
export interface Last {
  readonly kind: 'last'
  readonly of: Carried
}

/** A cell of memory that other iterations or other loops filled. */
export interface Cells {
  readonly kind: 'cells'
  readonly group: Group
  readonly place: Place
  /** Loops around the reader in other iterations of which it is made: a bit for each level. */
  readonly across: number
}

/** Values that share memory, since some operand reads now this one, now that one. Cells are numbered by age. */
export interface Group {
  readonly producers: readonly Producer[]
  /** The loops in each iteration of which all cells are filled and read anew. */
  readonly path: readonly LoopNode[]
  readonly size: number
  /** The node of each cell, in the first iteration of those loops. */
  readonly ids: Int32Array
  /** Where each producer writes, in the order of `producers`. */
  readonly places: ReadonlyMap<Producer, Place>
}

export interface Rolled {
  readonly trace: Chained
  readonly items: readonly Item[]
  readonly leaves: readonly Leaf[]
  readonly sums: readonly Sum[]
  readonly groups: readonly Group[]
  readonly lasts: readonly Last[]
  readonly outputs: readonly Slot[]
}

/** The places and constants of a slot along the path of its reader, to be evaluated in order of iterations. */
export function countsOf(path: readonly LoopNode[]): number[] {
  return path.map(({ count }) => count)
}

/** What a slot may read: all producers of a group, or the one producer. */
export function sourcesOf(slot: Slot): readonly Producer[] {
  if (slot.kind === 'local') return [slot.from]
  if (slot.kind === 'carried') return [slot.from, ...sourcesOf(slot.init)]
  if (slot.kind === 'last') return [slot.of.from]
  return slot.kind === 'cells' ? slot.group.producers : []
}

export function isInside({ path }: Producer, loop: LoopNode): boolean {
  return path[loop.path.length - 1] === loop
}
