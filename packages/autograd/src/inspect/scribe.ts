/** How the Values of one graph are shown in a notation: by their names, or by how they were made. */
import { type Data, shapeOf } from '../data.ts'
import type { Input, Node } from '../node.ts'
import { isInlineNumber, nameAll } from './names.ts'
import { LEVEL, type Notation, type Piece, piece } from './notation.ts'
import { formatData } from './numbers.ts'
import { type Text, type TextCarrier, textCarrier } from './text.ts'
import { inputsOf } from './walk.ts'
import { write } from './write.ts'

export interface Scribe {
  readonly n: Notation
  readonly k: TextCarrier
  /** A Value as rules see it: its name, and the numbers behind it. */
  of(input: Input): Text
  /** Its name. */
  show(node: Node): string
  /** What the node was made by, with its inputs shown in one way or another: `w · x`, `2 · (-3)`. */
  formula(node: Node, as: (input: Input) => Piece): string
  /** What the node was made by, from its written inputs; and the same without what changes nothing. */
  combine(node: Node, inputs: readonly Piece[]): Text
  simplified(node: Node, inputs: readonly Text[]): Text
  /** `dy/dx`: the gradient of the last node with respect to this one, all paths together. */
  derivative(node: Node): Piece
}

export function dataOf(input: Input): Data {
  return typeof input === 'number' ? input : input.raw
}

/** Numbers where a formula has names. */
export function numerals(raw: Data, n: Notation): Piece {
  return typeof raw === 'number' ? n.number(raw) : piece(formatData(raw))
}

export function scribeOf(order: readonly Node[], n: Notation): Scribe {
  const names = nameAll(order)
  const k = textCarrier(n)
  const of = (input: Input): Text => {
    if (typeof input === 'number') return k.number(input)
    if (isInlineNumber(input)) return k.number(input.raw as number)
    return k.named(names.get(input) ?? input.op.name, input.raw)
  }
  const combine = (node: Node, inputs: readonly Piece[]): Text => {
    const shapes = inputsOf(node).map((input) => shapeOf(dataOf(input)))
    return { ...write(n, node.op, inputs, shapes, node.args), raw: node.raw }
  }
  const show = (node: Node): string => of(node).text
  const last = order.at(-1)
  return {
    n,
    k,
    of,
    show,
    formula: (node, as) => n.side(combine(node, inputsOf(node).map(as))),
    combine,
    simplified: ({ op, args }, inputs) => {
      const [a = 0, b = 0] = inputs
      return op.dlist === null ? k.apply(op, a, b, args) : k.applyList(op, inputs, args)
    },
    derivative: (node) => piece(`d${last ? show(last) : 'y'}/d${show(node)}`, LEVEL.derivative),
  }
}
