/** Eigenvalues of a symmetric matrix that is known only by what it does to a vector. */
import { constant, random, type Value } from '@adjoint/autograd'

/** A symmetric tridiagonal matrix: its diagonal, and the numbers beside it, one less. */
export interface Tridiagonal {
  readonly diagonal: readonly number[]
  readonly beside: readonly number[]
}

/**
 * Lanczos (1950): an orthogonal basis of v, Hv, H²v, … in which H has three diagonals only. Each product adds one row.
 * @param product The vector times the matrix H.
 * @param size Of the vectors.
 * @param steps Products; with as many as the size all eigenvalues are found, with fewer the outer ones first.
 */
export function lanczos(product: (v: Value) => Value, size: number, steps: number): Tridiagonal {
  const [basis, diagonal, beside]: [Value[], number[], number[]] = [[], [], []]
  let next = random(1).normal([size])
  for (let step = 0; step < steps; step++) {
    const length = next.norm()
    if (step > 0) beside.push(length.item())
    const v = constant(next.div(length))
    basis.push(v)
    const image = product(v)
    diagonal.push(v.dot(image).item())
    // Twice, against every earlier vector: rounding would let found directions creep back in.
    next = [...basis, ...basis].reduce((rest, b) => rest.sub(b.mul(b.dot(rest))), image)
  }
  return { diagonal, beside }
}

/** How many eigenvalues are below x: the negative pivots of T − x (Sylvester's law of inertia). */
function countBelow({ diagonal, beside }: Tridiagonal, x: number): number {
  let [count, pivot] = [0, 1]
  for (const [i, a] of diagonal.entries()) {
    pivot = a - x - (i === 0 ? 0 : (beside[i - 1] as number) ** 2 / pivot)
    if (pivot === 0) pivot = Number.MIN_VALUE
    if (pivot < 0) count++
  }
  return count
}

/** All eigenvalues, the largest first: each one is where the count changes, found by halving. */
export function eigenvalues(matrix: Tridiagonal): number[] {
  // Gershgorin: no eigenvalue is further out than the largest sum of a row.
  const beside = (i: number): number => Math.abs(matrix.beside[i] ?? 0)
  const bound = Math.max(...matrix.diagonal.map((a, i) => Math.abs(a) + beside(i - 1) + beside(i)))
  return matrix.diagonal
    .map((_, k) => {
      let [low, high] = [-bound, bound]
      for (let halving = 0; halving < 70; halving++) {
        const middle = (low + high) / 2
        if (countBelow(matrix, middle) > k) high = middle
        else low = middle
      }
      return (low + high) / 2
    })
    .reverse()
}
