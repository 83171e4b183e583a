/** Linear algebra: shapes, dtypes, and what is refused. */
import { describe, expect, it } from 'vitest'
import {
  cholesky,
  constant,
  DomainError,
  det,
  eye,
  inv,
  type Operand,
  ones,
  ShapeError,
  slogdet,
  solve,
  triangularSolve,
  value,
  zeros,
} from '../../src/index.ts'

describe('shapes and dtypes', () => {
  it('a vector gives a vector, for each matrix', () => {
    const a = constant([
      [
        [2, 0],
        [0, 4],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ])
    expect(solve(a, [2, 4]).toArray()).toEqual([
      [1, 1],
      [2, 4],
    ])
    expect(
      triangularSolve(
        [
          [2, 9],
          [1, 4],
        ],
        [2, 9],
      ).toArray(),
    ).toEqual([1, 2])
  })

  it('nothing in, nothing out; the determinant of nothing is 1', () => {
    expect(inv(zeros([0, 0])).shape).toEqual([0, 0])
    expect(inv(zeros([0, 2, 2])).shape).toEqual([0, 2, 2])
    expect(cholesky(zeros([3, 0, 0])).shape).toEqual([3, 0, 0])
    expect(solve(eye(2), zeros([2, 0])).shape).toEqual([2, 0])
    expect(solve(zeros([0, 0]), zeros([0])).shape).toEqual([0])
    expect(det(zeros([3, 0, 0])).toArray()).toEqual([1, 1, 1])
    expect(slogdet(zeros([0, 0])).sign.item()).toBe(1)
    for (const shape of [
      [0, 0],
      [3, 0, 0],
      [0, 2, 2],
    ]) {
      for (const f of [inv, cholesky, det, (x: Operand) => slogdet(x).logAbsDet]) {
        const x = value(zeros(shape))
        f(x).sum().backward()
        expect(x.grad.shape).toEqual(shape)
      }
    }
  })

  it('float32 stays float32, computed in float64', () => {
    const x = value(
      [
        [4, 1],
        [1, 3],
      ],
      { dtype: 'float32' },
    )
    for (const y of [inv(x), det(x), slogdet(x).sign, cholesky(x), solve(x, [1, 2]), triangularSolve(x, [1, 2])]) {
      expect(y.dtype).toBe('float32')
      x.zeroGrad()
      y.sum().backward()
      expect(x.grad.dtype).toBe('float32')
    }
    expect(solve(x, value([1, 2])).dtype).toBe('float64')
    // 11 = 4·3 − 1 rounds in no step.
    expect(inv(x).toArray()).toEqual(
      [
        [3, -1],
        [-1, 4],
      ].map((row) => row.map((e) => Math.fround(e / 11))),
    )
  })

  it('NaN goes through', () => {
    const broken = [
      [Number.NaN, 1],
      [1, 2],
    ]
    for (const y of [inv(broken), det(broken), slogdet(broken).logAbsDet, cholesky(broken), solve(broken, [1, 2])]) {
      expect(y.data.some(Number.isNaN)).toBe(true)
    }
  })
})

describe('what has no answer is refused, by name and place', () => {
  const singular = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]
  const batch = [
    [
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      [
        [1, 2],
        [2, 4],
      ],
    ],
  ]

  it('a singular matrix, exactly or to the last digits', () => {
    for (const f of [inv, (x: Operand) => slogdet(x).sign, (x: Operand) => solve(x, ones([3]))]) {
      expect(() => f(singular)).toThrow(DomainError)
      expect(() => f(zeros([3, 3]))).toThrow('the matrix is singular: its rows depend on each other')
    }
    expect(() => inv(batch)).toThrow('inv: matrix [1, 0] of the batch [2, 1] is singular')
    expect(() => solve(batch, ones([3, 2, 1]))).toThrow('solve: matrix [1, 0] of the batch [2, 1] is singular')
    expect(() =>
      triangularSolve(
        [
          [1, 2],
          [0, 0],
        ],
        [1, 1],
        { lower: false },
      ),
    ).toThrow('triangularSolve: the matrix is singular: there is a 0 on its diagonal.')
  })

  it('but none that is only scaled badly', () => {
    const a = constant([1e-200, 1, 1e200]).diag()
    expect(inv(a).matmul(a).toArray()).toEqual(eye(3).toArray())
    expect(slogdet(a).logAbsDet.item()).toBe(0)
  })

  it('a matrix that is not positive definite', () => {
    expect(() =>
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toThrow(
      new DomainError(
        'cholesky: the matrix is not positive definite: row 1 leaves -3 under the root. Check how it was made, or add a small multiple of eye(n).',
      ),
    )
    expect(() => cholesky(batch)).toThrow('cholesky: matrix [1, 0] of the batch [2, 1] is not positive definite')
    expect(() => cholesky([[0]])).toThrow(DomainError)
  })

  it('shapes that do not fit', () => {
    expect(() => inv([[1, 2, 3]])).toThrow(
      new ShapeError('inv: a square matrix is needed, got the shape [1, 3]. Its last two axes have the same size.'),
    )
    expect(() => det([1, 2])).toThrow('det: a square matrix is needed, got the shape [2].')
    expect(() => cholesky(3)).toThrow('cholesky: a square matrix is needed, got the shape [].')
    expect(() => slogdet(ones([2, 3]))).toThrow(ShapeError)
    expect(() => solve(ones([2, 3]), [1, 2])).toThrow('solve: a square matrix is needed, got the shape [2, 3].')
    expect(() => solve(eye(2), [1, 2, 3])).toThrow(
      'solve: the right-hand side [3] does not fit the matrix [2, 2] (3 rows, 2 needed). Give a vector [2], or matrices [..., 2, m]',
    )
    expect(() => solve(eye(2), 1)).toThrow('(no rows, 2 needed)')
    expect(() => solve(ones([2, 1, 1]), ones([3, 1, 1]))).toThrow('solve: the shapes [2] and [3] do not broadcast')
    expect(() => triangularSolve(eye(2), [1, 2], { lower: 1 as never })).toThrow(
      'triangularSolve: lower is true or false, got 1.',
    )
  })
})
