/** The linear least-squares problem: what each step of a curve fit solves. */
import { concat, constant, type Value, zeros } from '@adjoint/autograd'

/**
 * The x with the least |A·x − target|² + |ridge·x|².
 * @param columns The columns of A, as the rows of an array [n, m]: the transposed Jacobian.
 * @param target Of m numbers.
 * @param ridge Of n numbers: how much each component of x is held back; without it, not at all.
 * @returns n numbers, NaN or infinite where the columns do not determine them.
 */
export function leastSquares(columns: Value, target: Value, ridge?: Value): Value {
  // The ridge is n more rows below A, a diagonal, that ask for 0.
  const padded = ridge === undefined ? columns : concat([columns, ridge.diag()], 1)
  const goal = ridge === undefined ? target : concat([target, zeros(ridge.shape)], 0)
  return constant(
    orthogonal(
      Array.from({ length: columns.shape[0] as number }, (_, j) => padded.at(j)),
      goal,
    ),
  )
}

/**
 * Modified Gram-Schmidt: the direction of the first column is taken out of everything else, the rest is solved, and the
 * first component explains what is left. As exact as Householder's QR (Björck, BIT 7 (1967) 1), where the normal
 * equations AᵀA·x = Aᵀ·target would cost half the digits.
 */
function orthogonal([first, ...others]: readonly Value[], target: Value): number[] {
  if (first === undefined) return []
  const length = first.norm()
  const q = first.div(length)
  const shares = others.map((column) => q.dot(column))
  const apart = others.map((column, j) => column.sub(q.mul(shares[j] as Value)))
  const share = q.dot(target)
  const x = orthogonal(apart, target.sub(q.mul(share)))
  const explained = x.reduce((sum, xj, j) => sum + xj * (shares[j] as Value).item(), 0)
  return [(share.item() - explained) / length.item(), ...x]
}
