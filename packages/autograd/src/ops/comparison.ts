/** Comparisons (0 or 1, without gradient), choices between two Values, and the conventions on ties. */
import { allocate, compact, type Data, dtypeOf, joinDTypes, NdArray, toNdArray } from '../data.ts'
import { gtLoop, type ZipLoop } from '../kernels/loops.ts'
import { expand } from '../kernels/move.ts'
import { type Op, op } from '../op.ts'
import { broadcastShapes, sizeOf } from '../shape.ts'
import { binary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]

function comparison(name: string, test: (a: number, b: number) => boolean, loop?: ZipLoop): Op {
  return binary(name, { forward: (a, b) => (test(a, b) ? 1 : 0), da: null, db: null, ...(loop && { loop }) })
}

export const gt: Op = comparison('gt', (a, b) => a > b, gtLoop)
export const ge: Op = comparison('ge', (a, b) => a >= b)
export const lt: Op = comparison('lt', (a, b) => a < b)
export const le: Op = comparison('le', (a, b) => a <= b)
export const eq: Op = comparison('eq', (a, b) => a === b)
export const ne: Op = comparison('ne', (a, b) => a !== b)

/** 1 where a wins, ½ on a tie: the subgradient of the maximum that PyTorch and JAX choose. */
export const preference: Op = binary('preference', {
  forward: (a, b) => (a > b ? 1 : a === b ? 0.5 : a < b ? 0 : Number.NaN),
  da: (k, g) => k.mulNoNan(g, 0),
  db: (k, g) => k.mulNoNan(g, 0),
})

export const maximum: Op = binary('maximum', {
  forward: (a, b) => Math.max(a, b),
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.preference(a, b)),
  db: (k, g, _y, a, b) => k.mulNoNan(g, k.preference(b, a)),
  smooth: { domain: [reals, [3.5, 5]], reference: [[0.75, -0.5, 0.75]] },
})

export const minimum: Op = binary('minimum', {
  forward: (a, b) => Math.min(a, b),
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.preference(b, a)),
  db: (k, g, _y, a, b) => k.mulNoNan(g, k.preference(a, b)),
  smooth: { domain: [reals, [3.5, 5]], reference: [[0.75, -0.5, -0.5]] },
})

function choose(condition: Data, a: Data, b: Data): Data {
  if (typeof condition === 'number' && typeof a === 'number' && typeof b === 'number') return condition !== 0 ? a : b
  const plain = typeof a === 'number' && typeof b === 'number'
  const dtype = plain ? dtypeOf(condition) : joinDTypes(a, b)
  const x = toNdArray(a)
  const y = toNdArray(b)
  const c = toNdArray(condition)
  const shape = broadcastShapes('where', broadcastShapes('where', c.shape, x.shape), y.shape)
  const [cs, xs, ys] = [expand(c, shape).data, expand(x, shape).data, expand(y, shape).data]
  const out = allocate(dtype, sizeOf(shape))
  for (let i = 0; i < out.length; i++) out[i] = (cs[i] !== 0 ? xs[i] : ys[i]) as number
  return compact(new NdArray(shape, out))
}

/** a where the condition is not 0, else b. No gradient flows to the branch that was not taken, not even 0·∞. */
export const where: Op = op({
  name: 'where',
  linearity: 'linear',
  held: 0,
  forwardList: ([condition = 0, a = 0, b = 0]) => choose(condition, a, b),
  dlist: (k, g, _y, [condition = 0], index) => (index === 1 ? k.where(condition, g, 0) : k.where(condition, 0, g)),
})
