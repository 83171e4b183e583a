/**
 * Backpropagation. A node is finished when its last share of cotangent has come in: every use is counted first, then
 * cotangents flow back and each node hands a share to its inputs (Kahn's topological order). Nothing is recursive, and
 * a pass leaves nothing behind but what `finish` keeps.
 */
import { checkShare } from './anomaly.ts'
import { toNdArray } from './data.ts'
import { type Input, mode, type Node } from './node.ts'
import type { Carrier } from './op.ts'
import { type Boundary, countUses, eachInput, type Pass, restore, takeDown } from './walk.ts'

/** A carrier, and how it sees the nodes of the graph. */
export interface Reader<T> {
  readonly k: Carrier<T>
  /** Whether `T` is the nodes' data (first order) or the nodes themselves (any order). */
  readonly plain: boolean
  /** The share with the shape and dtype of the input: summed over what was broadcast. */
  fit(share: T | number, input: Node): T
}

/** An input of the node as the carrier sees it: beside an array, a float64 scalar has a say in the dtype, as forward. */
export function seenBy<T>({ plain }: Reader<T>, input: Input, node: Node): T | number {
  if (typeof input === 'number') return input
  if (!plain) return input as T
  const { raw } = input
  return (typeof raw === 'number' && typeof node.raw !== 'number' && node.op.db !== null ? toNdArray(raw) : raw) as T
}

let active: Pass | null = null

function propagate<T>(
  pass: Pass,
  reader: Reader<T>,
  boundary: Boundary | undefined,
  finish: (node: Node, g: T) => void,
): void {
  const { ready, leaves, clock } = pass
  const { k, plain } = reader
  const of = (input: Input): T | number => seenBy(reader, input, node)
  const root = pass.current
  let node = root
  let g: T
  let y: T
  let list: readonly (T | number)[] = []
  const hand = (input: Node, index: number): void => {
    // With a boundary, only what leads to it was counted, and its sources may lie before it.
    if (boundary !== undefined && input.stamp <= 0 && !boundary.sources?.has(input)) return
    const { op, a, b, args } = node
    const raw =
      op.dlist !== null
        ? op.dlist(k, g, y, list, index, args)
        : (index === 0 ? op.da : op.db)?.(k, g, y, of(a as Input), of(b), args)
    // Two numbers, the case of scalar graphs, need no fitting.
    const share =
      plain && typeof raw === 'number' && typeof input.raw === 'number' ? (raw as T) : reader.fit(raw ?? 0, input)
    if (mode.anomaly) checkShare(share, node, input)
    const sum = input.cotangent === undefined ? share : k.add(input.cotangent as T, share)
    if (input.stamp <= 0) {
      if (input.cotangent === undefined) leaves.push(input)
      input.cotangent = sum
    } else {
      input.cotangent = sum
      if (--input.stamp === 0) ready.push(input)
    }
  }
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    node = next
    pass.current = node
    g = node.cotangent as T
    node.cotangent = undefined
    // A root that was not counted (a leaf, or older than the boundary) keeps its stamp.
    if (node !== root || node.stamp > 0) node.stamp = clock
    finish(node, g)
    if (boundary !== undefined && node.args === boundary) continue
    y = (plain ? node.raw : node) as T
    if (node.op.dlist !== null) list = (node.a as readonly Input[]).map(of)
    eachInput(node, hand)
  }
  for (const leaf of leaves) {
    g = leaf.cotangent as T
    leaf.cotangent = undefined
    finish(leaf, g)
  }
  leaves.length = 0
}

/** Runs one pass with a carrier: from the seed, calling `finish` with the complete cotangent of each node reached. */
export type Run = <T>(reader: Reader<T>, seed: T, finish: (node: Node, cotangent: T) => void) => void

/**
 * Pulls a cotangent of `root` back through the graph. `start` is told whether the graph is open and runs the pass.
 * Nodes whose `args` are `boundary` are finished but not passed through.
 * @throws GradientError when a leaf was assigned to since it was read.
 */
export function backpropagate(
  root: Node,
  boundary: Boundary | undefined,
  start: (open: boolean, run: Run) => void,
): void {
  const outer = active
  // A rule may itself differentiate: the pass that it runs in is put aside meanwhile.
  const aside = outer === null ? [] : takeDown(outer)
  const pass: Pass = { clock: mode.clock, ready: [root], leaves: [], current: root }
  active = pass
  try {
    start(countUses(root, boundary), (reader, seed, finish) => {
      root.cotangent = seed
      propagate(pass, reader, boundary, finish)
    })
  } catch (error) {
    takeDown(pass)
    throw error
  } finally {
    active = outer
    restore(aside)
  }
}
