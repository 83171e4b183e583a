/**
 * Sums. A running sum `s = s + x` ties every iteration of a loop to the one before, though the order of its additions
 * matters to nobody. Here each chain of additions whose partial sums nobody else reads becomes "add x to sum number k":
 * the tie is gone, and the loops around it are free.
 */
import { table } from '../../ops/table.ts'
import { type FlatTrace, type Kind, NONE, usedColumns } from './flat.ts'
import { type Links, linksOf } from './links.ts'

/** A trace in which additions into a sum name the sum instead of the partial sum before. */
export interface Chained {
  readonly flat: FlatTrace
  readonly inputs: number
  readonly count: number
  readonly kind: Int32Array
  /** The kinds of the trace, then those of `TERM_KINDS`. */
  readonly kinds: readonly Kind[]
  /** Operands as in the trace; an addition into a sum has one, its term, in `a`. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly c: Int32Array
  /** The last addition into the sum that a node adds to, else −1: who reads the sum, reads that node. */
  readonly sum: Int32Array
  /** The nodes that are not in the trace: additions that were inserted before a first term, in ascending order. */
  readonly inserted: Int32Array
  readonly outputs: readonly number[]
}

/** A trace with its sums, and where each of them comes from. */
export interface Chains {
  readonly trace: Chained
  /** The first additions into sums, in the flat trace, and the operands that they add to. */
  readonly roots: Int32Array
  readonly heads: Int32Array
}

/** s + x, x + s, s − x, and the first term of a sum. */
export type TermKind = 'right' | 'left' | 'minus' | 'first'
export const TERM_KINDS: readonly TermKind[] = ['right', 'left', 'minus', 'first']
const RIGHT = 0
const LEFT = 1
const MINUS = 2
const FIRST = 3

/** How sums begin, in the order of their first additions. */
interface Heads {
  /** The operand that the first addition adds to; it becomes the first term, unless it is 0. */
  readonly heads: Int32Array
  /** 1 where that is its right one. */
  readonly isRight: Uint8Array
  /** The sums that begin with a term of their own, in order, and the nodes behind which these terms come; then −1. */
  readonly order: Int32Array
  readonly behind: Int32Array
}

function headsOf({ inputs, kind, kinds, a, b, constants }: FlatTrace, { roots, after }: Links): Heads {
  const size = roots.length
  const heads = new Int32Array(size)
  const isRight = new Uint8Array(size)
  const keys = new Float64Array(size)
  let more = 0
  for (let sum = 0; sum < size; sum++) {
    const root = roots[sum] as number
    const next = after[root] as number
    // The head is on the side on which the next addition has the sum.
    const right = b[next] === root && kinds[kind[root] as number]?.op === table.add
    const head = (right ? b[root] : a[root]) as number
    isRight[sum] = right ? 1 : 0
    heads[sum] = head
    if (head < 0 && Object.is(constants[-1 - head], 0)) continue
    // A first term comes before the first addition, as far as the first addition comes before the second.
    keys[more++] = (Math.max(head, 2 * root - next, inputs - 1) + 1) * size - sum
  }
  // By place; of those at one place the last sum comes first.
  const sorted = keys.subarray(0, more).sort()
  const order = new Int32Array(more)
  const behind = new Int32Array(more + 1).fill(-1)
  for (let i = 0; i < more; i++) {
    const key = sorted[i] as number
    const place = Math.ceil(key / size)
    behind[i] = place - 1
    order[i] = place * size - key
  }
  return { heads, isRight, order, behind }
}

export function chainSums(flat: FlatTrace): Chains {
  const { inputs, kinds } = flat
  const links = linksOf(flat)
  const heads = headsOf(flat, links)
  const count = flat.count + heads.order.length
  const isTernary = usedColumns(flat).length > 2
  const made: Made = {
    kind: new Int32Array(count),
    a: new Int32Array(count),
    b: new Int32Array(count),
    c: new Int32Array(isTernary ? count : 0).fill(NONE),
    sum: new Int32Array(count).fill(-1),
    inserted: new Int32Array(heads.order.length),
  }
  const place = new Int32Array(flat.count)
  const lasts = rewrite(flat, links, heads, made, place)
  for (let i = inputs; i < count; i++) if (made.sum[i] !== -1) made.sum[i] = lasts[made.sum[i] as number] as number
  if (isTernary) moveThird(flat, place, made.c)
  const terms = TERM_KINDS.map((name): Kind => ({ op: name === 'minus' ? table.sub : table.add, args: undefined }))
  const outputs = flat.outputs.map((id) => (id < inputs ? id : (place[id] as number)))
  const trace = { ...made, flat, inputs, count, kinds: [...kinds, ...terms], outputs }
  return { trace, roots: links.roots, heads: heads.heads }
}

type Made = Pick<Chained, 'kind' | 'a' | 'b' | 'c' | 'sum' | 'inserted'>

/** Writes the nodes with the numbers of their sums, and where each has its place; tells the last addition into each sum. */
function rewrite(flat: FlatTrace, links: Links, begin: Heads, made: Made, place: Int32Array): Int32Array {
  const { inputs, count, kind, kinds, a, b } = flat
  const { before, after } = links
  const { heads, isRight, order, behind } = begin
  const { kind: toKind, a: toA, b: toB, sum: toSum, inserted } = made
  const isMinus = Uint8Array.from(kinds, ({ op }) => (op === table.sub ? 1 : 0))
  const own = kinds.length
  const lasts = new Int32Array(heads.length)
  let next = inputs
  let sums = 0
  let extra = 0
  for (let i = inputs - 1; i < count; i++) {
    if (i >= inputs) {
      place[i] = next
      const previous = before[i] as number
      if (previous === 0 && after[i] === 0) {
        const x = a[i] as number
        const y = b[i] as number
        toKind[next] = kind[i] as number
        toA[next] = x < inputs ? x : (place[x] as number)
        toB[next] = y < inputs ? y : (place[y] as number)
      } else {
        const sum = previous === 0 ? sums++ : (toSum[place[previous] as number] as number)
        const right = previous === 0 ? isRight[sum] === 1 : b[i] === previous
        const x = (right ? a[i] : b[i]) as number
        toKind[next] = own + (isMinus[kind[i] as number] === 1 ? MINUS : right ? LEFT : RIGHT)
        toA[next] = x < inputs ? x : (place[x] as number)
        toB[next] = NONE
        toSum[next] = sum
        lasts[sum] = next
      }
      next++
    }
    for (; behind[extra] === i; extra++, next++) {
      const sum = order[extra] as number
      const x = heads[sum] as number
      toKind[next] = own + FIRST
      toA[next] = x < inputs ? x : (place[x] as number)
      toB[next] = NONE
      toSum[next] = sum
      inserted[extra] = next
    }
  }
  return lasts
}

function moveThird({ inputs, count, c }: FlatTrace, place: Int32Array, to: Int32Array): void {
  for (let i = inputs; i < count; i++) {
    const z = c[i] as number
    to[place[i] as number] = z < inputs ? z : (place[z] as number)
  }
}
