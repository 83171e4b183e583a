/**
 * Backpropagation. A node is finished when its last share of cotangent has come in: every use is counted first, then
 * cotangents flow back and each node hands a share to its inputs (Kahn's topological order). Nothing is recursive, and
 * a pass leaves nothing behind but what `finish` keeps.
 */
import { checkShare } from './anomaly.ts'
import { type Data, NdArray, toNdArray } from './data.ts'
import { type Input, mode, type Node, takesShare } from './node.ts'
import type { Carrier } from './op.ts'
import { alone, type Pass } from './pass.ts'
import { type Boundary, countUses } from './walk.ts'

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
  return (typeof node.raw !== 'number' && typeof raw === 'number' && node.op.db !== null ? toNdArray(raw) : raw) as T
}

/** Whether the input gets a share. With a boundary, only what leads to it was counted, and its sources may lie before. */
function isReached(input: Input, boundary: Boundary | undefined): input is Node {
  return takesShare(input) && (boundary === undefined || input.stamp > 0 || boundary.sources?.has(input) === true)
}

/** Adds a share to the cotangent of an input, which is ready when it was the last one. */
function hand<T>(pass: Pass, reader: Reader<T>, input: Node, share: T | number): void {
  const before = input.cotangent
  // Two numbers, the case of scalar graphs, need no fitting.
  if (reader.plain && typeof share === 'number' && typeof input.raw === 'number') {
    if (mode.anomaly) checkShare(share, pass.current, input)
    input.cotangent = before === undefined ? share : (before as number) + share
  } else {
    const fitted = reader.fit(share, input)
    if (mode.anomaly) checkShare(fitted, pass.current, input)
    if (before === undefined) input.cotangent = fitted
    else {
      input.cotangent = reader.k.add(before as T, fitted)
      pass.sums.delete(input)
    }
  }
  if (input.stamp <= 0) {
    if (before === undefined) pass.leaves.push(input)
  } else if (--input.stamp === 0) pass.ready.push(input)
}

/**
 * Adds the share of an operation that reads a part of its first input: in place, from the second share on, when a copy
 * is made that nothing else can hold. Tells whether it did.
 */
function handPart(pass: Pass, { op, a, args }: Node, g: Data, b: Data): boolean {
  const input = a as Node
  const before = input.cotangent
  if (op.accumulate === null || mode.anomaly || !(before instanceof NdArray)) return false
  let sum = pass.sums.get(input)
  if (sum === undefined) {
    sum = new NdArray(before.shape, before.data.slice())
    pass.sums.set(input, sum)
    input.cotangent = sum
  }
  op.accumulate(sum, toNdArray(g), b, args)
  if (input.stamp > 0 && --input.stamp === 0) {
    pass.sums.delete(input)
    pass.ready.push(input)
  }
  return true
}

/** Hands each input of an operation with a list of them its share of the cotangent `g`. */
function handList<T>(pass: Pass, reader: Reader<T>, boundary: Boundary | undefined, node: Node, g: T): void {
  const { op, args } = node
  const y = (reader.plain ? node.raw : node) as T
  const inputs = node.a as readonly Input[]
  const list = inputs.map((input) => seenBy(reader, input, node))
  for (const [i, input] of inputs.entries()) {
    if (op.dlist === null || i === op.held || !isReached(input, boundary)) continue
    hand(pass, reader, input, op.dlist(reader.k, g, y, list, i, args))
  }
}

/** Finishes node after node, each handing on a share to its inputs. */
function propagate<T>(
  pass: Pass,
  reader: Reader<T>,
  boundary: Boundary | undefined,
  finish: (node: Node, g: T) => void,
): void {
  const { ready, leaves, clock } = pass
  const { k, plain } = reader
  const root = pass.current
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    pass.current = node
    const g = node.cotangent as T
    node.cotangent = undefined
    // A root that was not counted (a leaf, or older than the boundary) keeps its stamp.
    if (node !== root || node.stamp > 0) node.stamp = clock
    finish(node, g)
    if (boundary !== undefined && node.args === boundary) continue
    const { op, a, b, args } = node
    if (op.dlist !== null) {
      handList(pass, reader, boundary, node, g)
      continue
    }
    const y = (plain ? node.raw : node) as T
    const seenA = seenBy(reader, a as Input, node)
    const seenB = seenBy(reader, b, node)
    if (op.da !== null && isReached(a as Input, boundary)) {
      const part = op.accumulate !== null && plain && handPart(pass, node, g as Data, seenB as Data)
      if (!part) hand(pass, reader, a as Node, op.da(k, g, y, seenA, seenB, args))
    }
    if (op.db !== null && isReached(b, boundary)) {
      hand(pass, reader, b, op.db(k, g, y, seenA, seenB, args))
    }
  }
  for (const leaf of leaves) {
    const g = leaf.cotangent as T
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
  alone(root, boundary, (pass) =>
    start(countUses(root, boundary), (reader, seed, finish) => {
      root.cotangent = seed
      propagate(pass, reader, boundary, finish)
    }),
  )
}
