/** Where the largest element of each window stands. The windows themselves are read by gather. */
import { toNdArray } from '../data.ts'
import * as kernel from '../kernels/pool.ts'
import { type Op, op, type WindowArgs } from '../op.ts'

export const argmaxWindow: Op<WindowArgs> = op({
  name: 'argmaxWindow',
  forward: (x, _, args) => kernel.argmaxWindow(toNdArray(x), args),
})
