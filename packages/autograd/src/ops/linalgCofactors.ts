/** The gradient of a determinant, in words that are right for every rank and can be differentiated again. */
import { FOLLOWED } from '../kernels/linalgDet.ts'
import { type Carrier, NN, NT, TN } from '../op.ts'
import { banded, flip, perMatrix } from './linalgWords.ts'

/** The first m rows of F (part 0) or H (part 1) of a lift. */
function rowsOf<T>(k: Carrier<T>, lifted: T, part: number, m: number): T {
  const shape = k.shape(lifted)
  const batch = shape.slice(0, -3)
  const n = shape.at(-1) ?? 0
  const rows = k.slice(lifted, {
    start: [...batch.map(() => 0), part, 0, 0],
    step: shape.map(() => 1),
    shape: [...batch, 1, m, n],
  })
  return k.reshape(rows, [...batch, m, n])
}

/** The sum of the diagonals, as [..., 1, 1]. */
function traces<T>(k: Carrier<T>, x: T, eye: T): T {
  const rank = k.shape(x).length
  return k.sum(k.mul(x, eye), [rank - 2, rank - 1], true)
}

/** The adjugate and the determinant of small matrices without a division (Faddeev and LeVerrier). */
function adjugate<T>(k: Carrier<T>, z: T, m: number, eye: T): { adjoint: T; det: T } {
  let adjoint = eye
  for (let step = 1; step < m; step++) {
    const product = k.matmul(z, adjoint, NN)
    adjoint = k.sub(k.mul(eye, k.div(traces(k, product, eye), step)), product)
  }
  return { adjoint, det: k.div(traces(k, k.matmul(z, adjoint, NN), eye), m) }
}

/**
 * ∂ det A/∂A, the matrix of cofactors. With constants F, H that make Â = A + Fᵀ·H regular and R = Â⁻¹ it is
 * det A = det Â · det Z, Z = I − H·R·Fᵀ, for every A nearby, and Z has a row for each pivot that is missing. So
 * C = det Â · (det Z·R + R·Fᵀ·adj Z·H·R)ᵀ, which for a regular A is det A · A⁻ᵀ. Of more than FOLLOWED missing pivots
 * only so many enter Z: then the derivatives below that order are 0, as they should be.
 */
export function cofactors<T>(k: Carrier<T>, a: T | number): T {
  const shape = k.shape(a)
  const n = shape.at(-1) ?? 0
  // Of nothing, or of one number: 1.
  if (n < 2) return k.broadcastTo(banded(k, a, 1, 0, 1, 0), shape)
  const m = Math.min(n, FOLLOWED)
  const missing = k.lift(a)
  const [f, h] = [rowsOf(k, missing, 0, m), rowsOf(k, missing, 1, m)]
  const full = k.add(a, k.matmul(rowsOf(k, missing, 0, n), rowsOf(k, missing, 1, n), TN))
  const r = k.inv(full)
  const [rf, hr] = [k.matmul(r, f, NT), k.matmul(h, r, NN)]
  const eye = banded(k, a, m, 0, 1, 0)
  const { adjoint, det } = adjugate(k, k.sub(eye, k.matmul(hr, f, NT)), m, eye)
  const sum = k.add(k.mul(det, r), k.matmul(k.matmul(rf, adjoint, NN), hr, NN))
  return flip(k, k.mul(perMatrix(k, k.det(full)), sum))
}
