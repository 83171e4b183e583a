/** Linear algebra over the last two axes; all axes before them are a batch. */
import { DomainError, ShapeError, show, showShape } from '../errors.ts'
import type { Carrier, SolveArgs } from '../op.ts'
import { along } from './parts.ts'

export interface TriangularOptions {
  /** Whether the lower triangle is read (the default), or the upper one. */
  readonly lower?: boolean | undefined
}

/** A⁻¹. @throws ShapeError unless square; DomainError for a singular matrix. */
export function inv<T>(k: Carrier<T>, x: T): T {
  return k.inv(x)
}

/** The determinant; its derivatives are right for singular matrices too. @throws ShapeError unless square. */
export function det<T>(k: Carrier<T>, x: T): T {
  return k.det(x)
}

/** Sign and log|det|, which do not overflow. @throws ShapeError unless square; DomainError for a singular matrix. */
export function slogdet<T>(k: Carrier<T>, x: T): { sign: T; logAbsDet: T } {
  const both = k.slogdet(x)
  const batch = k.shape(both).slice(0, -1)
  const part = (at: number): T => k.reshape(along(k, both, batch.length, at, 1), batch)
  return { sign: part(0), logAbsDet: part(1) }
}

/** A right-hand side of one axis is a vector, and so is the result; of several axes, matrices. */
function solveWith<T>(op: string, k: Carrier<T>, a: T, b: T, args: SolveArgs): T {
  const left = k.shape(a)
  const right = k.shape(b)
  const [n, columns] = left.slice(-2)
  const vector = right.length === 1
  const rows = vector ? right[0] : right.at(-2)
  if (columns === undefined || n !== columns) {
    throw new ShapeError(
      `${op}: a square matrix is needed, got the shape ${showShape(left)}. Its last two axes have the same size.`,
    )
  }
  if (rows !== n) {
    throw new ShapeError(
      `${op}: the right-hand side ${showShape(right)} does not fit the matrix ${showShape(left)} (${rows ?? 'no'} rows, ${n} needed). Give a vector [${n}], or matrices [..., ${n}, m]; unsqueeze(-1) makes columns of a batch of vectors.`,
    )
  }
  if (!vector) return k.solve(a, b, args)
  return k.reshape(k.solve(a, k.reshape(b, [n, 1]), args), left.slice(0, -1))
}

/** X of A·X = B. @throws ShapeError; DomainError for a singular matrix. */
export function solve<T>(k: Carrier<T>, a: T, b: T): T {
  return solveWith('solve', k, a, b, { part: 'full', transpose: false })
}

/** The same with one triangle of A, the other is not read. @throws as solve; DomainError when `lower` is no boolean. */
export function triangularSolve<T>(k: Carrier<T>, a: T, b: T, { lower = true }: TriangularOptions = {}): T {
  if (typeof lower !== 'boolean') throw new DomainError(`triangularSolve: lower is true or false, got ${show(lower)}.`)
  return solveWith('triangularSolve', k, a, b, { part: lower ? 'lower' : 'upper', transpose: false })
}

/** The lower triangle L with L·Lᵀ = A. @throws ShapeError unless square; DomainError unless positive definite. */
export function cholesky<T>(k: Carrier<T>, x: T): T {
  return k.cholesky(x)
}
