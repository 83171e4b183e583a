/** Writes the forward code of items: values, sums, and what is to be remembered of them. */
import { table } from '../../ops/table.ts'
import type { Carry, Term } from '../program/program.ts'
import type { Code, Frame } from './frame.ts'
import type { Carried, Cells, Group, Item, Last, Leaf, LoopNode, Producer, Rolled, Slot, Sum } from './rolled.ts'

export type Wanted = (leaf: Leaf) => boolean

export class Forward {
  private readonly code: Code
  /** The sums that an item completes, of those that are kept in memory. */
  private readonly completed: Map<Item, Sum[]>
  /** Groups with sums whose terms are added in memory. */
  private readonly added: readonly Group[]
  /** Carried values whose history the reverse reads. */
  private readonly histories: ReadonlySet<Carried>

  /** What is read behind a loop of what it hands on. */
  private readonly lasts: readonly Last[]
  /** Whether the value is to be stored though no forward phase of its group's depth runs. */
  private readonly stores: (leaf: Leaf, depth: number) => boolean

  constructor(
    rolled: Rolled,
    code: Code,
    histories: ReadonlySet<Carried>,
    stores: (leaf: Leaf, depth: number) => boolean = () => true,
  ) {
    this.code = code
    this.histories = histories
    this.lasts = rolled.lasts
    this.stores = stores
    this.completed = completions(rolled.sums.filter((sum) => sum.group !== null || code.kept.has(sum)))
    this.added = rolled.groups.filter(({ producers }) => producers.some((p) => p.kind === 'sum' && p.inMemory))
  }

  /** Zeros where sums of the frame's iteration are to be added. */
  prepare(wanted: Wanted): void {
    const { code } = this
    for (const group of this.added) {
      if (group.path.length !== code.frame.depth || group.path.at(-1) !== (code.frame.node ?? undefined)) continue
      const needed = group.producers.some((p) => p.kind === 'sum' && p.inMemory && p.members.some(wanted))
      if (!needed) continue
      const to = code.affine(code.groupBuffer(group), 0, [])
      code.terms.at.statements.push({ kind: 'clear', span: { address: to, size: group.size } })
    }
  }

  /** The items in order, as far as they are wanted. */
  items(items: readonly Item[], wanted: Wanted, phase: number): void {
    for (const item of items) {
      if (item.kind === 'leaf') {
        if (wanted(item)) this.leaf(item, phase)
      } else if (someLeaf(item, wanted)) this.loop(item, wanted, phase)
    }
  }

  leaf(leaf: Leaf, phase: number): void {
    const { code } = this
    const { frame } = code
    if (frame.done.has(leaf)) return
    frame.done.add(leaf)
    const inputs = leaf.slots.map((slot) => code.slot(slot))
    if (leaf.term !== null) {
      this.addTerm(leaf, inputs[0] as Term)
      this.complete(leaf, phase)
      return
    }
    const value = code.terms.apply(leaf.op.op, inputs, leaf.op.args)
    frame.values.set(leaf, value)
    if (code.kept.get(leaf) === phase) code.store(code.keptPlace(leaf), value)
    const { group } = leaf
    const depth = group?.path.length ?? 0
    if (!group || (depth < phase && !this.stores(leaf, depth))) return
    const place = group.places.get(leaf)
    if (place !== undefined) code.store(code.address(code.groupBuffer(group), place), value)
  }

  private addTerm(leaf: Leaf, x: Term): void {
    const { code } = this
    const { terms, frame } = code
    const minus = leaf.term === 'minus'
    const into = leaf.into as Sum | Cells
    if (into.kind === 'cells') {
      const value = minus ? terms.apply(table.neg, [x], undefined) : x
      code.accumulate(code.address(code.groupBuffer(into.group), into.place), value)
      return
    }
    const before = frame.sums.get(into)
    if (minus) frame.sums.set(into, terms.apply(table.sub, [before ?? terms.constant(0), x], undefined))
    else frame.sums.set(into, terms.add(before, x))
  }

  private complete(item: Item, phase: number): void {
    const { code } = this
    for (const sum of this.completed.get(item) ?? []) {
      if (!sum.members.every((member) => code.frame.done.has(member))) continue
      const { group } = sum
      const place = group?.places.get(sum)
      if (group && place) code.store(code.address(code.groupBuffer(group), place), code.value(sum))
      if (code.kept.get(sum) === phase) code.store(code.keptPlace(sum), code.value(sum))
    }
  }

  loop(node: LoopNode, wanted: Wanted, phase: number): void {
    const { code } = this
    const frame = code.open(node, false)
    const own = this.carriedBy(node, wanted, phase)
    const { depth } = frame
    const carries = new Map<Carried, Carry>()
    for (const slot of own) {
      const init = code.outside(depth - 1, () => code.slot(slot.init))
      const carry = code.carry(frame, init, null)
      frame.carried.set(slot, carry)
      carries.set(slot, carry)
      if (!this.keeps(slot, phase)) continue
      const first = code.affine(code.historyBuffer(slot), 0, [])
      code.outside(depth - 1, () => code.store(first, init))
    }
    const handed = this.handedBy(node, wanted)
    // Where nobody inside reads it, it may begin with anything.
    for (const slot of handed) if (!own.has(slot)) carries.set(slot, code.carry(frame, code.terms.constant(0), null))
    this.prepare(wanted)
    this.items(node.body, wanted, phase)
    for (const [slot, carry] of carries) {
      const next = code.value(slot.from)
      carry.next = next
      if (!this.keeps(slot, phase)) continue
      const strides = node.path.map((_, level) => (level === depth - 1 ? 1 : 0))
      code.store(code.affine(code.historyBuffer(slot), 1, strides), next)
    }
    closeLoop(code, frame)
    for (const slot of handed) code.frame.lasts.set(slot, code.result(carries.get(slot) as Carry))
    this.complete(node, phase)
  }

  private keeps(slot: Carried, phase: number): boolean {
    return phase === slot.loop.path.length - 1 && this.histories.has(slot)
  }

  /** What others read of the loop's last iteration, as far as it is made here. */
  private handedBy(node: LoopNode, wanted: Wanted): Carried[] {
    const isMade = (source: Producer) => (source.kind === 'sum' ? source.members.every(wanted) : wanted(source))
    return this.lasts.map(({ of }) => of).filter(({ loop, from }) => loop === node && isMade(from))
  }

  /** What wanted leaves inside read of the loop's iteration before, and what the reverse will. */
  private carriedBy(node: LoopNode, wanted: Wanted, phase: number): Set<Carried> {
    const own = new Set<Carried>()
    for (const slot of this.histories) if (slot.loop === node && this.keeps(slot, phase)) own.add(slot)
    const note = (slot: Slot) => {
      for (let s = slot; s.kind === 'carried'; s = s.init) if (s.loop === node) own.add(s)
    }
    const visit = (items: readonly Item[]) => {
      for (const item of items) {
        if (item.kind === 'loop') visit(item.body)
        else if (wanted(item)) item.slots.forEach(note)
      }
    }
    visit(node.body)
    return own
  }
}

/** The loop around the frame as a statement; its shares of sums go to the frame outside. */
export function closeLoop(code: Code, frame: Frame): void {
  const open = [...frame.sums].filter(([sum]) => sum.path.length < frame.depth)
  const shares = open.map(([sum, term]) => [sum, sumOver(code, frame, term)] as const)
  code.close()
  const { sums, done } = code.frame
  for (const [sum, share] of shares) sums.set(sum, code.terms.add(sums.get(sum), share))
  for (const leaf of frame.done) done.add(leaf)
}

/** What a term adds up to over the iterations of the innermost loop; to be used behind it. */
export function sumOver(code: Code, frame: Frame, term: Term): Term {
  // −0 + x is x for every x.
  const carry = code.carry(frame, code.terms.constant(-0), 'sum')
  const next: Term = { kind: 'apply', type: 'f64', op: table.add, inputs: [carry, term], args: undefined }
  frame.block.statements.push(next)
  carry.next = next
  return code.result(carry)
}

export function someLeaf(item: Item, test: (leaf: Leaf) => boolean): boolean {
  return item.kind === 'leaf' ? test(item) : item.body.some((inner) => someLeaf(inner, test))
}

function completions(sums: readonly Sum[]): Map<Item, Sum[]> {
  const completed = new Map<Item, Sum[]>()
  for (const sum of sums) {
    if (sum.inMemory) continue
    let last: Item | undefined
    let latest = -1
    for (const member of sum.members) {
      const item: Item = member.path[sum.path.length] ?? member
      const start = item.kind === 'loop' ? item.start : item.id
      if (start <= latest) continue
      latest = start
      last = item
    }
    if (last !== undefined) completed.set(last, [...(completed.get(last) ?? []), sum])
  }
  return completed
}
