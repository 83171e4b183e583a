/** Linear algebra as it is explained: in the words of a textbook, for singular matrices too. */
import { expect, test } from 'vitest'
import { det, inv, solve, triangularSolve, type Value, value } from '../../src/index.ts'
import { explain, toTeX } from '../../src/inspect/index.ts'

const matrix = (): Value =>
  value([
    [1, 2],
    [2, 4],
  ]).withLabel('A')

function explained(y: Value): string {
  y.backward()
  return explain(y)
}

test('the gradient of det is the matrix of cofactors', () => {
  expect(explained(det(matrix()))).toContain('∂y/∂A = cofactors(A) = [[4, -2], [-2, 1]]')
})

test('inverses and systems', () => {
  const regular = matrix()
    .add([
      [1, 0],
      [0, 0],
    ])
    .withLabel('R')
  const b = value([[1], [0]]).withLabel('b')
  expect(explained(inv(regular).sum())).toContain('R gets -(v1ᵀ @ dy/dv1 @ v1ᵀ)')
  expect(explained(solve(regular, b).sum())).toContain('b gets (Rᵀ)^(-1) @ dy/dv1 = [[')
  expect(toTeX(inv(value([[2]]).withLabel('R')))).toBe('R^{-1}')
  // Only the lower triangle is read.
  expect(explained(triangularSolve(regular, b).sum())).toContain('v1 = tril(R)^(-1) @ b')
})
