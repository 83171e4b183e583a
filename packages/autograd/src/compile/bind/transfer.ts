/** How numbers go into a program's memory and come out of it. */
import { type Data, type FloatArray, NdArray } from '../../data.ts'
import { mode, type Node } from '../../node.ts'
import type { Shape } from '../../shape.ts'

export function upload(view: FloatArray, raw: Data): void {
  if (typeof raw === 'number') view[0] = raw
  else view.set(raw.data)
}

/** A copy: the memory of the program changes with its next run. */
export function download(view: FloatArray, shape: Shape): Data {
  if (shape.length === 0 && view instanceof Float64Array) return view[0] as number
  // `slice` takes half as long again: it clears the copy first.
  return new NdArray(shape, view instanceof Float32Array ? new Float32Array(view) : new Float64Array(view))
}

/** A leaf from outside, and its numbers in the program. They are copied when the leaf has been assigned to since. */
export class Resident {
  readonly leaf: Node
  private readonly view: FloatArray | undefined
  private readonly shape: Shape
  private readonly changed: boolean
  private stamp: number

  constructor(leaf: Node, view: FloatArray | undefined, shape: Shape, changed: boolean) {
    this.leaf = leaf
    this.view = view
    this.shape = shape
    this.changed = changed
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
    const { leaf, view } = this
    if (view === undefined || !this.changed) return
    leaf.raw = download(view, this.shape)
    this.stamp = --mode.clock
    leaf.stamp = this.stamp
  }
}
