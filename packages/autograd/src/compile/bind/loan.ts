/**
 * Results on loan. Most of what a step of training leaves, gradients and parameters, is never read before the next step
 * replaces it, and copying a dozen small arrays out of a program's memory, one by one, costs more than training a small
 * network. So they stay there until somebody reads them. What nobody has read is copied all at once before the program
 * runs again, or when the caller's code has come to its end: nobody can see the difference.
 */
import { type Data, type FloatArray, NdArray } from '../../data.ts'
import type { Shape } from '../../shape.ts'

/** Larger results are copied at once: moving the bytes is most of the work then. */
const LIMIT = 2 ** 14
/** Many loans are copied into one piece of memory, which lives as long as one of them is unread. */
const CHUNK = 4 * LIMIT
/** Bytes between two arrays that are copied along with them. */
const GAP = 64
/** What every element is aligned to. */
const ALIGN = 8

/** A copy: the memory of the program changes with its next run. */
export function download(view: FloatArray, shape: Shape): Data {
  if (shape.length === 0 && view instanceof Float64Array) return view[0] as number
  if (view.length === 1) {
    const one = view instanceof Float32Array ? new Float32Array(1) : new Float64Array(1)
    one[0] = view[0] as number
    return new NdArray(shape, one)
  }
  // `slice` takes half as long again: it clears the copy first.
  return new NdArray(shape, view instanceof Float32Array ? new Float32Array(view) : new Float64Array(view))
}

/** Where one of the views is in a copy of all, in bytes. */
interface Place {
  readonly at: number
  readonly size: number
  readonly single: boolean
}

/** What one run lent: in the program's memory first, then in a copy of all of it. */
class Loan {
  private readonly places: readonly Place[]
  private views: readonly FloatArray[] | undefined
  private chunk: ArrayBuffer | undefined
  private start: number
  unread: number

  constructor(views: readonly FloatArray[], places: readonly Place[]) {
    this.places = places
    this.views = views
    this.chunk = undefined
    this.start = 0
    this.unread = 0
  }

  settle(chunk: ArrayBuffer, start: number): void {
    this.views = undefined
    this.chunk = chunk
    this.start = start
  }

  read(index: number): FloatArray {
    this.unread--
    const { at, size, single } = this.places[index] as Place
    const Floats = single ? Float32Array : Float64Array
    const view = this.views?.[index]
    if (view !== undefined) return new Floats(view)
    const from = this.start + at
    return new Floats((this.chunk as ArrayBuffer).slice(from, from + size))
  }
}

/** An array on loan: an array of its own from the first time that it is read. */
class Lent implements NdArray {
  readonly shape: Shape
  private source: Loan | FloatArray
  private readonly index: number

  constructor(shape: Shape, loan: Loan, index: number) {
    this.shape = shape
    this.source = loan
    this.index = index
  }

  get data(): FloatArray {
    const { source } = this
    if (!(source instanceof Loan)) return source
    const own = source.read(this.index)
    this.source = own
    return own
  }
}

/** Bytes of the memory that are copied together, and where they go in the copy. */
interface Range {
  readonly bytes: Uint8Array
  readonly at: number
}

/** Lends what is in these views after each run. */
export class Lender {
  private readonly views: readonly FloatArray[]
  private readonly shapes: readonly Shape[]
  private readonly ranges: Range[]
  private readonly places: Place[]
  private readonly size: number
  private lending: boolean
  private loan: Loan | undefined
  private chunk: Uint8Array | undefined
  private used: number
  private waiting: boolean

  constructor(views: readonly FloatArray[], shapes: readonly Shape[]) {
    this.views = views
    this.shapes = shapes
    this.ranges = []
    this.places = []
    this.size = this.plan()
    this.lending = this.size <= LIMIT
    this.loan = undefined
    this.chunk = undefined
    this.used = 0
    this.waiting = false
  }

  /** The ranges that cover all views; returns how many bytes they are. */
  private plan(): number {
    const order = [...this.views.entries()].sort(([, a], [, b]) => a.byteOffset - b.byteOffset)
    let size = 0
    let open: { readonly buffer: ArrayBufferLike; readonly from: number; readonly at: number; to: number } | undefined
    const close = (): void => {
      if (open === undefined) return
      const { buffer, from, to, at } = open
      this.ranges.push({ bytes: new Uint8Array(buffer, from, to - from), at })
      size = Math.ceil((at + to - from) / ALIGN) * ALIGN
    }
    for (const [i, view] of order) {
      const { buffer, byteOffset, byteLength } = view
      if (open === undefined || buffer !== open.buffer || byteOffset > open.to + GAP) {
        close()
        open = { buffer, from: byteOffset - (byteOffset % ALIGN), at: size, to: byteOffset }
      }
      open.to = Math.max(open.to, byteOffset + byteLength)
      const at = open.at + byteOffset - open.from
      this.places[i] = { at, size: byteLength, single: view instanceof Float32Array }
    }
    close()
    return size
  }

  /** The numbers of a view after a run, for whoever holds them however long. */
  lend(index: number): Data {
    const view = this.views[index] as FloatArray
    const shape = this.shapes[index] as Shape
    if (!this.lending || view.length === 1) return download(view, shape)
    if (this.loan === undefined) {
      this.loan = new Loan(this.views, this.places)
      if (!this.waiting) this.wait()
    }
    this.loan.unread++
    return new Lent(shape, this.loan, index)
  }

  /** Before the memory changes: what is still on loan gets memory of its own. */
  settle(): void {
    const { loan } = this
    this.loan = undefined
    if (loan === undefined || loan.unread === 0) return
    if (this.chunk === undefined || this.used + this.size > CHUNK) {
      this.chunk = new Uint8Array(CHUNK)
      this.used = 0
    }
    for (const { bytes, at } of this.ranges) this.chunk.set(bytes, this.used + at)
    loan.settle(this.chunk.buffer as ArrayBuffer, this.used)
    this.used += this.size
  }

  /** From now on everything is copied at once: somebody else writes into the memory. */
  stop(): void {
    this.settle()
    this.lending = false
  }

  /** A loan must not keep the memory of a program that is dropped. */
  private wait(): void {
    this.waiting = true
    Promise.resolve().then(() => {
      this.waiting = false
      this.settle()
    })
  }
}
