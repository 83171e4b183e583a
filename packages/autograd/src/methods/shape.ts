/** Methods that change the shape, or the order of the elements. */
import * as diagonal from '../compose/diagonal.ts'
import { split } from '../compose/join.ts'
import { type PadMode, type PadPairs, pad } from '../compose/pad.ts'
import * as rearrange from '../compose/rearrange.ts'
import * as shaping from '../compose/shape.ts'
import type { Node } from '../node.ts'
import type { Shape } from '../shape.ts'
import { Methods } from './methods.ts'

/** Documented in functions/shape.ts, joining.ts. */
export abstract class ShapeMethods<V extends Node> extends Methods<V> {
  reshape(shape: Shape): V {
    return shaping.reshape(this.k, this.self, shape)
  }
  transpose(axes?: readonly number[]): V {
    return shaping.transpose(this.k, this.self, axes)
  }
  squeeze(axis?: number | readonly number[]): V {
    return shaping.squeeze(this.k, this.self, axis)
  }
  unsqueeze(axis: number): V {
    return shaping.unsqueeze(this.k, this.self, axis)
  }
  broadcastTo(shape: Shape): V {
    return shaping.broadcastTo(this.k, this.self, shape)
  }
  flatten(): V {
    return shaping.flatten(this.k, this.self)
  }
  flip(axes?: number | readonly number[]): V {
    return rearrange.flip(this.k, this.self, axes)
  }
  roll(shift: number | readonly number[], axis?: number | readonly number[]): V {
    return rearrange.roll(this.k, this.self, shift, axis)
  }
  tile(reps: number | readonly number[]): V {
    return rearrange.tile(this.k, this.self, reps)
  }
  repeat(n: number, axis?: number): V {
    return rearrange.repeat(this.k, this.self, n, axis)
  }
  pad(pairs: PadPairs, value = 0, mode: PadMode = 'constant'): V {
    return pad(this.k, this.self, pairs, value, mode)
  }
  diag(offset = 0): V {
    return diagonal.diag(this.k, this.self, offset)
  }
  trace(): V {
    return diagonal.trace(this.k, this.self)
  }
  tril(k = 0): V {
    return diagonal.tril(this.k, this.self, k)
  }
  triu(k = 0): V {
    return diagonal.triu(this.k, this.self, k)
  }
  split(parts: number | readonly number[], axis = 0): V[] {
    return split(this.k, this.self, parts, axis)
  }
}
