/** Which additions follow one another in a sum: chains of which nobody else reads the partial sums. */
import { table } from '../../ops/table.ts'
import { type FlatTrace, usedColumns } from './flat.ts'

export interface Links {
  /** The addition before in the chain, or 0. */
  readonly before: Int32Array
  /** The addition after in the chain, or 0. */
  readonly after: Int32Array
  /** The first addition of each chain, in ascending order. */
  readonly roots: Int32Array
}

/** Shorter chains stay what they are. */
const SHORTEST = 3

export function linksOf(flat: FlatTrace): Links {
  const { inputs, count } = flat
  const before = new Int32Array(count)
  const after = new Int32Array(count)
  const length = new Int32Array(count)
  tie(flat, before, after, length)
  const roots: number[] = []
  for (let i = count - 1; i >= inputs; i--) {
    if (length[i] === 0 || after[i] !== 0) continue
    const root = trim(flat, before, after, i)
    if (root !== 0) roots.push(root)
  }
  return { before, after, roots: Int32Array.from(roots).sort() }
}

/** For each node 0, 1 where it is the operand of one node, more where of several. Results are used beside. */
function usesOf(flat: FlatTrace): Uint8Array {
  const { inputs, outputs } = flat
  const uses = new Uint8Array(flat.count)
  for (const column of usedColumns(flat)) countUses(column, inputs, uses)
  for (const id of outputs) if (id >= inputs) uses[id] = 3
  return uses
}

// Here and in the other rooms of re-rolling: a first call is interpreted code. Loops over all nodes are small functions
// on plain numbers, and one function for all columns: what becomes fast at the first one, is for the others.
function countUses(column: Int32Array, inputs: number, uses: Uint8Array): void {
  for (let i = inputs; i < column.length; i++) {
    const id = column[i] as number
    // 0, 1, 3, 7 … 255
    if (id >= inputs) uses[id] = 2 * (uses[id] as number) + 1
  }
}

/** Ties each addition to the operand that is itself a sum which nobody else reads: of two, the longer one. */
function tie(flat: FlatTrace, before: Int32Array, after: Int32Array, length: Int32Array): void {
  const { inputs, count, kind, kinds, a, b } = flat
  const uses = usesOf(flat)
  const isAdd = Uint8Array.from(kinds, ({ op }) => (op === table.add ? 1 : 0))
  const isSum = Uint8Array.from(kinds, ({ op }) => (op === table.add || op === table.sub ? 1 : 0))
  for (let i = inputs; i < count; i++) {
    const k = kind[i] as number
    if (isSum[k] === 0) continue
    const x = a[i] as number
    const y = b[i] as number
    const left = x >= inputs && uses[x] === 1 ? (length[x] as number) : 0
    const right = isAdd[k] === 1 && y >= inputs && uses[y] === 1 ? (length[y] as number) : 0
    length[i] = (left > right ? left : right) + 1
    if (left === 0 && right === 0) continue
    const previous = left >= right ? x : y
    before[i] = previous
    after[previous] = i
  }
}

/**
 * Cuts the chain that ends with node `end` where it is no sum of terms of one kind, and all of it where it is short. Tells
 * its first addition, or 0 where nothing is left.
 */
function trim({ inputs, kind, a, b }: FlatTrace, before: Int32Array, after: Int32Array, end: number): number {
  // A chain goes on where its links are on one side: a sum of another kind may be its first term.
  let root = end
  let size = 1
  for (let j = before[end] as number; j !== 0; j = before[root] as number) {
    if (root !== end && (b[root] === j) !== (b[after[root] as number] === root)) {
      before[root] = 0
      after[j] = 0
    } else {
      root = j
      size++
    }
  }
  // Where all other terms are sums of their own, so is the first one.
  const second = after[root] as number
  const third = second === 0 ? 0 : (after[second] as number)
  if (third !== 0) {
    const own = kind[root]
    const x = a[root] as number
    const y = b[root] as number
    const isOwn = kind[b[second] === root ? (a[second] as number) : (b[second] as number)] === own
    const isNext = kind[b[third] === second ? (a[third] as number) : (b[third] as number)] === own
    if (isOwn && isNext && !(x >= inputs && kind[x] === own) && !(y >= inputs && kind[y] === own)) {
      after[root] = 0
      before[second] = 0
      root = second
      size--
    }
  }
  if (size >= SHORTEST) return root
  for (let j = end; j !== root; ) {
    const previous = before[j] as number
    before[j] = 0
    after[previous] = 0
    j = previous
  }
  return 0
}
