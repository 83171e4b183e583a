/**
 * Elementwise expressions over arrays that are 0 outside of a box (the adjoint of a slice, a padded array): computed
 * piece by piece, in each of which such an array is either there or 0, so that it needs no memory.
 */
import type { Op, SliceArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { type Shape, sameShape } from '../../shape.ts'
import { type Expression, isElementwise, type Operation, uniformOf } from '../graph/expression.ts'
import type { Statement } from '../program/program.ts'
import { type Memory, memoryOf } from './elements.ts'
import { linear, scaled } from './index.ts'
import { mapLoops } from './map.ts'

/** With more pieces than these the code would cost more than it saves. */
const MOST = 32

function isBox(x: Operation): boolean {
  return x.op === (table.unslice as Op) && (x.args as SliceArgs).step.every((n) => n === 1)
}

/** Where the boxes begin and end along each axis. */
function cutsOf(shape: Shape, boxes: readonly Operation[]): number[][] {
  return shape.map((n, axis) => {
    const ends = boxes.flatMap(({ inputs, args }) => {
      const start = (args as SliceArgs).start[axis] ?? 0
      return [start, start + (inputs[0]?.shape[axis] ?? 0)]
    })
    return [...new Set([0, n, ...ends])].sort((a, b) => a - b)
  })
}

/** The arrays of which only the box is computed, and the expressions in whose loops that happens. */
export interface Pieced {
  readonly boxes: ReadonlySet<Expression>
  readonly tops: ReadonlySet<Expression>
}

/** An array in a box is not stored where a chain of elementwise operations leads to one expression that is. */
export function findPieced(order: readonly Expression[], roots: readonly Expression[]): Pieced {
  const users = new Map<Expression, Operation[]>()
  for (const x of order) {
    if (x.op === null) continue
    for (const input of new Set(x.inputs)) {
      const known = users.get(input)
      if (known === undefined) users.set(input, [x])
      else known.push(x)
    }
  }
  const isRoot = new Set(roots)
  const boxesOf = new Map<Expression, Operation[]>()
  for (const box of order) {
    if (box.op === null || !isBox(box)) continue
    let top: Expression = box
    for (let next = users.get(top); next?.length === 1 && !isRoot.has(top); next = users.get(top)) {
      const [user] = next as [Operation]
      if (!isElementwise(user.op) || !sameShape(user.shape, box.shape) || user.dtype !== box.dtype) break
      top = user
    }
    if (top !== box) boxesOf.set(top, [...(boxesOf.get(top) ?? []), box])
  }
  const few = [...boxesOf].filter(
    ([{ shape }, boxes]) => cutsOf(shape, boxes).reduce((count, cuts) => count * (cuts.length - 1), 1) <= MOST,
  )
  return { boxes: new Set(few.flatMap(([, boxes]) => boxes)), tops: new Set(few.map(([top]) => top)) }
}

/** The boxes that are computed in the loops of the expression. */
function boxesIn(x: Operation, isStored: (x: Expression) => boolean): Operation[] {
  const boxes = new Set<Operation>()
  const seen = new Set<Operation>([x])
  for (const each of seen) {
    for (const input of each.inputs) {
      if (input.op === null || isStored(input) || !sameShape(input.shape, x.shape)) continue
      if (isBox(input)) boxes.add(input)
      else if (isElementwise(input.op)) seen.add(input)
    }
  }
  return [...boxes]
}

/** Whether the expression is computed piece by piece. */
export function isPieced(x: Operation, isStored: (x: Expression) => boolean): boolean {
  return isElementwise(x.op) && boxesIn(x, isStored).length > 0
}

/** A part of an array: from `start` on, `shape` in size. */
interface Piece {
  readonly start: readonly number[]
  readonly shape: Shape
}

function piecesOf(cuts: readonly (readonly number[])[]): Piece[] {
  let pieces: Piece[] = [{ start: [], shape: [] }]
  for (const line of cuts) {
    pieces = pieces.flatMap(({ start, shape }) =>
      line.slice(1).map((end, i) => {
        const from = line[i] as number
        return { start: [...start, from], shape: [...shape, end - from] }
      }),
    )
  }
  return pieces
}

/** Makes the expression of a piece out of that of the whole. */
class Cutter {
  private readonly boxes: ReadonlySet<Expression>
  private readonly piece: Piece
  private readonly known: Map<Expression, Expression>
  /** Below those of all other expressions. */
  private next: number

  constructor(boxes: ReadonlySet<Expression>, piece: Piece) {
    this.boxes = boxes
    this.piece = piece
    this.known = new Map()
    this.next = -1
  }

  cut(x: Expression): Expression {
    const before = this.known.get(x)
    if (before !== undefined) return before
    const made = this.boxes.has(x) ? this.cutBox(x as Operation) : x.op === null ? x : this.cutOperation(x)
    this.known.set(x, made)
    return made
  }

  private cutBox({ inputs, args, shape, dtype }: Operation): Expression {
    const { start } = args as SliceArgs
    const [input] = inputs as readonly [Expression]
    const isThere = start.every((n, axis) => {
      const from = this.piece.start[axis] as number
      return from >= n && from < n + (input.shape[axis] as number)
    })
    if (!isThere) return { id: this.next--, op: null, source: { kind: 'uniform', value: 0 }, shape, dtype }
    // Read at places that are counted from the beginning of the whole; all that are read are in the box.
    const range: SliceArgs = { start: start.map((n) => -n), step: start.map(() => 1), shape }
    return { id: this.next--, op: table.slice as Op, inputs, args: range, shape, dtype }
  }

  private cutOperation(x: Operation): Expression {
    if (!isElementwise(x.op)) return x
    const inputs = x.inputs.map((input) => this.cut(input))
    if (inputs.every((input, i) => input === x.inputs[i])) return x
    if (x.op === (table.add as Op)) {
      const [a, b] = inputs as [Expression, Expression]
      if (uniformOf(a) === 0 && sameShape(b.shape, x.shape) && b.dtype === x.dtype) return b
      if (uniformOf(b) === 0 && sameShape(a.shape, x.shape) && a.dtype === x.dtype) return a
    }
    return { ...x, id: this.next--, inputs }
  }
}

/** The loops that compute the expression, one nest a piece. */
export function pieceLoops(memory: Memory, x: Operation): Statement[] {
  const region = memoryOf(memory, x)
  const boxes = boxesIn(x, (input) => memory(input) !== undefined)
  const inside = new Set<Expression>(boxes)
  const own: Memory = (y) => (y === x ? undefined : memory(y))
  return piecesOf(cutsOf(x.shape, boxes)).flatMap((piece) => {
    const whole = new Cutter(inside, piece).cut(x)
    const range: SliceArgs = { start: piece.start, step: piece.start.map(() => 1), shape: piece.shape }
    const { dtype } = x
    const value: Operation = {
      id: Number.MIN_SAFE_INTEGER,
      op: table.slice as Op,
      inputs: [whole],
      args: range,
      shape: piece.shape,
      dtype,
    }
    return mapLoops(own, piece.shape, [
      {
        value,
        region,
        place: (index) =>
          linear(
            index.map((form, axis) => scaled(form, 1, piece.start[axis] ?? 0)),
            x.shape,
          ),
      },
    ])
  })
}
