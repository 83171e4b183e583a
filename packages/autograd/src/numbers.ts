/** The numbers of a node: their shape, dtype and label, how they are read, and how a leaf's are replaced. */
import {
  type ArrayLike,
  castData,
  compact,
  copyOf,
  type Data,
  type DType,
  dtypeOf,
  type FloatArray,
  NdArray,
  type NestedArray,
  readData,
  shapeOf,
  toNdArray,
  toNested,
} from './data.ts'
import { GradientError, ShapeError, showShape, UnsupportedError } from './errors.ts'
import {
  checkReadable,
  isArgument,
  isLeaf,
  labelOf,
  mode,
  Node,
  nameOf,
  noteAssigned,
  type Recorder,
  setLabel,
} from './node.ts'
import { CONSTANT, isLive } from './op.ts'
import { type Shape, sameShape } from './shape.ts'

/** What a Value is apart from its operations and its gradient. */
/** The fields of a Node, for the classes of its methods: they are never constructed, see value.ts. */
const Fields: new () => Node = Object as never

export class Numbers extends Fields {
  get shape(): Shape {
    return shapeOf(this.raw)
  }
  get size(): number {
    return typeof this.raw === 'number' ? 1 : this.raw.data.length
  }
  get rank(): number {
    return this.shape.length
  }
  get dtype(): DType {
    return dtypeOf(this.raw)
  }
  get label(): string | undefined {
    return labelOf(this)
  }
  /** Whether a gradient can flow to this Value. Constants and comparisons have none. */
  get requiresGrad(): boolean {
    return isLive(this.op)
  }
  /**
   * The numbers, row-major. For reading: what is written here is seen by no check, and a backward pass that reads it
   * goes wrong in silence. To change a leaf use `assign` or `update`.
   */
  get data(): FloatArray {
    checkReadable('data', this)
    return toNdArray(this.raw).data
  }

  /** The number of a one-element Value. @throws ShapeError when there are several. */
  item(): number {
    checkReadable('item', this)
    if (this.size !== 1) {
      throw new ShapeError(
        `item: ${nameOf(this)} of shape ${showShape(this.shape)} has ${this.size} elements, not one. Use toArray(), or at(…) to choose an element.`,
      )
    }
    return typeof this.raw === 'number' ? this.raw : (this.raw.data[0] as number)
  }
  /** Nested arrays; a number for a scalar. */
  toArray(): number | NestedArray {
    checkReadable('toArray', this)
    return toNested(this.raw)
  }
  toJSON(): number | NestedArray {
    return this.toArray()
  }
  override toString(): string {
    const label = this.label === undefined ? '' : `${this.label}: `
    const shape = this.rank === 0 ? '' : `${showShape(this.shape)} `
    return `Value(${label}${shape}${mode.mapped?.has(this) ? 'mapped' : showNumbers(this.raw)})`
  }
  /** `${x}` is text; JavaScript's own operators on Values would lose the graph in silence. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new UnsupportedError(
      `Value: JavaScript's operators (+, *, <, …) know nothing of gradients, got ${this}. Write x.add(y), x.mul(y), x.gt(y), or item() for the plain number.`,
    )
  }
  /** Names this Value, for messages and pictures. Returns it. */
  withLabel(label: string): this {
    setLabel(this, label)
    return this
  }

  /**
   * Replaces the numbers of a leaf, keeping shape and dtype. Graphs that read the old ones can no longer be
   * differentiated.
   * @throws GradientError for a Value that an operation made; ShapeError when the shape differs.
   */
  assign(x: Numbers | ArrayLike): this {
    this.checkLeaf('assign')
    const { compiling } = mode
    if (compiling !== undefined) {
      const value = x instanceof Numbers ? x : new Node(CONSTANT, readData('assign', x, this.dtype), 0, 0, undefined)
      checkAssigned(shapeOf(value.raw), this)
      compiling.effects.push({ kind: 'assign', value, ...this.noted(compiling) })
      return this
    }
    if (x instanceof Numbers) checkReadable('assign', x)
    const raw = x instanceof Numbers ? copyOf(x.raw) : readData('assign', x, this.dtype)
    return this.install(castData(raw, this.dtype))
  }

  /**
   * Edits the numbers of a leaf in place: `edit` receives a fresh copy of the data, and those of the other Values that
   * it reads. For optimizers. In a compiled function it runs at each call, after everything else.
   * @throws GradientError for a Value that an operation made.
   */
  update(edit: (data: FloatArray, ...reads: FloatArray[]) => void, ...reads: readonly Numbers[]): this {
    this.checkLeaf('update')
    if (mode.compiling !== undefined) {
      mode.compiling.effects.push({ kind: 'edit', reads, edit, ...this.noted(mode.compiling) })
      return this
    }
    const { shape, data } = toNdArray(this.raw)
    const copy = data.slice()
    edit(copy, ...reads.map((x) => x.data))
    return this.install(compact(new NdArray(shape, copy)))
  }

  private checkLeaf(op: string): void {
    if (isLeaf(this)) return
    if (isArgument(this)) {
      throw new GradientError(
        `${op}: ${nameOf(this)} of a function that is compiled, mapped or differentiated is a copy, so the caller would see nothing of it. Return the new numbers, or close over the leaf and assign to that.`,
      )
    }
    throw new GradientError(
      `${op}: ${nameOf(this)} was made by an operation, so its numbers follow from its inputs. Assign to a leaf.`,
    )
  }

  /** While a function is compiled: from here on the leaf has other numbers. */
  private noted({ nodes }: Recorder): { leaf: Node; position: number; stamp: number } {
    noteAssigned(this)
    this.stamp = --mode.clock
    return { leaf: this, position: nodes.length, stamp: this.stamp }
  }

  private install(raw: Data): this {
    checkAssigned(shapeOf(raw), this)
    noteAssigned(this)
    this.raw = raw
    this.stamp = --mode.clock
    return this
  }
}

/** The first of the numbers, for `toString`. */
function showNumbers(raw: Data): string {
  const { data } = toNdArray(raw)
  const some = data.length > 6 ? `${Array.from(data.subarray(0, 6)).join(', ')}, …` : data.join(', ')
  return data instanceof Float32Array ? `${some}, float32` : some
}

function checkAssigned(shape: Shape, leaf: Numbers): void {
  if (sameShape(shape, leaf.shape)) return
  throw new ShapeError(
    `assign: got the shape ${showShape(shape)} for ${nameOf(leaf)} of shape ${showShape(leaf.shape)}. Give numbers of the same shape.`,
  )
}
