/**
 * Convolution and its two adjoints: the partial derivatives of one trilinear sum T(x, w, y) by y, by x and by w. Every
 * gradient of one of them is another one of them, so derivatives of all orders stay among the three.
 */
import { toNdArray } from '../data.ts'
import * as kernel from '../kernels/conv.ts'
import { type ConvArgs, type Op, op } from '../op.ts'

/** yₙₒ = Σ_c xₙ_c ⋆ w_oc, the cross-correlation that networks call a convolution. */
export const conv: Op<ConvArgs> = op({
  name: 'conv',
  forward: (x, w, args) => kernel.conv(toNdArray(x), toNdArray(w), args),
  da: (k, g, _y, _x, w, args) => k.convInput(g, w, args),
  db: (k, g, _y, x, _w, args) => k.convWeight(x, g, args),
})

/** The gradient of `conv` by its images, which is also the transposed convolution. */
export const convInput: Op<ConvArgs> = op({
  name: 'convInput',
  forward: (y, w, args) => kernel.convInput(toNdArray(y), toNdArray(w), args),
  da: (k, g, _x, _y, w, args) => k.conv(g, w, args),
  db: (k, g, _x, y, _w, args) => k.convWeight(g, y, args),
})

/** The gradient of `conv` by its weights. */
export const convWeight: Op<ConvArgs> = op({
  name: 'convWeight',
  forward: (x, y, args) => kernel.convWeight(toNdArray(x), toNdArray(y), args),
  da: (k, g, _w, _x, y, args) => k.convInput(y, g, args),
  db: (k, g, _w, x, _y, args) => k.conv(x, g, args),
})
