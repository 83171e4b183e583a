/** The matrix product, in the three forms that are closed under differentiation. */
import { compact, toNdArray } from '../data.ts'
import * as kernel from '../kernels/matmul.ts'
import { type MatmulArgs, NN, NT, type Op, op, TN } from '../op.ts'

/**
 * Y = A·B: Ā = G·Bᵀ, B̄ = Aᵀ·G. Y = A·Bᵀ: Ā = G·B, B̄ = Gᵀ·A. Y = Aᵀ·B: Ā = B·Gᵀ, B̄ = A·G.
 * Products broadcast over leading axes; the chain rule sums over what was broadcast.
 */
export const matmul: Op<MatmulArgs> = op({
  name: 'matmul',
  linearity: 'linear',
  forward: (a, b, args) => compact(kernel.matmul(toNdArray(a), toNdArray(b), args)),
  da: (k, g, _y, _a, b, { transposeA, transposeB }) =>
    transposeA ? k.matmul(b, g, NT) : k.matmul(g, b, transposeB ? NN : NT),
  db: (k, g, _y, a, _b, { transposeA, transposeB }) =>
    transposeB ? k.matmul(g, a, TN) : k.matmul(a, g, transposeA ? NN : TN),
})
