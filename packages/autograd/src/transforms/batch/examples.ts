/** Nodes that stand for one example of many while a function is recorded, and cannot be read once that is over. */
import { compact, type Data, type FloatArray, NdArray, shapeOf, toNdArray } from '../../data.ts'
import { mappedError, mode, type Node } from '../../node.ts'
import { EXAMPLE, FIXED } from '../../op.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import { make, type Value } from '../../value.ts'
import { withRecording } from '../recording.ts'

/**
 * The numbers of a node that left the function, in a variable say: those of the first example, which nobody may take for
 * all of them. That they throw here costs other nodes nothing. A pullback that was recorded with them still needs them.
 */
class Sealed implements NdArray {
  readonly shape: Shape
  private readonly node: Node
  private readonly raw: Data

  constructor(node: Node) {
    this.shape = shapeOf(node.raw)
    this.node = node
    this.raw = node.raw
  }

  get data(): FloatArray {
    if (mode.tracing === 0) throw mappedError('vmap', this.node)
    return toNdArray(this.raw).data
  }
}

/** What was computed from one example of a mapped argument. */
class Examples {
  private readonly all = new WeakSet<Node>()
  private open: Node[] = []

  has(node: Node): boolean {
    return this.all.has(node)
  }
  add(node: Node): void {
    this.all.add(node)
    // Of a function that is being compiled nothing can be read in any case.
    if (mode.compiling === undefined) this.open.push(node)
  }
  seal(): void {
    for (const node of this.open) if (!(node.raw instanceof Sealed)) node.raw = new Sealed(node)
    this.open = []
  }
}

const examples = new Examples()

/** Runs `f` while everything that depends on an example is recorded. */
export function recordExample<R>(f: () => R): R {
  mode.mapped = examples
  mode.tracing++
  try {
    return withRecording('vmap', true, f)
  } finally {
    mode.tracing--
    if (mode.tracing === 0) examples.seal()
  }
}

/** A node that stands for the first of the examples along axis 0. */
export function exampleOf(all: Value): Value {
  const shape = all.shape.slice(1)
  const { data } = all.raw as NdArray
  const raw: Data = compact(new NdArray(shape, data.subarray(0, sizeOf(shape))))
  const example = make(all.requiresGrad ? EXAMPLE : FIXED, raw, 0, 0, undefined)
  mode.mapped = examples
  examples.add(example)
  return example
}
