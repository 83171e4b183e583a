/**
 * The text carrier: a record's rule, run over written formulas, writes the derivative. Every formula carries the
 * numbers that it has here, so that a rule that is run once gives both the words and the result.
 */
import { carrierOf } from '../carriers/carrier.ts'
import { type Data, dtypeOf, shapeOf } from '../data.ts'
import type { Carrier, Op } from '../op.ts'
import { table } from '../ops/table.ts'
import { sameShape } from '../shape.ts'
import { type Notation, type Piece, piece } from './notation.ts'
import { formatData } from './numbers.ts'
import { write } from './write.ts'

export interface Text extends Piece {
  readonly raw: Data
  /** The number that every element is, where the formula says so. */
  readonly number?: number
  /** The operation written last, and its first input: what simplification looks at. */
  readonly op?: Op
  readonly of?: Text
}

/** Operations that only move elements: every element of the result is that number if every element was. */
const MOVES: ReadonlySet<unknown> = new Set([
  table.reshape,
  table.broadcastTo,
  table.transpose,
  table.cast,
  table.slice,
  table.gather,
  table.take,
])

export type TextCarrier = Carrier<Text> & {
  /** A formula that is one number. */
  number(x: number, raw?: Data): Text
  /** A formula that is a name for these numbers. */
  named(label: string, raw: Data): Text
}

/** The carrier that writes in a notation, simplifying ·1, ·0, +0, signs and numbers as it goes. */
export function textCarrier(n: Notation): TextCarrier {
  const number = (x: number, raw: Data = x): Text => ({ ...n.number(x), raw, number: x })
  const lift = (x: Text | number): Text => (typeof x === 'number' ? number(x) : x)

  const written = (op: Op, operands: readonly Text[], args: unknown, raw: Data): Text => {
    // Elementwise operations broadcast by themselves: it need not be said where another input has the whole shape.
    const inputs = operands.map((x) => {
      const implied = operands.some((other) => other !== x && sameShape(shapeOf(other.raw), shapeOf(raw)))
      return op.linearity === 'elementwise' && x.op === table.broadcastTo && x.of && implied ? x.of : x
    })
    const shapes = inputs.map((x) => shapeOf(x.raw))
    const [of] = inputs
    return { ...write(n, op, inputs, shapes, args), raw, op, ...(of !== undefined && { of }) }
  }

  /** A shorter way to write op(x, y) with the same numbers, if there is one. */
  const shorter = (op: Op, x: Text, y: Text, raw: Data): Text | undefined => {
    const [p, q] = [x.op === table.neg ? x.of : undefined, y.op === table.neg ? y.of : undefined]
    switch (op) {
      case table.neg:
        return p
      case table.add:
        if (x.number === 0) return y
        if (y.number === 0) return x
        return q && k.sub(x, q)
      case table.sub:
        if (y.number === 0) return x
        if (x.number === 0) return k.neg(y)
        return q && k.add(x, q)
      case table.mul:
      case table.mulNoNan:
        if (op === table.mulNoNan && (x.number === 0 || y.number === 0)) return number(0, raw)
        if (x.number === 1) return y
        if (y.number === 1) return x
        if (x.number === -1) return k.neg(y)
        if (y.number === -1) return k.neg(x)
        if (p) return k.neg(k.mul(p, y))
        return q && k.neg(k.mul(x, q))
      case table.div:
      case table.divNoNan:
        if (op === table.divNoNan && x.number === 0) return number(0, raw)
        if (y.number === 1) return x
        return p && k.neg(k.div(p, y))
      case table.pow:
        return y.number === 1 ? x : undefined
      case table.broadcastTo:
        // The reshape before it only adds the axes to stretch.
        return x.op === table.reshape && x.of ? written(op, [x.of], { shape: shapeOf(raw) }, raw) : undefined
      default:
        return undefined
    }
  }

  const apply = (op: Op, a: Text | number, b: Text | number, args: unknown): Text => {
    const [x, y] = [lift(a), lift(b)]
    const single = b === 0 && op.db === null && op.held !== 1
    const raw = op.forward(x.raw, y.raw, args)
    if (x.number !== undefined && MOVES.has(op)) return number(x.number, raw)
    if (x.number !== undefined && y.number !== undefined && op.linearity === 'elementwise') {
      const result = op.forward(x.number, y.number, args)
      if (typeof result === 'number') return number(result, raw)
    }
    const short = shorter(op, x, y, raw)
    return short === undefined ? written(op, single ? [x] : [x, y], args, raw) : { ...short, raw }
  }

  const applyList = (op: Op, inputs: readonly (Text | number)[], args: unknown): Text => {
    const list = inputs.map(lift)
    const raw = op.forwardList(
      list.map((x) => x.raw),
      args,
    )
    if (op === table.where) {
      const [condition, a, b] = list
      // A guard that is passed here: where(alive, formula, 0) is the formula.
      const [taken, other] = typeof condition?.raw === 'number' && condition.raw !== 0 ? [a, b] : [b, a]
      const guarded = typeof condition?.raw === 'number' && other?.number === 0 && taken?.number === undefined
      if (guarded && taken !== undefined) return { ...taken, raw }
    }
    return written(op, list, args, raw)
  }

  const k = carrierOf<Text>({
    apply,
    applyList,
    shape: (x) => (typeof x === 'number' ? [] : shapeOf(x.raw)),
    dtype: (x) => (typeof x === 'number' ? 'float64' : dtypeOf(x.raw)),
    constant: (x) => (typeof x === 'number' ? number(x) : { ...piece(formatData(x)), raw: x }),
  })
  return { ...k, number, named: (label, raw) => ({ ...n.name(label), raw }) }
}
