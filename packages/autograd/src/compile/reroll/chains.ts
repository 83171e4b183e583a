/**
 * Sums. A running sum `s = s + x` ties every iteration of a loop to the one before, though the order of its additions
 * matters to nobody. Here each chain of additions whose partial sums nobody else reads becomes "add x to sum number k":
 * the tie is gone, and the loops around it are free.
 */
import { table } from '../../ops/table.ts'
import { type FlatTrace, type Kind, NONE } from './flat.ts'

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
  /** The number of the sum that a node adds to, else −1. Sums are numbered by their first addition. */
  readonly chain: Int32Array
  /** What each sum starts with: 0, or −0 where the trace begins with a first term. */
  readonly starts: Float64Array
  /** The last addition into each sum: who reads the sum, reads this node. */
  readonly lasts: Int32Array
  /** The node of the trace that a node stands for; −1 for the additions that were inserted before a first term. */
  readonly origin: Int32Array
  readonly outputs: readonly number[]
}

/** s + x, x + s, s − x, and the first term of a sum. */
export type TermKind = 'right' | 'left' | 'minus' | 'first'
export const TERM_KINDS: readonly TermKind[] = ['right', 'left', 'minus', 'first']
/** Shorter chains stay what they are. */
const SHORTEST = 3

interface Links {
  /** The node before in the chain, or 0. */
  readonly before: Int32Array
  /** The node after in the chain, or 0. */
  readonly after: Int32Array
}

/** How many operands each node is; results count twice. */
function usesOf({ inputs, count, a, b, c, outputs }: FlatTrace): Int32Array {
  const uses = new Int32Array(count)
  for (const column of [a, b, c]) countUses(column, inputs, uses)
  for (const id of outputs) if (id >= inputs) uses[id] = 2
  return uses
}

// Here and below: code that runs once is interpreted at first, so hot loops are small functions on plain numbers.
function countUses(column: Int32Array, inputs: number, uses: Int32Array): void {
  for (let i = inputs; i < column.length; i++) {
    const id = column[i] as number
    if (id >= inputs) uses[id] = (uses[id] as number) + 1
  }
}

/** Ties each addition to the operand that is itself a sum which nobody else reads: of two, the longer one. */
function tie(flat: FlatTrace, links: Links, length: Int32Array): void {
  const { inputs, count, kind, kinds, a, b } = flat
  const { before, after } = links
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

function cut({ before, after }: Links, i: number): void {
  after[before[i] as number] = 0
  before[i] = 0
}

/** Cuts the chain that ends with node i where it is no sum of terms of one kind, and all of it where it is short. */
function trim({ inputs, kind, a, b }: FlatTrace, links: Links, i: number): void {
  const { before, after } = links
  const termKind = (node: number) => kind[(b[node] === before[node] ? a[node] : b[node]) as number]
  // A chain goes on where its links are on one side: a sum of another kind may be its first term.
  let next = i
  let size = 1
  for (let j = before[i] as number; j !== 0; j = before[next] as number) {
    if (next !== i && (b[next] === j) !== (b[after[next] as number] === next)) cut(links, next)
    else {
      next = j
      size++
    }
  }
  // Where all other terms are sums of their own, so is the first one.
  const second = after[next] as number
  const third = second === 0 ? 0 : (after[second] as number)
  if (third !== 0 && termKind(second) === kind[next] && termKind(third) === kind[next]) {
    const x = a[next] as number
    const y = b[next] as number
    if (!(x >= inputs && kind[x] === kind[next]) && !(y >= inputs && kind[y] === kind[next])) {
      cut(links, second)
      size--
    }
  }
  if (size >= SHORTEST) return
  for (let j = i; before[j] !== 0; ) {
    const previous = before[j] as number
    cut(links, j)
    j = previous
  }
}

function link(flat: FlatTrace): Links {
  const { inputs, count } = flat
  const links: Links = { before: new Int32Array(count), after: new Int32Array(count) }
  const length = new Int32Array(count)
  tie(flat, links, length)
  for (let i = count - 1; i >= inputs; i--) if (length[i] !== 0 && links.after[i] === 0) trim(flat, links, i)
  return links
}

/** The operand of the first addition that the chain began with: the side on which the next one has the chain. */
function isHeadRight({ kind, kinds, b }: FlatTrace, { after }: Links, root: number): boolean {
  const next = after[root] as number
  return kinds[kind[root] as number]?.op === table.add && b[next] === root
}

export function chainSums(flat: FlatTrace): Chained {
  const { inputs, count, kinds, a, b, c, constants } = flat
  const links = link(flat)
  const { before, after } = links
  const roots: number[] = []
  for (let i = inputs; i < count; i++) if (before[i] === 0 && after[i] !== 0) roots.push(i)

  // Where a first term comes before the first addition, as far as the first addition comes before the second.
  const inserted = new Int32Array(count).fill(-1)
  const more = new Int32Array(roots.length).fill(-1)
  const heads = new Int32Array(roots.length)
  const starts = new Float64Array(roots.length).fill(-0)
  let extra = 0
  for (const [chain, root] of roots.entries()) {
    const head = (isHeadRight(flat, links, root) ? b[root] : a[root]) as number
    heads[chain] = head
    if (head < 0 && constants[-1 - head] === 0) starts[chain] = constants[-1 - head] as number
    else {
      const at = Math.max(head, 2 * root - (after[root] as number), inputs - 1)
      more[chain] = inserted[at] as number
      inserted[at] = chain
      extra++
    }
  }

  const total = count + extra
  const out = {
    kind: new Int32Array(total),
    a: new Int32Array(total).fill(NONE),
    b: new Int32Array(total).fill(NONE),
    c: new Int32Array(total).fill(NONE),
    chain: new Int32Array(total).fill(-1),
    origin: new Int32Array(total).fill(-1),
  }
  const place = new Int32Array(count)
  const lasts = new Int32Array(roots.length)
  const number = new Int32Array(count).fill(-1)
  for (const [chain, root] of roots.entries()) number[root] = chain
  const moved = (id: number) => (id < 0 ? id : (place[id] as number))
  let next = 0
  const insertAfter = (i: number) => {
    for (let chain = inserted[i] as number; chain >= 0; chain = more[chain] as number) {
      out.kind[next] = kinds.length + TERM_KINDS.indexOf('first')
      out.a[next] = moved(heads[chain] as number)
      out.chain[next] = chain
      next++
    }
  }
  for (let i = 0; i < count; i++) {
    place[i] = next
    out.origin[next] = i
    if (i >= inputs) {
      const previous = before[i] as number
      if (previous === 0 && after[i] === 0) {
        const x = a[i] as number
        const y = b[i] as number
        const z = c[i] as number
        out.kind[next] = flat.kind[i] as number
        out.a[next] = x < 0 ? x : (place[x] as number)
        out.b[next] = y < 0 ? y : (place[y] as number)
        out.c[next] = z < 0 ? z : (place[z] as number)
      } else {
        const chain = (previous === 0 ? number[i] : number[previous]) as number
        number[i] = chain
        const right = previous === 0 ? isHeadRight(flat, links, i) : b[i] === previous
        const minus = kinds[flat.kind[i] as number]?.op === table.sub
        out.kind[next] = kinds.length + TERM_KINDS.indexOf(minus ? 'minus' : right ? 'left' : 'right')
        out.a[next] = moved((right ? a[i] : b[i]) as number)
        out.chain[next] = chain
        lasts[chain] = next
      }
    }
    next++
    if (inserted[i] !== -1) insertAfter(i)
  }
  const terms = TERM_KINDS.map((name): Kind => ({ op: name === 'minus' ? table.sub : table.add, args: undefined }))
  const outputs = flat.outputs.map(moved)
  return { flat, inputs, count: total, kinds: [...kinds, ...terms], starts, lasts, outputs, ...out }
}
