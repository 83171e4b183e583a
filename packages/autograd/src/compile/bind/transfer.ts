/** How numbers go into a program's memory, and what leaves from outside have to do with it. */
import type { Data, FloatArray } from '../../data.ts'
import { mode, type Node } from '../../node.ts'

export function upload(view: FloatArray, raw: Data): void {
  if (typeof raw === 'number') view[0] = raw
  else view.set(raw.data)
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

  /** After a run: the leaf gets the numbers that the program left. */
  take(): void {
    const { leaf, left } = this
    if (left === undefined) return
    leaf.raw = left()
    this.stamp = --mode.clock
    leaf.stamp = this.stamp
  }
}
