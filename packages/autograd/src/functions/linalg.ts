/**
 * Linear algebra. Matrices stand in the last two axes, all axes before them are a batch. Singular means: to the last
 * digits of float64, in which everything here is computed, for float32 too.
 */
import type { TriangularOptions } from '../compose/linalg.ts'
import { type Operand, readOperand, type Value } from '../value.ts'
import { readPair } from './operands.ts'

/**
 * The inverse of square matrices [..., n, n]. To solve equations, `solve` is faster and more accurate.
 * @throws ShapeError when the last two axes differ; DomainError for a singular matrix, saying which one of the batch.
 * @example inv([[2, 0], [0, 4]]) // [[0.5, 0], [0, 0.25]]
 */
export function inv(x: Operand): Value {
  return readOperand('inv', x).inv()
}

/**
 * The determinants of square matrices: [..., n, n] gives [...]. Gradients and second derivatives are right for singular
 * matrices as well, where the gradient is the matrix of cofactors. That of an empty matrix is 1.
 * @throws ShapeError when the last two axes differ.
 * @example det([[1, 2], [3, 4]]) // -2
 */
export function det(x: Operand): Value {
  return readOperand('det', x).det()
}

/**
 * The sign and the logarithm of the absolute determinant, each [...] for matrices [..., n, n]: where the determinant
 * itself would overflow or underflow. The sign has gradient 0.
 * @throws ShapeError when the last two axes differ; DomainError for a singular matrix, saying which one of the batch:
 * its logarithm −Infinity would have no gradient (NumPy gives it, with sign 0). For those `det` is right.
 * @example slogdet([[0, 2], [3, 0]]) // { sign: -1, logAbsDet: 1.791759469228055 }
 */
export function slogdet(x: Operand): { sign: Value; logAbsDet: Value } {
  return readOperand('slogdet', x).slogdet()
}

/**
 * The solution x of a·x = b. A right-hand side of one axis [n] is a vector and gives [..., n]; one of several axes
 * [..., n, m] is a matrix of m columns, and its leading axes broadcast with those of a.
 * @throws ShapeError when a is not square or b does not fit; DomainError for a singular matrix, saying which one of the
 * batch.
 * @example solve([[2, 0], [0, 4]], [2, 2]) // [1, 0.5]
 */
export function solve(a: Operand, b: Operand): Value {
  const [x, y] = readPair('solve', a, b)
  return x.solve(y)
}

/**
 * The same for a triangular matrix. Only one triangle of a is read, the lower one unless `lower` is false; the gradient
 * is 0 in the other.
 * @throws ShapeError when a is not square or b does not fit; DomainError for a 0 on the diagonal, saying in which matrix.
 * @example triangularSolve([[2, 9], [1, 4]], [2, 9], { lower: true }) // [1, 2]
 */
export function triangularSolve(a: Operand, b: Operand, options?: TriangularOptions): Value {
  const [x, y] = readPair('triangularSolve', a, b)
  return x.triangularSolve(y, options)
}

/**
 * The lower triangular L with L·Lᵀ = x for symmetric positive definite matrices [..., n, n]. It is computed from
 * (x + xᵀ)/2, so the gradient is symmetric.
 * @throws ShapeError when the last two axes differ; DomainError for a matrix that is not positive definite, saying which
 * one of the batch.
 * @example cholesky([[4, 2], [2, 5]]) // [[2, 0], [1, 2]]
 */
export function cholesky(x: Operand): Value {
  return readOperand('cholesky', x).cholesky()
}
