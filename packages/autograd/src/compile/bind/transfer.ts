/** How numbers go into a program's memory, and what leaves from outside have to do with it. */
import { type Data, dtypeOf, type FloatArray, readData, shapeOf } from '../../data.ts'
import { mode, type Node, noteAssigned, type Recorder } from '../../node.ts'
import { download } from './loan.ts'

export function upload(view: FloatArray, raw: Data): void {
  if (typeof raw === 'number') view[0] = raw
  else view.set(raw.data)
}

/** Numbers that each run draws anew. */
export class Drawing {
  private readonly node: Node
  private readonly fill: () => ArrayLike<number>
  private readonly view: FloatArray | undefined
  /** What the program itself has no use for: its gradient may have one. */
  private unused: ArrayLike<number>

  constructor({ node, fill }: Recorder['draws'][number], view: FloatArray | undefined) {
    this.node = node
    this.fill = fill
    this.view = view
    this.unused = []
  }

  /** Before a run. */
  bring(): void {
    const numbers = this.fill()
    if (this.view === undefined) this.unused = numbers
    else this.view.set(numbers)
  }

  /** A copy of what the latest run drew. */
  get data(): Data {
    const { node, view, unused } = this
    if (view !== undefined) return download(view, shapeOf(node.raw))
    return readData('random', Array.from(unused), dtypeOf(node.raw), shapeOf(node.raw))
  }
}

/** A leaf from outside, and its numbers in the program. They are copied when the leaf has been assigned to since. */
export class Resident {
  readonly leaf: Node
  private readonly view: FloatArray | undefined
  /** The numbers that a run left; undefined where the program does not change them. */
  private readonly left: (() => Data) | undefined
  private stamp: number

  constructor(leaf: Node, view: FloatArray | undefined, left?: () => Data) {
    this.leaf = leaf
    this.view = view
    this.left = left
    this.stamp = Number.NaN
  }

  /** Before a run. */
  bring(): void {
    const { leaf, view } = this
    if (view === undefined || leaf.stamp === this.stamp) return
    upload(view, leaf.raw)
    this.stamp = leaf.stamp
  }

  /** After a run that failed. */
  forget(): void {
    this.stamp = Number.NaN
  }

  /** After a run: the leaf gets the numbers that the program left. */
  take(): void {
    const { leaf, left } = this
    if (left === undefined) return
    noteAssigned(leaf)
    leaf.raw = left()
    this.stamp = --mode.clock
    leaf.stamp = this.stamp
  }
}
