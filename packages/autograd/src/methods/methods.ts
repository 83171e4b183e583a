/** What the families of methods are written in. */
import { nodes } from '../apply.ts'
import type { Node } from '../node.ts'
import { Numbers } from '../numbers.ts'
import type { Carrier } from '../op.ts'

/**
 * A family of methods of `V`, which is Value: each is a line that hands the Value and its carrier to what computes.
 * Families are never constructed. value.ts puts their methods on Value, and their types with them.
 */
export abstract class Methods<V extends Node> extends Numbers {
  /** This node, as the Value that it is. */
  protected get self(): V {
    return this as Node as V
  }
  /** The carrier of Values. */
  protected get k(): Carrier<V> {
    return nodes as Carrier<V>
  }
}
