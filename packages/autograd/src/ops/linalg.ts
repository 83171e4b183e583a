/** Inverses, linear systems, determinants and the Cholesky factor of the matrices in the last two axes. */
import { toNdArray } from '../data.ts'
import { cholesky as choleskyKernel } from '../kernels/linalgCholesky.ts'
import * as determinant from '../kernels/linalgDet.ts'
import * as system from '../kernels/linalgSolve.ts'
import { type Carrier, NN, NT, type Op, op, type SliceArgs, type SolveArgs, TN } from '../op.ts'
import type { Shape } from '../shape.ts'
import { cofactors } from './linalgCofactors.ts'
import { banded, flip, perMatrix } from './linalgWords.ts'

/** The triangle that is read; what is multiplied by 0 leaves no NaN. */
function onlyRead<T>(k: Carrier<T>, x: T, { part }: SolveArgs): T {
  if (part === 'full') return x
  const n = k.shape(x).at(-1) ?? 0
  return k.mulNoNan(x, banded(k, x, n, part === 'lower' ? 1 : 0, 1, part === 'upper' ? 1 : 0))
}

/** Φ: the lower triangle with its diagonal halved. */
function lowerHalf<T>(k: Carrier<T>, x: T): T {
  return k.mulNoNan(x, banded(k, x, k.shape(x).at(-1) ?? 0, 1, 0.5, 0))
}

/** The place of the logarithm beside the sign, for matrices of these leading axes. */
function logPlace(batch: Shape): Omit<SliceArgs, 'shape'> {
  return { start: [...batch.map(() => 0), 1], step: [...batch.map(() => 1), 1] }
}

/** Y = A⁻¹: dY = −Y·dA·Y, Ā = −Yᵀ·G·Yᵀ. */
export const inv: Op = op({
  name: 'inv',
  linearity: 'custom',
  forward: (a) => system.inv(toNdArray(a)),
  da: (k, g, y) => k.neg(k.matmul(k.matmul(y, g, TN), y, NT)),
  push: (k, t, y) => k.neg(k.matmul(k.matmul(y, t, NN), y, NN)),
})

/**
 * Y = A⁻¹·B: dY = A⁻¹·(dB − dA·Y), B̄ = A⁻ᵀ·G, Ā = −B̄·Yᵀ, where A is the part of the first input that is read. With
 * `transpose`, Aᵀ stands for A, and Ā is transposed.
 */
export const solve: Op<SolveArgs> = op({
  name: 'solve',
  linearity: 'custom',
  forwardList: ([a = 0, b = 0], args) => system.solve(toNdArray(a), toNdArray(b), args),
  dlist: (k, g, y, [a = 0], index, args) => {
    const { part, transpose } = args
    const pulled = k.solve(a, g, { part, transpose: !transpose })
    if (index === 1) return pulled
    return k.neg(onlyRead(k, transpose ? k.matmul(y, pulled, NT) : k.matmul(pulled, y, NT), args))
  },
  pushList: (k, [ta, tb], y, [a = 0], args) => {
    const moved = ta === undefined ? undefined : k.matmul(onlyRead(k, ta, args), y, args.transpose ? TN : NN)
    const right = moved === undefined ? tb : tb === undefined ? k.neg(moved) : k.sub(tb, moved)
    return right === undefined ? 0 : k.solve(a, right, args)
  },
})

/** d det = Σ cofactors ∘ dA, also where there is no inverse. */
export const det: Op = op({
  name: 'det',
  linearity: 'custom',
  forward: (a) => determinant.det(toNdArray(a)),
  da: (k, g, _y, a) => k.mulNoNan(perMatrix(k, g), cofactors(k, a)),
  push: (k, t, _y, a) => k.sum(k.mulNoNan(t, cofactors(k, a)), [k.shape(a).length - 2, k.shape(a).length - 1]),
})

/** [sign, log|det A|] in a last axis: d log|det A| = Σ A⁻ᵀ ∘ dA; the sign is constant. */
export const slogdet: Op = op({
  name: 'slogdet',
  linearity: 'custom',
  forward: (a) => determinant.slogdet(toNdArray(a)),
  da: (k, g, _y, a) => {
    const batch = k.shape(a).slice(0, -2)
    const log = k.slice(g, { ...logPlace(batch), shape: [...batch, 1] })
    return k.mulNoNan(k.reshape(log, [...batch, 1, 1]), flip(k, k.inv(a)))
  },
  push: (k, t, _y, a) => {
    const batch = k.shape(a).slice(0, -2)
    const log = k.sum(k.mulNoNan(t, flip(k, k.inv(a))), [batch.length, batch.length + 1])
    return k.unslice(k.reshape(log, [...batch, 1]), { ...logPlace(batch), shape: [...batch, 2] })
  },
})

/** What makes a matrix regular: whole rows and columns of constants, without gradient (see `cofactors`). */
export const lift: Op = op({ name: 'lift', forward: (a) => determinant.lift(toNdArray(a)) })

/**
 * L of L·Lᵀ = (A + Aᵀ)/2: dL = L·Φ(L⁻¹·dA·L⁻ᵀ) with dA symmetrised and Φ the lower triangle, its diagonal halved;
 * Ā = L⁻ᵀ·Φ(Lᵀ·G)·L⁻¹ symmetrised (Murray, arXiv:1602.07527).
 */
export const cholesky: Op = op({
  name: 'cholesky',
  linearity: 'custom',
  forward: (a) => choleskyKernel(toNdArray(a)),
  da: (k, g, y) => {
    const lower = { part: 'lower', transpose: true } as const
    const middle = k.solve(y, lowerHalf(k, k.matmul(y, g, TN)), lower)
    const whole = k.solve(y, flip(k, middle), lower)
    return k.mul(k.add(whole, flip(k, whole)), 0.5)
  },
  push: (k, t, y) => {
    const lower = { part: 'lower', transpose: false } as const
    const symmetric = k.mul(k.add(t, flip(k, t)), 0.5)
    const middle = k.solve(y, flip(k, k.solve(y, symmetric, lower)), lower)
    return k.matmul(y, lowerHalf(k, middle), NN)
  },
})
