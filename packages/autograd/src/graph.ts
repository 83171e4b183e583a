/**
 * Backpropagation. A node is finished when its last share of cotangent has come in: every use is counted first, then
 * cotangents flow back and each node hands a share to its inputs (Kahn's topological order). Nothing is recursive, and
 * a pass leaves nothing behind but what `finish` keeps.
 */

import { checkShare } from './anomaly.ts'
import { GradientError } from './errors.ts'
import { type Input, isLeaf, mode, type Node, nameOf } from './node.ts'
import { ARGUMENT, type Carrier, CONSTANT, LEAF } from './op.ts'

/** A carrier, and how it sees the nodes of the graph. */
export interface Reader<T> {
  readonly k: Carrier<T>
  /** Whether `T` is the nodes' data (first order) or the nodes themselves (any order). */
  readonly plain: boolean
  /** The share with the shape and dtype of the input: summed over what was broadcast. */
  fit(share: T | number, input: Node): T
}

/** An input as the carrier sees it. */
export function seenBy<T>({ plain }: Reader<T>, input: Input): T | number {
  return typeof input === 'number' ? input : ((plain ? input.raw : input) as T)
}

interface Pass {
  readonly ready: Node[]
  readonly leaves: Node[]
  current: Node
}

let active: Pass | null = null

/** Calls `visit` for each input of the node that a gradient flows to. */
function eachInput(node: Node, visit: (input: Node, index: number) => void): void {
  const { a, b, op } = node
  if (op.dlist !== null) {
    ;(a as readonly Input[]).forEach((input, i) => {
      if (typeof input === 'object' && input.op !== CONSTANT && i !== op.held) visit(input, i)
    })
    return
  }
  if (typeof a === 'object' && op.da !== null && (a as Node).op !== CONSTANT) visit(a as Node, 0)
  if (typeof b === 'object' && op.db !== null && b.op !== CONSTANT) visit(b, 1)
}

/** A leaf that was assigned to after the node read it would give a wrong gradient in silence. */
function checkFresh(node: Node, input: Input | readonly Input[]): void {
  if (typeof input === 'number') return
  if (!('op' in input)) {
    for (const one of input) checkFresh(node, one)
  } else if (input.stamp < node.stamp && isLeaf(input)) {
    throw new GradientError(
      `backward: ${nameOf(input)} was assigned to after ${nameOf(node)} was computed from it. Compute the result again before asking for its gradient.`,
    )
  }
}

/**
 * Sets `stamp` of every node between `root` and the boundary to the number of its uses. Leaves keep no count.
 * Tells whether the graph is open: whether it goes back to something differentiable besides the boundary.
 */
function countUses(root: Node, boundary: unknown): boolean {
  const stack: Node[] = []
  let open = false
  const reach = (node: Node): void => {
    if (node.op === LEAF) open = true
    else if (node.stamp > 0) node.stamp++
    else {
      checkFresh(node, node.a)
      checkFresh(node, node.b)
      node.stamp = 1
      if (boundary === undefined || node.args !== boundary) stack.push(node)
      // The argument of a surrounding transform is a source too; that of an inner one leads to its source.
      if (node.op === ARGUMENT && node.args !== boundary && (node.a as Node).op === CONSTANT) open = true
    }
  }
  reach(root)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) eachInput(node, reach)
  return open
}

function propagate<T>(pass: Pass, reader: Reader<T>, boundary: unknown, finish: (node: Node, g: T) => void): void {
  const { ready, leaves } = pass
  const { k, plain } = reader
  const of = (input: Input): T | number => seenBy(reader, input)
  let node = pass.current
  let g: T
  let y: T
  let list: readonly (T | number)[] = []
  const hand = (input: Node, index: number): void => {
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
    if (input.op === LEAF) {
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
    if (node.op !== LEAF) node.stamp = -mode.clock
    finish(node, g)
    if (boundary !== undefined && node.args === boundary) continue
    y = of(node) as T
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

interface Saved {
  readonly node: Node
  readonly stamp: number
  readonly cotangent: unknown
}

/** Clears the scratch fields of all nodes that a pass has not finished, and returns what they held. */
function takeDown({ ready, leaves, current }: Pass): Saved[] {
  const saved: Saved[] = []
  const todo: Node[] = [current]
  const visit = (node: Node): void => {
    if (node.stamp <= 0 && node.cotangent === undefined) return
    saved.push({ node, stamp: node.stamp, cotangent: node.cotangent })
    if (!isLeaf(node)) node.stamp = -mode.clock
    node.cotangent = undefined
    todo.push(node)
  }
  for (const node of ready) visit(node)
  for (const leaf of leaves) visit(leaf)
  visit(current)
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) eachInput(node, visit)
  return saved
}

/** Runs one pass with a carrier: from the seed, calling `finish` with the complete cotangent of each node reached. */
export type Run = <T>(reader: Reader<T>, seed: T, finish: (node: Node, cotangent: T) => void) => void

/**
 * Pulls a cotangent of `root` back through the graph. `start` is told whether the graph is open and runs the pass.
 * Nodes whose `args` are `boundary` are finished but not passed through.
 * @throws GradientError when a leaf was assigned to since it was read.
 */
export function backpropagate(root: Node, boundary: unknown, start: (open: boolean, run: Run) => void): void {
  const outer = active
  // A rule may itself differentiate: the pass that it runs in is put aside meanwhile.
  const aside = outer === null ? [] : takeDown(outer)
  const pass: Pass = { ready: [root], leaves: [], current: root }
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
    for (const { node, stamp, cotangent } of aside) {
      node.stamp = stamp
      node.cotangent = cotangent
    }
  }
}

/** The nodes between `root` and the boundary, each after all of its inputs, and whether the graph is open. */
export function inOrder(root: Node, boundary: unknown): { order: Node[]; open: boolean } {
  const order: Node[] = []
  const pass: Pass = { ready: [root], leaves: [], current: root }
  const release = (input: Node): void => {
    if (input.op !== LEAF && --input.stamp === 0) pass.ready.push(input)
  }
  try {
    const open = countUses(root, boundary)
    for (let node = pass.ready.pop(); node !== undefined; node = pass.ready.pop()) {
      if (node.op !== LEAF) node.stamp = -mode.clock
      order.push(node)
      if (boundary === undefined || node.args !== boundary) eachInput(node, release)
    }
    return { order: order.reverse(), open }
  } catch (error) {
    takeDown(pass)
    throw error
  }
}
