/** The flat trace that a rolled form stands for: to be compared with the trace it was made of. */
import { type Chained, TERM_KINDS } from './chains.ts'
import { entryOf } from './fit.ts'
import { columns, type FlatTrace, NONE } from './flat.ts'
import type { Item, Leaf, LoopNode, Place, Producer, Rolled, Slot } from './rolled.ts'

/** Unrolls all loops. The trace is node for node the one that was rolled. */
export function expand({ trace, items, outputs }: Rolled): FlatTrace {
  const { flat } = trace
  const made = {
    kind: new Int32Array(flat.count),
    a: new Int32Array(flat.count).fill(NONE),
    b: new Int32Array(flat.count).fill(NONE),
    c: new Int32Array(flat.count).fill(NONE),
  }
  const to = columns(made)
  const constants: number[] = []
  /** The sum so far, by the last node of the sum. */
  const partial = new Map<number, number>()
  const origins = originsOf(trace)
  const origin = (id: number): number => (id < 0 ? id : (origins[id] as number))
  const shift = (path: readonly LoopNode[], at: readonly number[]): number =>
    path.reduce((sum, { period }, level) => sum + period * (at[level] as number), 0)
  const idOf = (producer: Producer, at: readonly number[]): number => producer.id + shift(producer.path, at)

  const read = (slot: Slot, at: readonly number[]): number => {
    switch (slot.kind) {
      case 'constant':
        return -constants.push(slot.value)
      case 'table': {
        const place: Place = { base: 0, strides: slot.strides, table: null }
        return -constants.push(slot.values[entryOf(place, at)] as number)
      }
      case 'input':
        return entryOf(slot.place, at)
      case 'local':
        return idOf(slot.from, at)
      case 'carried': {
        const level = slot.loop.path.length - 1
        const now = at[level] as number
        return now === 0 ? read(slot.init, at) : idOf(slot.from, at) - slot.loop.period
      }
      case 'last': {
        const { from, loop } = slot.of
        return idOf(from, [...at.slice(0, loop.path.length - 1), loop.count - 1])
      }
      case 'cells':
        return (slot.group.ids[entryOf(slot.place, at)] as number) + shift(slot.group.path, at)
    }
  }

  const leaf = (node: Leaf, at: readonly number[]) => {
    const operands = node.slots.map((slot) => origin(read(slot, at)))
    const own = origin(idOf(node, at))
    if (node.term === null || node.into === null) {
      made.kind[own] = flat.kinds.indexOf(node.op)
      for (const [k, id] of operands.entries()) (to[k] as Int32Array)[own] = id
      return
    }
    const [x = NONE] = operands
    const sum = node.into.kind === 'sum' ? idOf(node.into, at) : read(node.into, at)
    if (node.term === 'first') partial.set(sum, x)
    else {
      const before = partial.get(sum) ?? -constants.push(0)
      const op = trace.kinds[trace.kinds.length - TERM_KINDS.length + TERM_KINDS.indexOf(node.term)]?.op
      made.kind[own] = flat.kinds.findIndex((kind) => kind.op === op)
      made.a[own] = node.term === 'left' ? x : before
      made.b[own] = node.term === 'left' ? before : x
      partial.set(sum, own)
    }
  }

  const run = (list: readonly Item[], at: number[]) => {
    for (const item of list) {
      if (item.kind === 'leaf') leaf(item, at)
      else {
        const level = at.push(0) - 1
        for (let i = 0; i < item.count; i++) {
          at[level] = i
          run(item.body, at)
        }
        at.pop()
      }
    }
  }
  run(items, [])
  const results = outputs.map((slot) => origin(read(slot, [])))
  return { ...flat, ...made, constants: Float64Array.from(constants), outputs: results }
}

/** The node of the flat trace that each node stands for; −1 for first terms. */
function originsOf({ count, inserted }: Chained): Int32Array {
  const origins = new Int32Array(count)
  let before = 0
  for (let i = 0; i < count; i++) {
    if (inserted[before] === i) {
      before++
      origins[i] = -1
    } else origins[i] = i - before
  }
  return origins
}

/** The first node in which two traces differ, or −1. */
export function firstDifference(x: FlatTrace, y: FlatTrace): number {
  const same = (p: number, q: number): boolean => {
    if (p >= 0 || q >= 0 || p === NONE || q === NONE) return p === q
    return Object.is(x.constants[-1 - p], y.constants[-1 - q])
  }
  const [left, right] = [columns(x), columns(y)]
  for (let i = x.inputs; i < x.count; i++) {
    if (x.kinds[x.kind[i] as number] !== y.kinds[y.kind[i] as number]) return i
    for (let k = 0; k < 3; k++) {
      if (!same((left[k] as Int32Array)[i] as number, (right[k] as Int32Array)[i] as number)) return i
    }
  }
  return x.outputs.every((id, k) => same(id, y.outputs[k] as number)) ? -1 : x.count
}
