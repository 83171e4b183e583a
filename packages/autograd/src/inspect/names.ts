/** A name for each Value of a graph: its label, or a letter with a number. */
import { labelOf, type Node } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { isEnd } from './walk.ts'

/**
 * Labels, made unique (`w`, `w_2`); of the rest the leaves are x1, x2, …, the constants c1, …, the results v1, …, and
 * the last one y. A constant that is one number needs no name: it has none here.
 */
export function nameAll(order: readonly Node[]): ReadonlyMap<Node, string> {
  const names = new Map<Node, string>()
  const taken = new Set<string>()
  const give = (node: Node, name: string): void => {
    names.set(node, name)
    taken.add(name)
  }
  for (const node of order) {
    const label = labelOf(node)?.replace(/\s+/g, ' ').trim()
    if (label === undefined || label === '') continue
    let name = label
    for (let n = 2; taken.has(name); n++) name = `${label}_${n}`
    give(node, name)
  }
  const last = order.at(-1)
  if (last !== undefined && !names.has(last) && !isEnd(last) && !taken.has('y')) give(last, 'y')
  const counts = { x: 0, c: 0, v: 0 }
  for (const node of order) {
    if (names.has(node) || isInlineNumber(node)) continue
    const letter = node.op === CONSTANT ? 'c' : isEnd(node) ? 'x' : 'v'
    do counts[letter]++
    while (taken.has(letter + counts[letter]))
    give(node, letter + counts[letter])
  }
  return names
}

/** A constant without a label that is one number: it is shown as that number. */
export function isInlineNumber(node: Node): boolean {
  return node.op === CONSTANT && typeof node.raw === 'number' && labelOf(node) === undefined
}
