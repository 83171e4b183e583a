/** Methods that choose elements, by place or by rank. */
import * as indexing from '../compose/indexing.ts'
import * as order from '../compose/order.ts'
import type { Node } from '../node.ts'
import { type Operand, readOperand } from '../operand.ts'
import { Methods } from './methods.ts'

/** Documented in functions/indexing.ts and ordering.ts. */
export abstract class IndexingMethods<V extends Node> extends Methods<V> {
  slice(ranges: readonly indexing.Range[]): V {
    return indexing.slice(this.k, this.self, ranges)
  }
  at(...indices: number[]): V {
    return indexing.at(this.k, this.self, ...indices)
  }
  gather(axis: number, indices: Operand<V>): V {
    return indexing.gather(this.k, this.self, axis, readOperand('gather', indices))
  }
  scatterAdd(axis: number, indices: Operand<V>, src: Operand<V>): V {
    const added = readOperand('scatterAdd', src, this.dtype)
    return indexing.scatterAdd(this.k, this.self, axis, readOperand('scatterAdd', indices), added)
  }
  take(indices: Operand<V>, axis?: number): V {
    return indexing.take(this.k, this.self, readOperand('take', indices), axis)
  }
  sort(options?: order.SortOptions): V {
    return order.sort(this.k, this.self, options)
  }
  argsort(options?: order.SortOptions): V {
    return order.argsort(this.k, this.self, options)
  }
  topk(count: number, options?: Pick<order.SortOptions, 'axis'>): { values: V; indices: V } {
    return order.topk(this.k, this.self, count, options)
  }
}
