/** Nodes of a recording stand for other numbers at every call: those that they were recorded with are nobody's business. */
import { type FloatArray, type NdArray, shapeOf } from '../../data.ts'
import { TraceError } from '../../errors.ts'
import { type Node, nameOf } from '../../node.ts'
import type { Shape } from '../../shape.ts'
import type { Recording } from './recording.ts'

/** In place of the numbers of a node that left the function, in a variable say. */
class Sealed implements NdArray {
  readonly shape: Shape
  private readonly node: Node

  constructor(node: Node) {
    this.shape = shapeOf(node.raw)
    this.node = node
  }

  get data(): FloatArray {
    throw new TraceError(
      `compile: ${nameOf(this.node)} was recorded while a function was compiled, and has no numbers of its own. Return it from the function.`,
    )
  }
}

/** When the program is made: what was recorded can no longer be read. */
export function seal({ nodes, inputs }: Pick<Recording, 'nodes' | 'inputs'>): void {
  for (const list of [nodes, inputs]) {
    for (const node of list) if (!(node.raw instanceof Sealed)) node.raw = new Sealed(node)
  }
}
