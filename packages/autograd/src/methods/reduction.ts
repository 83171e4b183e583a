/** Methods that reduce axes, and those that run along one. */
import { one } from '../apply.ts'
import * as reduce from '../compose/reduce.ts'
import * as scan from '../compose/scan.ts'
import * as statistics from '../compose/statistics.ts'
import type { Node } from '../node.ts'
import { table } from '../ops/table.ts'
import { normalizeAxis } from '../shape.ts'
import { Methods } from './methods.ts'

/** Documented in functions/reduction.ts, scan.ts and softmax.ts. */
export abstract class ReductionMethods<V extends Node> extends Methods<V> {
  sum(options?: reduce.ReduceOptions): V {
    return reduce.sum(this.k, this.self, options)
  }
  mean(options?: reduce.ReduceOptions): V {
    return reduce.mean(this.k, this.self, options)
  }
  prod(options?: reduce.ReduceOptions): V {
    return reduce.prod(this.k, this.self, options)
  }
  max(options?: reduce.ReduceOptions): V {
    return reduce.max(this.k, this.self, options)
  }
  min(options?: reduce.ReduceOptions): V {
    return reduce.min(this.k, this.self, options)
  }
  logSumExp(options?: reduce.ReduceOptions): V {
    return reduce.logSumExp(this.k, this.self, options)
  }
  variance(options?: statistics.SpreadOptions): V {
    return statistics.variance(this.k, this.self, options)
  }
  std(options?: statistics.SpreadOptions): V {
    return statistics.std(this.k, this.self, options)
  }
  norm(options?: reduce.NormOptions): V {
    return reduce.norm(this.k, this.self, options)
  }
  median(options?: reduce.ReduceOptions): V {
    return statistics.median(this.k, this.self, options)
  }
  argmax(options?: reduce.ReduceOptions): V {
    return reduce.argmax(this.k, this.self, options)
  }
  argmin(options?: reduce.ReduceOptions): V {
    return reduce.argmin(this.k, this.self, options)
  }
  cumsum(axis: number): V {
    return scan.cumsum(this.k, this.self, axis)
  }
  cumprod(axis: number): V {
    return scan.cumprod(this.k, this.self, axis)
  }
  cummax(axis: number): { values: V; indices: V } {
    return scan.cummax(this.k, this.self, axis)
  }
  cummin(axis: number): { values: V; indices: V } {
    return scan.cummin(this.k, this.self, axis)
  }
  softmax(axis = -1): V {
    return one(table.softmax, this.self, { axes: [normalizeAxis('softmax', axis, this.rank)] })
  }
  logSoftmax(axis = -1): V {
    return one(table.logSoftmax, this.self, { axes: [normalizeAxis('logSoftmax', axis, this.rank)] })
  }
}
