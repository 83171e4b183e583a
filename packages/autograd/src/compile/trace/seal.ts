/** Nodes of a recording stand for other numbers at every call: those that they were recorded with are nobody's business. */
import { type FloatArray, type NdArray, SCALAR } from '../../data.ts'
import { TraceError } from '../../errors.ts'
import type { Node } from '../../node.ts'
import type { Shape } from '../../shape.ts'
import type { Recording } from './recording.ts'

/** In place of the numbers of a node that left the function, in a variable say. */
class Sealed implements NdArray {
  readonly shape: Shape

  constructor(shape: Shape) {
    this.shape = shape
  }

  get data(): FloatArray {
    throw new TraceError(
      'compile: a Value was recorded while a function was compiled, and has no numbers of its own. Return it from the function.',
    )
  }
}

/** There may be a hundred thousand single numbers. */
const single = new Sealed(SCALAR)

/** When the program is made: what was recorded can no longer be read. */
export function seal({ nodes, inputs }: Pick<Recording, 'nodes' | 'inputs'>): void {
  for (const list of [nodes, inputs]) {
    for (let i = 0; i < list.length; i++) {
      const node = list[i] as Node
      const { raw } = node
      node.raw = typeof raw === 'number' || raw.shape.length === 0 ? single : new Sealed(raw.shape)
    }
  }
}
