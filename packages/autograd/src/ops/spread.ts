import type { AxesArgs, Carrier } from '../op.ts'
import { reducedShape } from '../shape.ts'

/** Spreads a reduced array back over the axes that were reduced. */
export function spread<T>(k: Carrier<T>, g: T, x: T | number, { axes, keepDims }: AxesArgs): T {
  const shape = k.shape(x)
  return k.broadcastTo(keepDims ? g : k.reshape(g, reducedShape(shape, axes, true)), shape)
}
